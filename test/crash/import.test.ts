import { afterAll, beforeAll, expect, test } from 'vitest';
import { clearAbandonedImports } from '../../src/upkeep/clear-import.ts';
import { countAll, type Imports, openImports, reaches } from '../import/import-kit.ts';
import { crowd, killWhileReading } from './kill-import.ts';

let office: Imports;
beforeAll(async () => {
  office = await openImports('sqlite');
});
afterAll(() => office.house.close());

test('an import that is killed half-way leaves nobody, and the next one brings everybody', {
  timeout: 120_000,
}, async () => {
  const { house, run } = office;
  const before = await countAll(house);
  const { path, start } = crowd(office, 1_500);
  expect(await killWhileReading(office, start(), 0)).toBe(true);
  const after = await countAll(house);
  expect(after['import_row']).toBeGreaterThan(0);
  for (const table of ['account', 'email_address', 'people_group', 'audit_event'])
    expect([table, after[table]]).toEqual([table, before[table]]);
  expect(await reaches(house, 'crowd0@example.org')).toBe(422);

  const done = await run('import', path, '--from', 'csv', '--json');
  expect([done.code, done.json<{ accounts: number }>().accounts]).toEqual([0, 1_500]);
  expect(await reaches(house, 'crowd1499@example.org')).toBe('/');
  await clearAbandonedImports(house.app.database, Date.now() + 120_000);
  const left = await countAll(house);
  expect([left['import_run'], left['import_row'], left['import_member']]).toEqual([0, 0, 0]);
  expect((await run('audit', 'verify')).code).toBe(0);
});
