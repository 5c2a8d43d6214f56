// Plain JavaScript, nothing imported but Node's own, on Node 20 too. Apart, since most starts need no process but their own,
// and what starts one takes 3 ms to load.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { join } from 'node:path';

/** A bundle takes half of this for a second or two; a small machine should not have to swap for it. */
const BUNDLE_BYTES = 900 * 1024 * 1024;

/** Returns when the bundle is there, or could not be made. Before anything is installed there is nothing to make it with. */
export function bundleNow(root, node) {
  startBundler(spawnSync, root, node, [], { timeout: 60_000 });
}

/** Goes on at once: the server's end does not wait for it either. */
export function bundleForNextTime(root) {
  if (process.availableMemory() < BUNDLE_BYTES) return;
  try {
    startBundler(spawn, root, process.execPath, ['gently'])
      ?.on('error', () => {})
      .unref();
  } catch {
    // No more processes, or none allowed: then the next start is as slow as this one.
  }
}

/** `begin` is spawn or spawnSync. Without rolldown all runs from the sources. */
function startBundler(begin, root, node, args, options) {
  if (!existsSync(join(root, 'node_modules', 'rolldown'))) return undefined;
  const script = join(root, 'scripts', 'make-bundle.js');
  // The server's passwords and keys are nothing to it.
  const { PATH, SystemRoot } = process.env;
  return begin(node, [script, ...args], { stdio: 'ignore', env: { PATH, SystemRoot }, ...options });
}

/** Runs this same script on the Node that came with the packages: systemd and containers bring an older one. */
export function startOver(node, needed) {
  if (!node) {
    console.error(
      `Countersign needs Node ${needed} or newer; this is ${process.version}, and no Node ${needed} can be installed ` +
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
export function pinnedNode() {
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
