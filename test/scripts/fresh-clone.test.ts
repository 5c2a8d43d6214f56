import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { cloneInto } from '../kit/clone.ts';
import { repository } from '../kit/package.ts';
import { startAs } from '../kit/server-process.ts';
import { walkAsNewcomer } from './newcomer.ts';

const clone = mkdtempSync(join(tmpdir(), 'countersign-clone-'));
afterAll(() => rmSync(clone, { recursive: true }));

/** The packages of this checkout: fresh-clone.long.ts has `npm start` fetch them. */
function lendPackages(): void {
  mkdirSync(join(clone, 'node_modules'));
  for (const name of readdirSync(join(repository, 'node_modules')))
    if (name !== '.cache')
      symlinkSync(join(repository, 'node_modules', name), join(clone, 'node_modules', name));
}

test('`npm start` in a fresh clone: from the printed link to the last mail, by raw HTTP; SIGTERM to npm ends it well', async () => {
  cloneInto(clone);
  lendPackages();
  const server = await startAs({ program: 'npm', args: ['start'], cwd: clone }, { HOME: clone });
  try {
    expect(server.output()).toContain(`listens on ${server.url}`);
    await walkAsNewcomer(server);
    expect(readdirSync(join(clone, 'data')).sort()).toEqual(
      expect.arrayContaining(['countersign.db', 'keys.json']),
    );
    expect(await server.stop()).toBe(0);
    await expect(fetch(`${server.url}/healthz`)).rejects.toThrow();
  } finally {
    if (existsSync(server.dataDir)) await server.remove();
  }
});
