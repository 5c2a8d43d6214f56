// Plain JavaScript, nothing imported but Node's own: this runs on Node 20, before anything is installed.
import { existsSync } from 'node:fs';
import module from 'node:module';
import { availableParallelism } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { freshBundle } from './find-bundle.js';
import { installMissing } from './install.js';
import { nameSources } from './stack.js';

const NEEDED = 24;
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** The package has no sources, which Node would not run below node_modules: `package.js` bundled them beforehand. */
export const packaged = !existsSync(join(root, 'src', 'main.ts'));

/** Well after the first answers: it is for the next start's sake. */
const BUNDLE_AFTER_MS = 5_000;

/**
 * Installs what is missing, then runs `file` (relative to the repository) in this process when its Node is new
 * enough, else starts the script over on the Node that npm installed. `args` is what the file finds in process.argv.
 * `bundled`: servers that the file starts should all run as they do from their second start on.
 */
export async function run(file, args, { dev = false, bundled = false } = {}) {
  const isNew = Number(process.versions.node.split('.')[0]) >= NEEDED;
  const installed = await installMissing(root, { dev, quick: isNew });
  if (installed || bundled || !isNew) {
    const { bundleNow, pinnedNode, startOver } = await otherProcess();
    const node = isNew ? process.execPath : pinnedNode();
    // Whoever waited for npm waits a second more, and every start from the first one on is quick.
    if (node && (installed || isNew)) bundleNow(root, node);
    if (!isNew) return startOver(node, NEEDED);
  }
  // As many threads as hashes at once (decision 35); two at least, since a name server that hangs takes half of them.
  // Read when first used.
  process.env.UV_THREADPOOL_SIZE ??= String(Math.max(2, availableParallelism()));
  process.argv = [process.execPath, join(root, file), ...args];
  const bundle = packaged ? join(root, 'dist', `${basename(file, '.ts')}.mjs`) : freshBundle(root, file);
  if (bundle) await runBundle(bundle);
  else await runSource(file);
  // A server that is killed writes no cache at its end, so write it soon, but after its first answers.
  setTimeout(async () => {
    module.flushCompileCache();
    if (file !== 'src/main.ts') return;
    const { letGo, whenQuiet } = await import('./settle.js');
    whenQuiet(letGo);
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
  if (file === 'src/main.ts') {
    setTimeout(async () => (await otherProcess()).bundleForNextTime(root), BUNDLE_AFTER_MS).unref();
  }
}

const otherProcess = () => import('./other-process.js');
