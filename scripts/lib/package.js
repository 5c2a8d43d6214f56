// What `npm pack` puts into the package beside the sources that are data: docs/decisions/0025-the-package.md.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, posix, relative, sep } from 'node:path';
import { ASKED, bundle, NATIVE, tryOut, writeChunks } from './bundle.js';
import { ENTRIES } from './find-bundle.js';

/** Finds a thread of its own beside itself, if it is ever asked to; so it stays a package. */
const OUTSIDE = [...NATIVE, 'pino'];
/** How our sources name what they run in a thread: a program of its own, which must not load the whole server. */
const THREAD = /\bnew URL\(\s*'(\.\/[\w-]+)\.ts',\s*import\.meta\.url\s*\)/g;

/** Makes `dist/` anew: the whole program in a few files of JavaScript, the licences of what is in it, and its SBOM. */
export async function makePackage(root) {
  const folder = join(root, 'dist');
  removePackage(root);
  mkdirSync(folder);
  const threads = new Set();
  const place = (code, id) => portablePlace(root, code, id, threads);
  const options = { external: OUTSIDE, place };
  const chunks = await bundle(root, folder, { ...options, input: ENTRIES });
  for (const thread of threads) {
    const name = basename(thread, '.ts');
    const alone = await bundle(root, folder, { ...options, input: { [name]: thread } });
    if (alone.length !== 1) throw new Error(`${thread} is not one file`);
    chunks.push(...alone);
  }
  writeChunks(folder, chunks);
  tryOut(folder);
  writeFileSync(join(folder, 'LICENSES.txt'), licencesOf(root, chunks));
  writeFileSync(join(folder, 'sbom.cdx.json'), sbomOf(root));
}

export function removePackage(root) {
  rmSync(join(root, 'dist'), { recursive: true, force: true });
}

/** From where the bundle lies to where the source would: its data is there too. */
function portablePlace(root, code, id, threads) {
  const from = relative(root, id).split(sep).join(posix.sep);
  if (!from.startsWith('src/')) {
    if (code.search(ASKED) >= 0)
      throw new Error(`${from} asks where it lies: it can't be bundled into the package`);
    return code;
  }
  const withThreads = code.replace(THREAD, (_all, name) => {
    threads.add(posix.join(posix.dirname(from), `${name}.ts`));
    return `new URL('${name}.mjs', import.meta.thread)`;
  });
  const placed = withThreads.replace(ASKED, (asked) => {
    if (asked !== 'import.meta.url') throw new Error(`${from} asks for ${asked}: say import.meta.url`);
    return `new URL(${JSON.stringify(`../${from}`)}, import.meta.url).href`;
  });
  return placed.replaceAll('import.meta.thread', 'import.meta.url');
}

/** Of every package that has a part in the chunks: comments are gone from those, and a licence wants to be kept. */
function licencesOf(root, chunks) {
  const folders = chunks
    .flatMap(({ moduleIds }) => moduleIds)
    .map((id) => /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(id)?.[0])
    .filter((folder) => folder !== undefined);
  const texts = [...new Set(folders)].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const file = readdirSync(folder).find((one) => /^(licen[cs]e|copying)/i.test(one));
    const text = file ? readFileSync(join(folder, file), 'utf8').trim() : `Licence: ${license}`;
    return `${name} ${version}\n\n${text}\n`;
  });
  return `${nameOf(root)} has these packages in it.\n\n${texts.join(`\n${'-'.repeat(80)}\n\n`)}`;
}

/**
 * CycloneDX, of what is installed with the package. Without time and serial number: the same commit gives the same bytes. npm's
 * own `--omit=dev` leaves out what both we and something for development ask for.
 */
function sbomOf(root) {
  const made = askNpm(root, [
    'sbom',
    '--sbom-format=cyclonedx',
    '--sbom-type=application',
    '--package-lock-only',
  ]);
  const { serialNumber: _one, metadata, components, dependencies, ...sbom } = JSON.parse(made);
  const { timestamp: _two, component, ...rest } = metadata;
  const ours = components.filter(
    ({ properties }) => !properties.some(({ name }) => /:development$/.test(name)),
  );
  const refs = new Set([component['bom-ref'], ...ours.map((one) => one['bom-ref'])]);
  const kept = dependencies
    .filter(({ ref }) => refs.has(ref))
    .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((one) => refs.has(one)) }));
  // npm calls it by the name of the folder.
  const head = { ...rest, component: { ...component, name: nameOf(root) } };
  return `${JSON.stringify({ ...sbom, metadata: head, components: ours, dependencies: kept }, null, 1)}\n`;
}

function askNpm(cwd, args) {
  const { npm_execpath: npm } = process.env;
  const how = { cwd, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 };
  const { status, stdout, stderr } = npm
    ? spawnSync(process.execPath, [npm, ...args], how)
    : spawnSync('npm', args, { ...how, shell: process.platform === 'win32' });
  if (status !== 0) throw new Error(`npm ${args[0]} failed: ${stderr}`);
  return stdout;
}

const nameOf = (root) => JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).name;
