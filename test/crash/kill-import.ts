import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BCRYPT } from '../import/fixtures.ts';
import { countAll, type Imports } from '../import/import-kit.ts';

const ENTRY = new URL('../../scripts/countersign.js', import.meta.url).pathname;

/** A CSV file with that many people, and how to bring them over in a process of its own. */
export function crowd({ house, env }: Imports, count: number) {
  const rows = Array.from({ length: count }, (_, index) => `crowd${index}@example.org,Crowd,${BCRYPT},Team`);
  const path = join(house.app.deps.config.dataDir, 'crowd.csv');
  writeFileSync(path, `email,name,password_hash,groups\n${rows.join('\n')}\n`);
  const start = (): ChildProcess =>
    spawn(process.execPath, [ENTRY, 'import', path, '--from', 'csv', '--json'], {
      env: { PATH: process.env['PATH'] ?? '', ...env },
      stdio: 'ignore',
    });
  return { path, start };
}

/** Waits until the import has read something, and kills it after so many milliseconds more. -> whether it was alive. */
export async function killWhileReading(
  office: Imports,
  child: ChildProcess,
  after: number,
): Promise<boolean> {
  const ended = once(child, 'exit');
  while (child.exitCode === null && (await countAll(office.house))['import_row'] === 0)
    await new Promise((resolve) => setTimeout(resolve, 5));
  await new Promise((resolve) => setTimeout(resolve, after));
  const alive = child.exitCode === null;
  child.kill('SIGKILL');
  await ended;
  return alive;
}
