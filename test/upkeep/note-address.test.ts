import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { noteAddress } from '../../src/upkeep/note-address.ts';
import { startProcess } from '../config/start-process.ts';
import { ENGINES } from '../kit/house.ts';
import { freePort } from '../kit/server-process.ts';
import { sharedHouse } from '../kit/shared-house.ts';

describe.each(ENGINES)('another BASE_URL than at the last start, on %s', (engine) => {
  const house = sharedHouse({ engine });

  test('is told once, with both addresses; the first start and every other one say nothing', async () => {
    const warn = vi.fn();
    const startAt = (baseUrl: string) => {
      const { database, config, log } = house.app.deps;
      return noteAddress({
        database,
        config: { ...config, baseUrl },
        log: Object.assign({ ...log }, { warn }),
      });
    };
    await startAt('https://id.example.org');
    await startAt('https://id.example.org');
    expect(warn).not.toHaveBeenCalled();
    await startAt('https://login.example.org');
    await startAt('https://login.example.org');
    expect(warn).toHaveBeenCalledExactlyOnceWith(
      { before: 'https://id.example.org', now: 'https://login.example.org' },
      expect.stringContaining('BASE_URL is not what it was at the last start'),
    );
  });
});

test('a start under another address than the last one says so', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-address-'));
  const startAt = async (port: number, until: string) => {
    const { child, stdout, ended } = startProcess({ DATA_DIR: join(folder, 'data'), PORT: String(port) });
    try {
      await vi.waitUntil(() => stdout().includes(until), { timeout: 15_000 });
      return stdout();
    } finally {
      child.kill();
      await ended;
    }
  };
  try {
    const [first, second] = [await freePort(), await freePort()];
    await startAt(first, '/mailbox');
    expect(await startAt(second, 'BASE_URL is not')).toContain(`"before":"http://localhost:${first}"`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 40_000);
