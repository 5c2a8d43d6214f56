import { describe, expect, test, vi } from 'vitest';
import { noteAddress } from '../../src/upkeep/note-address.ts';
import { ENGINES } from '../kit/house.ts';
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
