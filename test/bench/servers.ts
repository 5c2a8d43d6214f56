import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { get } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Server {
  pid: number;
  port: number;
  /** Milliseconds from spawn to the first 200. */
  started: number;
  /** Asks it to stop and waits; a server that has not stopped after ten seconds is killed. */
  stop(): Promise<void>;
}

export interface Launch {
  argv: string[];
  env?: NodeJS.ProcessEnv;
  /** A path that answers 200 as soon as the server serves. */
  path: string;
  /** Takes what the server prints. */
  log: string;
}

const living = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of living) child.kill('SIGKILL');
});

/** Starts a server process on a free port and waits for its first 200. */
export async function launch({ argv, env = {}, path, log }: Launch): Promise<Server> {
  const port = await freePort();
  const output = openSync(log, 'a');
  const start = performance.now();
  const child = spawn(process.execPath, argv, {
    stdio: ['ignore', output, output],
    // Nothing of the shell's environment: its DATABASE_URL might be a real one.
    env: { PATH: process.env.PATH, ...env, PORT: String(port) },
  });
  closeSync(output);
  living.add(child);
  child.once('exit', () => living.delete(child));
  while ((await statusOf(port, path)) !== 200) {
    if (child.exitCode !== null) throw new Error(`${argv.join(' ')} stopped:\n${readFileSync(log, 'utf8')}`);
    if (performance.now() - start > 60_000)
      throw new Error(`${argv.join(' ')} does not answer 200 at ${path}`);
    await sleep(3);
  }
  return { pid: child.pid!, port, started: performance.now() - start, stop: () => stop(child) };
}

async function stop(child: ChildProcess): Promise<void> {
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  const killer = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await exit;
  clearTimeout(killer);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** The status of a GET, or 0 while nobody listens. */
function statusOf(port: number, path: string): Promise<number> {
  return new Promise((resolve) => {
    const options = { port, path, host: '127.0.0.1', agent: false, headers: { host: `localhost:${port}` } };
    get(options, (response) => {
      response.resume().on('end', () => resolve(response.statusCode!));
    }).on('error', () => resolve(0));
  });
}
