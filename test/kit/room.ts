import { existsSync, mkdtempSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MEMORY = '/dev/shm';

/** Where temporary files cost nothing: memory where there is plenty, else the system's folder for them. */
export function roomiest(): string {
  if (!existsSync(MEMORY)) return tmpdir();
  const { bavail, bsize } = statfsSync(MEMORY);
  return bavail * bsize > 2 * 1024 ** 3 ? MEMORY : tmpdir();
}

/** A new folder there. Who makes it removes it. */
export function makeFolder(name: string): string {
  return mkdtempSync(join(roomiest(), `${name}-`));
}
