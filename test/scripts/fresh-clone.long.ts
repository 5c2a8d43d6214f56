import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { cloneInto } from '../kit/clone.ts';
import { startAs } from '../kit/server-process.ts';
import { walkAsNewcomer } from './newcomer.ts';

const clone = mkdtempSync(join(tmpdir(), 'countersign-clone-'));
const home = mkdtempSync(join(tmpdir(), 'countersign-home-'));
afterAll(() => {
  for (const folder of [clone, home]) rmSync(folder, { recursive: true });
});

test('with an empty npm cache and nothing installed, `npm start` fetches what is missing and serves', async () => {
  cloneInto(clone);
  const server = await startAs(
    { program: 'npm', args: ['start'], cwd: clone, patience: 300_000 },
    { HOME: home },
  );
  try {
    expect(server.output()).toContain('Installing packages (npm ci)');
    await walkAsNewcomer(server);
    expect(await server.stop()).toBe(0);
    expect(readdirSync(join(clone, 'data'))).toContain('keys.json');
  } finally {
    await server.remove();
  }
});
