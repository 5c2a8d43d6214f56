// Plain JavaScript, nothing imported but Node's own, and rolldown when a bundle is made.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { basename, dirname, isAbsolute, join, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ENTRIES, folderOf, isWhole } from './find-bundle.js';

/** Machine code is loaded from where it lies. */
export const NATIVE = ['@node-rs/argon2', '@node-rs/bcrypt', 'pg-native'];

/** A server that still runs from an older bundle may load a part of it late. */
const KEPT = 3;
const ABANDONED_MS = 10 * 60_000;

/** Makes the bundle of the sources as they are, unless there is one. @throws when it can't be made or doesn't load */
export async function makeBundle(root) {
  const folder = folderOf(root);
  if (isWhole(folder)) return;
  const draft = `${folder}.${process.pid}`;
  mkdirSync(draft, { recursive: true });
  try {
    const chunks = await bundle(root, draft, { input: ENTRIES, external: NATIVE, place: absolutePlace });
    writeChunks(draft, chunks);
    tryOut(draft);
    // Somebody edits: what was bundled may be half old, half new.
    if (folderOf(root) !== folder) return;
    if (!isWhole(folder)) rmSync(folder, { recursive: true, force: true });
    renameSync(draft, folder);
  } catch (error) {
    // Another process was faster: theirs is as good.
    if (!isWhole(folder)) throw error;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  removeOlder(folder);
}

/**
 * `place(code, id)` gives a module's code in which it is said where the module lies. -> the chunks as rolldown has them; the
 * text of each, which is ready to be written, is `code`
 */
export async function bundle(root, folder, { input, external, place }) {
  const { rolldown } = await import('rolldown');
  const made = await rolldown({
    cwd: root,
    input,
    platform: 'node',
    external,
    plugins: [ownPlace(place), lateAsPackages(join(root, 'src') + sep), unused],
    tsconfig: false,
    logLevel: 'silent',
  });
  const { output } = await made.generate({
    dir: folder,
    format: 'esm',
    entryFileNames: '[name].mjs',
    chunkFileNames: 'shared-[hash].mjs',
    // Where two things of one name meet, each keeps its own: somebody may ask for constructor.name.
    keepNames: true,
    comments: false,
    sourcemap: true,
  });
  await made.close();
  const chunks = output.filter(({ type }) => type === 'chunk');
  return chunks.map((chunk) => ({ ...chunk, code: withoutFacades(chunk.code) }));
}

/**
 * An import of Node's own asks for all that the module exports, used or not: `node:http` alone loads a whole WebSocket by
 * that, 40 ms. Asked for by name it is loaded when somebody comes for it. Line by line, so that stacks stay true.
 */
export function withoutFacades(code) {
  return code.replace(
    /^import (?:(\w+)|\{ ([^}]+) \}) from "(node:[\w/]+)";$/gm,
    (_import, whole, named, from) =>
      `const ${whole ?? `{ ${named.replaceAll(' as ', ': ')} }`} = globalThis.process.getBuiltinModule("${from}");`,
  );
}

export function writeChunks(folder, chunks) {
  const files = Object.fromEntries(chunks.map(({ fileName, code }) => [fileName, inAscii(code)]));
  const lines = Object.fromEntries(chunks.map((chunk) => [chunk.fileName, linesOf(chunk)]));
  files['lines.json'] = JSON.stringify(lines);
  const sizes = Object.entries(files).map(([name, text]) => [name, Buffer.byteLength(text)]);
  files['files.json'] = JSON.stringify(Object.fromEntries(sizes));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text, { flush: true });
}

/** What a module asks about its own place stays true: from there it finds style.css, browser scripts and its worker. */
const ownPlace = (place) => ({
  name: 'own-place',
  transform: {
    filter: { code: /import\.meta\.|__(?:file|dir)name/ },
    handler: (code, id) => (isAbsolute(id) ? { code: place(code, id), map: null } : null),
  },
});

/** How a module asks. */
export const ASKED =
  /\bimport\.meta\.(?:url|filename|dirname)\b|(?<!\b(?:const|let|var)\s+)\b__(?:file|dir)name\b/g;

/** On the machine on which it was bundled. */
function absolutePlace(code, id) {
  const [file, folder] = [JSON.stringify(id), JSON.stringify(dirname(id))];
  const places = {
    'import.meta.url': JSON.stringify(pathToFileURL(id).href),
    'import.meta.filename': file,
    'import.meta.dirname': folder,
    __filename: file,
    __dirname: folder,
  };
  return code.replace(ASKED, (asked) => places[asked]);
}

/** A package that our sources load late is one that most starts don't need. */
const lateAsPackages = (sources) => ({
  name: 'late-as-packages',
  resolveId: {
    filter: { id: /^[\w@]/ },
    handler(id, importer, { kind }) {
      return kind === 'dynamic-import' && importer?.startsWith(sources) ? { id, external: true } : null;
    },
  },
});

/**
 * What Fastify asks for at its start and the server never needs: TLS and HTTP/2, which are the proxy's, and the compilers
 * of schemas, in whose place `web/server.ts` puts its own. A seventh of the bundle, and a tenth of a start.
 */
const unused = {
  name: 'unused',
  resolveId: {
    filter: { id: /^(?:node:http[s2]|@fastify\/(?:ajv|fast-json-stringify)-compiler)$/ },
    handler: (id, importer) => (importer?.includes('/node_modules/fastify/') ? `\0unused ${id}` : null),
  },
  load: { filter: { id: /^\0unused / }, handler: () => 'export default undefined;' },
};

/** Node keeps the text, in two bytes a character when there is one that needs them. Its cooked value stays the same. */
function inAscii(code) {
  if (code.includes('String.raw')) return code;
  return code.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** For every line the source, by its path from here, and line that it came from; `stack.js` reads it. */
function linesOf({ code, map }) {
  const entries = new SourceMap(map);
  const { sources } = map;
  const indexes = new Map(map.sources.map((source, index) => [source, index]));
  const lines = code.split('\n').flatMap((line, index) => {
    const { originalSource, originalLine } = entries.findEntry(index, line.search(/\S|$/));
    return originalSource === undefined ? [-1, 0] : [indexes.get(originalSource), originalLine + 1];
  });
  return { sources, lines };
}

/** Loads all that both programs share, and touches nothing. */
export function tryOut(draft) {
  const { status } = spawnSync(process.execPath, [join(draft, 'cli.mjs'), '--help'], {
    stdio: 'ignore',
    timeout: 30_000,
  });
  if (status !== 0) throw new Error('the bundle does not load');
}

function removeOlder(folder) {
  const parent = dirname(folder);
  const others = readdirSync(parent)
    .filter((name) => name !== basename(folder))
    .map((name) => join(parent, name))
    .map((path) => ({ path, at: statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0 }))
    .sort((a, b) => b.at - a.at);
  for (const { path, at } of others.slice(KEPT - 1))
    if (at < Date.now() - ABANDONED_MS) rmSync(path, { recursive: true, force: true });
}
