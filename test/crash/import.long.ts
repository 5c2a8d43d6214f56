import { afterEach, describe, expect, test } from 'vitest';
import { countAll, type Imports, openImports, reaches } from '../import/import-kit.ts';
import { ENGINES } from '../kit/house.ts';
import { addPerson } from '../kit/people.ts';
import { crowd, killWhileReading } from './kill-import.ts';

describe.each(ENGINES)('on %s', (engine) => {
  let office: Imports;
  afterEach(() => office.house.close());

  test('killed at twenty moments, the last ones included: all of them or none', async () => {
    office = await openImports(engine);
    const before = (await countAll(office.house))['account'] ?? 0;
    const { start, path } = crowd(office, 2_000);
    let whole = false;
    for (let round = 0; round < 20 && !whole; round++) {
      await killWhileReading(office, start(), round * 30);
      const found = (await countAll(office.house))['account'] ?? 0;
      expect([before, before + 2_000]).toContain(found);
      whole = found > before;
    }
    const again = await office.run('import', path, '--from', 'csv', '--json');
    expect(again.code).toBe(whole ? 1 : 0);
    expect((await countAll(office.house))['account']).toBe(before + 2_000);
    expect((await office.run('audit', 'verify')).code).toBe(0);
  });

  test('100,000 people come in while others sign in', async () => {
    office = await openImports(engine);
    await addPerson(office.house, { email: 'here@example.org' });
    const child = crowd(office, 100_000).start();
    const waits: number[] = [];
    while (child.exitCode === null) {
      const begin = performance.now();
      expect(await reaches(office.house, 'here@example.org')).toBe('/');
      waits.push(performance.now() - begin);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(child.exitCode).toBe(0);
    waits.sort((a, b) => a - b);
    console.log(
      `${waits.length} sign-ins: median ${waits[waits.length >> 1]?.toFixed()} ms, slowest ${waits.at(-1)?.toFixed()} ms`,
    );
    expect((await office.run('audit', 'verify')).code).toBe(0);
  });
});
