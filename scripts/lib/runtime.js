// Plain JavaScript, nothing imported but Node's own: this runs on Node 20, before anything is installed.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import module, { createRequire } from 'node:module';
import { constants } from 'node:os';
import { join, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { installMissing } from './install.js';

const NEEDED = 24;
export const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Installs what is missing, then runs `file` (relative to the repository) in this process when its Node is new
 * enough, else starts the script over on the Node that npm installed. `args` is what the file finds in process.argv.
 */
export async function run(file, args, { dev = false } = {}) {
  await installMissing(root, { dev });
  if (Number(process.versions.node.split('.')[0]) < NEEDED) return startOver();
  module.enableCompileCache(join(root, 'node_modules', '.cache', 'compile'));
  if (root.includes(`${sep}node_modules${sep}`)) stripTypesOfPackage();
  const path = join(root, file);
  process.argv = [process.execPath, path, ...args];
  await import(pathToFileURL(path).href);
  // A server that is killed writes no cache at its end, so write it soon, but after its first answers.
  setTimeout(() => module.flushCompileCache(), 2000).unref();
}

/** Runs this same script on the Node that came with the packages: systemd and containers bring an older one. */
function startOver() {
  const node = pinnedNode();
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

/** Node strips no types below node_modules, which is where `npm install countersign` puts this package. */
function stripTypesOfPackage() {
  const ours = pathToFileURL(root).href;
  const warn = process.emitWarning;
  process.emitWarning = () => {}; // says once that stripTypeScriptTypes is experimental
  module.stripTypeScriptTypes('');
  process.emitWarning = warn;
  module.registerHooks({
    load(url, context, next) {
      if (!url.startsWith(ours) || !url.endsWith('.ts')) return next(url, context);
      const source = module.stripTypeScriptTypes(readFileSync(fileURLToPath(url), 'utf8'));
      return { format: 'module', source, shortCircuit: true };
    },
  });
}
