import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { npmStart } from '../kit/npm-start.ts';
import { freePort } from '../kit/server-process.ts';

// Killing a process proves nothing about the disk: what was written and not synced survives that, and is lost with the
// power. So the system calls of a real server are read.

export interface Traced {
  readonly url: string;
  readonly dataDir: string;
  /** Stops the server. -> what it asked of the system, in order */
  stop(): Promise<readonly string[]>;
}

const CALLS = 'trace=fsync,fdatasync,pwrite64,pwritev,write,writev,sendto,sendmsg';

/** Countersign as it is started by npm, under strace. */
export async function startTraced(env: Readonly<Record<string, string>>): Promise<Traced> {
  const dataDir = mkdtempSync(join(tmpdir(), 'countersign-traced-'));
  const port = await freePort();
  const file = join(dataDir, 'trace');
  const server = [process.execPath, ...npmStart()];
  // -y: which file or socket; -s: as much of what is written as tells an answer.
  const child = spawn('strace', ['-f', '-y', '-s', '40', '-e', CALLS, '-o', file, ...server], {
    env: { PATH: process.env['PATH'] ?? '', PORT: String(port), DATA_DIR: dataDir, ...env },
    stdio: 'ignore',
  });
  const url = `http://localhost:${port}`;
  await answers(url, child);
  return {
    url,
    dataDir,
    async stop() {
      // To strace it would be passed on only when it ends: to the server itself.
      const pid = Number(/^(\d+) /.exec(readFileSync(file, 'utf8'))?.[1]);
      process.kill(pid, 'SIGTERM');
      await once(child, 'exit');
      const lines = readFileSync(file, 'utf8').split('\n');
      rmSync(dataDir, { recursive: true, force: true });
      return lines;
    },
  };
}

async function answers(url: string, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 1_200; tries++) {
    if (child.exitCode !== null) throw new Error(`strace ended with ${child.exitCode}`);
    if (
      await fetch(`${url}/readyz`).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('the server under strace did not come up');
}

export interface Judged {
  /** Redirects, which is what every form that was accepted is answered with. */
  readonly answers: number;
  /** Of these: after something was written to the log of the database since the one before. */
  readonly writing: number;
  /** Sent while something that was written had not been synced. */
  readonly unsynced: readonly string[];
}

/** Whether, whenever an answer went out, all that had been written to the database's log before had been synced. */
export function judgeTrace(lines: readonly string[]): Judged {
  let [dirty, wrote, answered, writing] = [false, false, 0, 0];
  const unsynced: string[] = [];
  for (const line of whole(lines)) {
    if (/^\d+ +pwrite(64|v)\(\d+<[^>]*-wal>/.test(line)) {
      dirty = true;
      wrote = true;
    } else if (/^\d+ +f(data)?sync\(\d+<[^>]*-wal>\s*\) += 0/.test(line)) dirty = false;
    else if (/HTTP\/1\.1 303/.test(line)) {
      answered++;
      if (wrote) writing++;
      if (dirty) unsynced.push(line);
      wrote = false;
    }
  }
  return { answers: answered, writing, unsynced };
}

/** A call that another thread's line cuts in two counts where it ends, but for an answer: that is out from its beginning. */
function whole(lines: readonly string[]): string[] {
  const begun = new Map<string, string>();
  const found: string[] = [];
  for (const line of lines) {
    const pid = /^\d+/.exec(line)?.[0] ?? '';
    if (line.endsWith('<unfinished ...>')) {
      if (line.includes('HTTP/1.1')) found.push(line);
      else begun.set(pid, line.slice(0, -'<unfinished ...>'.length));
    } else {
      const resumed = /<\.\.\. \w+ resumed>(.*)$/.exec(line);
      const head = begun.get(pid);
      if (!resumed) found.push(line);
      else if (head !== undefined) {
        found.push(head + resumed[1]);
        begun.delete(pid);
      }
    }
  }
  return found;
}
