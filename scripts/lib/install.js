// Plain JavaScript, nothing imported but Node's own: this runs on Node 20, before anything is installed.
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Runs `npm ci` when a package of the lock file is missing or of another version; takes a few ms when none is.
 * `dev`: the packages for development count too. `quick`: where the lists of packages have not changed since they agreed,
 * they are not read, nor is the pinned Node looked at. All output goes to stderr: stdout belongs to the command.
 * -> true when it installed
 */
export async function installMissing(root, { dev, quick }) {
  const memory = join(root, 'node_modules', '.cache', 'complete', dev ? 'with-dev' : 'without-dev');
  // As they are before they are read: a list that changes meanwhile has been seen by nobody.
  const states = statesOf(root);
  if (quick && states !== null && states === remembered(memory)) return false;
  if (missing(root, dev).length === 0) {
    if (states !== null) remember(memory, states);
    return false;
  }
  console.error('Installing packages (npm ci) …');
  // Optional packages bring the runtime and argon2. Never leave them out, whatever NODE_ENV or .npmrc says.
  const args = ['ci', '--include=optional', ...(dev ? ['--include=dev'] : [])];
  const { spawnSync } = await import('node:child_process');
  const { npm_execpath: npm, npm_node_execpath: node } = process.env;
  // On an older Node npm warns of packages that want a newer one, which is what it is about to install.
  const env = { npm_config_loglevel: 'error', ...process.env };
  const how = { cwd: root, env, stdio: ['ignore', 2, 2] };
  const { status, error } = npm
    ? spawnSync(node ?? process.execPath, [npm, ...args], how)
    : spawnSync('npm', args, { ...how, shell: process.platform === 'win32' });
  if (error || status !== 0)
    fail(error ? `npm does not start: ${error.message}` : '`npm ci` failed; see above.');
  const left = missing(root, dev);
  if (left.length > 0)
    fail(`\`npm ci\` ended well, but these packages are still missing: ${left.join(', ')}`);
  return true;
}

/** Two lists of hundreds of packages take longer to read than to see that neither has changed since they agreed. */
function remembered(memory) {
  try {
    return readFileSync(memory, 'utf8');
  } catch {
    return null;
  }
}

function remember(memory, states) {
  try {
    mkdirSync(dirname(memory), { recursive: true });
    writeFileSync(memory, states);
  } catch {
    // A folder that may not be written to: then they are compared every time.
  }
}

/** Of both lists, and of the machine: a folder that is shared with another one holds what that one needs. Null without lists. */
function statesOf(root) {
  try {
    const lists = ['package-lock.json', 'node_modules/.package-lock.json'].map((path) =>
      statSync(join(root, path)),
    );
    return [process.platform, process.arch, ...lists.flatMap(({ size, mtimeMs }) => [size, mtimeMs])].join(
      ' ',
    );
  } catch {
    return null;
  }
}

function fail(message) {
  console.error(message);
  process.exit(1);
}

/**
 * What package-lock.json asks for and node_modules lacks. npm writes node_modules/.package-lock.json at the very end
 * of an installation, so a half-finished one counts as missing. No lock file: we are somebody's dependency, and
 * complete.
 */
function missing(root, dev) {
  const wanted = packagesOf(join(root, 'package-lock.json'));
  const installed = packagesOf(join(root, 'node_modules', '.package-lock.json')) ?? {};
  if (!wanted) return [];
  const builds = new Set(Object.keys(installed).map(anyLibc));
  return Object.entries(wanted)
    .filter(([path, entry]) => path !== '' && (dev || !(entry.dev || entry.devOptional)))
    .filter(([path, entry]) => {
      const found = installed[path];
      const node = entry.bin?.node; // without it nothing starts, so this one is looked at and not just looked up
      if (found && node && !existsSync(join(root, path, node))) return true;
      if (found) return found.version !== entry.version || found.integrity !== entry.integrity;
      if (!entry.optional) return true;
      if (!entry.os || !fits(entry.os, process.platform) || !fits(entry.cpu, process.arch)) return false;
      return !(entry.libc && builds.has(anyLibc(path)));
    })
    .map(([path]) => path.replace('node_modules/', ''));
}

function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

const fits = (allowed, ours) => !allowed || [allowed].flat().includes(ours);

/** One name for a package's builds for glibc and for musl: which of the two fits is npm's knowledge. */
const anyLibc = (path) => path.replace(/-(gnu|musl)$/, '');
