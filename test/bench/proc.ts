import { closeSync, openSync, readFileSync, readSync } from 'node:fs';

// What Linux and SQLite tell about a running server from outside, without a word of its own.

const status = (pid: number, field: string): number => {
  const text = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(text)![1]) / 1024;
};

/** Resident memory in MiB, now and at its highest. */
export const residentOf = (pid: number): number => status(pid, 'VmRSS');
export const peakOf = (pid: number): number => status(pid, 'VmHWM');

/** CPU seconds that a process has used: Linux counts them in ticks of 10 ms. */
export function cpuOf(pid: number): { user: number; system: number } {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { user: Number(fields[11]) / 100, system: Number(fields[12]) / 100 };
}

/**
 * Write transactions that a WAL database has committed: `iChange` of the WAL index header, which SQLite raises once per
 * commit (sqlite.org/walformat.html, 2.1). It wraps at 2^32; only differences mean anything.
 */
function commitsOf(file: string): number {
  const header = Buffer.alloc(12);
  const index = openSync(`${file}-shm`, 'r');
  readSync(index, header, 0, 12, 0);
  closeSync(index);
  return header.readUInt32LE(8);
}

/** With how many there were meanwhile. */
export async function withCommits<T>(
  database: string,
  work: () => Promise<T>,
): Promise<T & { commits: number }> {
  const start = commitsOf(database);
  const result = await work();
  return { ...result, commits: commitsOf(database) - start };
}
