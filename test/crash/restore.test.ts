import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { emptyTarget, openSource } from '../backup/backup-kit.ts';

const ENTRY = new URL('../../scripts/countersign.js', import.meta.url).pathname;
const ROUNDS = 5;

test('R82: SIGKILL in a restore leaves an empty database, and the next one fills it', {
  timeout: 120_000,
}, async () => {
  const source = await openSource('sqlite');
  const { database } = source.house.app;
  await database.transaction(async (tx) => {
    for (let index = 0; index < 20_000; index++)
      await tx
        .insertInto('throttle')
        .values({ key: `key/${index}`, count: 1, open: 0, window_at: 1, blocked_until_at: null })
        .execute();
  });
  const file = join(source.house.app.deps.config.dataDir, 'backup');
  expect((await source.run('backup', file)).code).toBe(0);
  const target = await emptyTarget('sqlite', source.env);
  const path = target.env['DATABASE_URL']?.slice('sqlite:'.length) as string;
  const start = () =>
    spawn(process.execPath, [ENTRY, 'restore', file], {
      env: { PATH: process.env['PATH'] ?? '', ...target.env },
      stdio: 'ignore',
    });
  const began = performance.now();
  await once(start(), 'exit');
  const whole = performance.now() - began;
  expect(existsSync(path)).toBe(true);
  let killed = 0;
  for (let round = 0; round < ROUNDS; round++) {
    for (const end of ['', '-wal', '-shm']) rmSync(path + end, { force: true });
    const child = start();
    const ended = once(child, 'exit');
    await new Promise((resolve) => setTimeout(resolve, whole * (0.3 + (0.6 * round) / ROUNDS)));
    if (child.exitCode === null) killed += 1;
    child.kill('SIGKILL');
    await ended;
    // Nothing of it, or all of it.
    if (existsSync(path))
      expect((await target.run('restore', file, '--json')).stderr).toContain('database_not_empty');
    else expect((await target.run('restore', file)).code).toBe(0);
    expect((await target.run('audit', 'verify')).code).toBe(0);
  }
  expect(killed).toBeGreaterThan(0);
  const there = await target.open(source.clock);
  const { count } = await there.app.database.db
    .selectFrom('throttle')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  expect(Number(count)).toBe(20_000);
  await target.remove();
  await source.house.close();
});
