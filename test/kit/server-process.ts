import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { npmStart } from './npm-start.ts';

/** Countersign as its own process, as `npm start` runs it, with a data folder of its own. */
export interface ServerProcess {
  readonly url: string;
  /** Where it listens, whatever stands before it. */
  readonly port: number;
  readonly dataDir: string;
  readonly pid: number;
  /** What it printed so far. */
  output(): string;
  /** The one-time set-up link, when it printed one. */
  readonly setUpLink: string | null;
  /** SIGTERM. -> exit code */
  stop(): Promise<number | null>;
  /** SIGKILL: nothing is finished. */
  kill(): Promise<void>;
  /** Starts again on the same folder and port, after stop or kill. */
  restart(): Promise<ServerProcess>;
  /** Stops and removes the folder. */
  remove(): Promise<void>;
}

const HERE = new URL('../..', import.meta.url).pathname;

/** `root`: another checkout than this one. */
export async function startServer(
  env: Readonly<Record<string, string>> = {},
  root = HERE,
): Promise<ServerProcess> {
  const dataDir = mkdtempSync(join(tmpdir(), 'countersign-process-'));
  return launch(root, await freePort(), dataDir, env);
}

interface How {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** Milliseconds until it answers; more than 15 s where it installs its packages first. */
  readonly patience?: number;
}

/** Started in another way than by `npm start`, with its data in `data` of the folder that it is started in. */
export async function startAs(how: How, env: Readonly<Record<string, string>> = {}): Promise<ServerProcess> {
  return launch(HERE, await freePort(), join(how.cwd, 'data'), { DATA_DIR: '', ...env }, how);
}

async function launch(
  root: string,
  port: number,
  dataDir: string,
  env: Readonly<Record<string, string>>,
  how?: How,
): Promise<ServerProcess> {
  const start = { program: process.execPath, args: npmStart(root), cwd: undefined };
  const { program, args, cwd } = how ?? start;
  const child = spawn(program, [...args], {
    cwd,
    env: { PATH: process.env['PATH'] ?? '', PORT: String(port), DATA_DIR: dataDir, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const collect = (chunk: Buffer) => {
    output += chunk.toString();
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  const url = env['BASE_URL'] ?? `http://localhost:${port}`;
  await ready(port, child, () => output, how?.patience);
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill(signal);
      await once(child, 'exit');
    }
    return child.exitCode;
  };
  return {
    url,
    port,
    dataDir,
    pid: child.pid as number,
    output: () => output,
    setUpLink: /^https?:\/\/\S+\/setup\?token=\S+$/m.exec(output)?.[0] ?? null,
    stop: () => end('SIGTERM'),
    async kill() {
      await end('SIGKILL');
    },
    restart: () => launch(root, port, dataDir, env, how),
    async remove() {
      await end('SIGTERM');
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

async function ready(
  port: number,
  child: ChildProcess,
  output: () => string,
  patience = 15_000,
): Promise<void> {
  for (let tries = 0; tries < patience / 25; tries++) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}:\n${output()}`);
    try {
      const response = await fetch(`http://localhost:${port}/healthz`);
      // The greeting follows the first answer.
      if (response.ok && output().includes('listens on')) return;
    } catch {
      // Not listening yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`the server did not come up:\n${output()}`);
}

export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
