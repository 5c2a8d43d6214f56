import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { npmStart } from '../kit/npm-start.ts';

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** `npm start` as a process of its own; the environment is this one and nothing else. */
export interface Starting {
  readonly child: ChildProcessByStdio<null, Readable, Readable>;
  readonly stdout: () => string;
  readonly ended: Promise<Ended>;
}

export function startProcess(env: Readonly<Record<string, string>>): Starting {
  const child = spawn(process.execPath, npmStart(), {
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const ended = new Promise<Ended>((resolve) =>
    child.on('close', (code) => resolve({ code, stdout, stderr })),
  );
  return { child, stdout: () => stdout, ended };
}

/** For a start that must not succeed. -> the one line that it says */
export async function refusalOf(env: Readonly<Record<string, string>>): Promise<string> {
  const { child, ended, stdout } = startProcess(env);
  const watch = setInterval(() => {
    if (stdout().includes('listens on')) child.kill('SIGKILL');
  }, 50);
  const { code, stderr, ...rest } = await ended;
  clearInterval(watch);
  if (code !== 1 || rest.stdout !== '')
    throw new Error(`it ended with ${code} and said:\n${rest.stdout}${stderr}`);
  const [line = '', ...more] = stderr.trimEnd().split('\n');
  if (more.length > 0) throw new Error(`it said more than one line:\n${stderr}`);
  return line;
}
