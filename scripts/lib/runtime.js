// Plain JavaScript, nothing imported but Node's own: this runs on Node 20, before anything is installed.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import module, { createRequire } from 'node:module';
import { availableParallelism, constants } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { freshBundle } from './bundle.js';
import { installMissing } from './install.js';
import { letGo, whenQuiet } from './settle.js';
import { nameSources } from './stack.js';

const NEEDED = 24;
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** The package has no sources, which Node would not run below node_modules: `package.js` bundled them beforehand. */
export const packaged = !existsSync(join(root, 'src', 'main.ts'));

/** Well after the first answers: it is for the next start's sake. */
const BUNDLE_AFTER_MS = 5_000;
/** It takes half of this for a second or two; a small machine should not have to swap for it. */
const BUNDLE_BYTES = 900 * 1024 * 1024;

/**
 * Installs what is missing, then runs `file` (relative to the repository) in this process when its Node is new
 * enough, else starts the script over on the Node that npm installed. `args` is what the file finds in process.argv.
 * `bundled`: servers that the file starts should all run as they do from their second start on.
 */
export async function run(file, args, { dev = false, bundled = false } = {}) {
  const installed = installMissing(root, { dev });
  const isNew = Number(process.versions.node.split('.')[0]) >= NEEDED;
  const node = isNew ? process.execPath : pinnedNode();
  // Whoever waited for npm waits a second more, and every start from the first one on is quick.
  if (node && (installed || (bundled && isNew))) startBundler(spawnSync, node, [], { timeout: 60_000 });
  if (!isNew) return startOver(node);
  // As many threads as hashes at once (decision 35); two at least, since a name server that hangs takes half of them.
  // Read when first used.
  process.env.UV_THREADPOOL_SIZE ??= String(Math.max(2, availableParallelism()));
  process.argv = [process.execPath, join(root, file), ...args];
  const bundle = packaged ? join(root, 'dist', `${basename(file, '.ts')}.mjs`) : freshBundle(root, file);
  if (bundle) await runBundle(bundle);
  else await runSource(file);
  // A server that is killed writes no cache at its end, so write it soon, but after its first answers.
  setTimeout(() => {
    module.flushCompileCache();
    if (file === 'src/main.ts') whenQuiet(letGo);
  }, 2000).unref();
}

async function runBundle(bundle) {
  nameSources(dirname(bundle));
  // One for each program: what a command compiled is little of what the server needs, and would stay.
  module.enableCompileCache(`${bundle}.compiled`);
  await import(pathToFileURL(bundle).href);
}

async function runSource(file) {
  module.enableCompileCache(join(root, 'node_modules', '.cache', 'compile'));
  await import(pathToFileURL(join(root, file)).href);
  if (file === 'src/main.ts') setTimeout(bundleForNextTime, BUNDLE_AFTER_MS).unref();
}

function bundleForNextTime() {
  if (process.availableMemory() < BUNDLE_BYTES) return;
  try {
    // The server's end does not wait for it.
    startBundler(spawn, process.execPath, ['gently'])
      ?.on('error', () => {})
      .unref();
  } catch {
    // No more processes, or none allowed: then the next start is as slow as this one.
  }
}

/** `begin` is spawn or spawnSync. Without rolldown all runs from the sources. */
function startBundler(begin, node, args, options) {
  if (!existsSync(join(root, 'node_modules', 'rolldown'))) return undefined;
  const script = join(root, 'scripts', 'make-bundle.js');
  // The server's passwords and keys are nothing to it.
  const { PATH, SystemRoot } = process.env;
  return begin(node, [script, ...args], { stdio: 'ignore', env: { PATH, SystemRoot }, ...options });
}

/** Runs this same script on the Node that came with the packages: systemd and containers bring an older one. */
function startOver(node) {
  if (!node) {
    console.error(
      `Countersign needs Node ${NEEDED} or newer; this is ${process.version}, and no Node ${NEEDED} can be installed ` +
        `for ${process.platform} ${process.arch}. See https://nodejs.org/en/download.`,
    );
    process.exit(1);
  }
  const child = spawn(node, [...process.execArgv, ...process.argv.slice(1)], { stdio: 'inherit' });
  child.on('error', (error) => {
    console.error(`${node} does not start: ${error.message}`);
    process.exit(1);
  });
  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT'])
    process.on(signal, () => {
      // A terminal sends Ctrl-C to the child too; forwarding it would make it two, which means "now, at once".
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
}

/** The binary of the optional dependency for this machine, or undefined. */
function pinnedNode() {
  const os = process.platform === 'win32' ? 'win' : process.platform;
  const binary = process.platform === 'win32' ? 'node.exe' : 'node';
  try {
    // Found as any package is, for it may lie beside this one instead of below it.
    const manifest = createRequire(import.meta.url).resolve(`node-${os}-${process.arch}/package.json`);
    const node = join(manifest, '..', 'bin', binary);
    return existsSync(node) ? node : undefined;
  } catch {
    return undefined;
  }
}
