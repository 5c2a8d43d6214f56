import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { emptyTarget, openSource, type Target } from '../backup/backup-kit.ts';
import { operate } from '../cli/operator.ts';
import { ENGINES } from '../kit/house.ts';
import { PASSWORD } from '../kit/people.ts';

const ENTRY = new URL('../../scripts/countersign.js', import.meta.url).pathname;
const ROUNDS = 5;
const ROWS = 5_000;
const SLOW = { timeout: 180_000 };

let source: Awaited<ReturnType<typeof openSource>>;
let file: string;
beforeAll(async () => {
  source = await openSource('sqlite');
  const { database, config } = source.house.app.deps;
  await database.transaction(async (tx) => {
    for (let index = 0; index < ROWS; index++)
      await tx
        .insertInto('throttle')
        .values({ key: `key/${index}`, count: 1, open: 0, window_at: 1, blocked_until_at: null })
        .execute();
  });
  file = join(config.dataDir, 'backup');
  expect((await source.run('backup', file)).code).toBe(0);
}, 120_000);
afterAll(() => source?.house.close());

const startRestore = ({ env }: Target) =>
  spawn(process.execPath, [ENTRY, 'restore', file], {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: 'ignore',
  });

/** -> milliseconds that a restore takes here when nobody disturbs it */
async function restoreWhole(target: Target): Promise<number> {
  const began = performance.now();
  const [code] = await once(startRestore(target), 'exit');
  expect(code).toBe(0);
  return performance.now() - began;
}

/** -> true when it was still at work */
async function killAt(target: Target, delay: number): Promise<boolean> {
  const child = startRestore(target);
  const ended = once(child, 'exit');
  await new Promise((resolve) => setTimeout(resolve, delay));
  const inTime = child.exitCode === null;
  child.kill('SIGKILL');
  await ended;
  return inTime;
}

async function countRows(target: Target): Promise<number> {
  const there = await target.open(source.clock);
  const { count } = await there.app.database.db
    .selectFrom('throttle')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
}

test(
  'R82: SIGKILL in a restore leaves nothing or all of it, and the next one goes through',
  SLOW,
  async () => {
    const target = await emptyTarget('sqlite', source.env);
    const path = target.env['DATABASE_URL']?.slice('sqlite:'.length) as string;
    const whole = await restoreWhole(target);
    let killed = 0;
    for (let round = 0; round < ROUNDS; round++) {
      for (const end of ['', '-wal', '-shm']) rmSync(path + end, { force: true });
      if (await killAt(target, whole * (0.3 + (0.6 * round) / ROUNDS))) killed += 1;
      const isThere = existsSync(path);
      if (isThere) expect((await target.run('audit', 'verify')).code).toBe(0);
      const again = await target.run('restore', file, '--json');
      expect([again.code, again.stderr]).toEqual([0, '']);
      const { replaced } = again.json<{ replaced: string | null }>();
      expect(replaced !== null).toBe(isThere);
      expect((await target.run('audit', 'verify')).code).toBe(0);
    }
    expect(killed).toBeGreaterThan(0);
    expect(await countRows(target)).toBe(ROWS);
    await target.remove();
  },
);

describe.each(ENGINES)('R82: SIGKILL in a restore over an installation, on %s', (engine) => {
  test('what was there is there whole, or the backup is', SLOW, async () => {
    const target = await emptyTarget(engine, source.env);
    await restoreWhole(target);
    const people = async () => (await target.run('account', 'list', '--json')).lines.length;
    const inBackup = await people();
    const whole = await restoreWhole(target);
    const seen = { killed: 0, old: 0, restored: 0 };
    for (let round = 0; round < ROUNDS; round++) {
      const email = `later-${round}@example.org`;
      const made = ['account', 'create', '--email', email, '--name', 'Later', '--password-stdin'];
      expect((await operate(target.env, made, PASSWORD)).code).toBe(0);
      const before = await people();
      if (await killAt(target, whole * (0.3 + (0.6 * round) / ROUNDS))) seen.killed += 1;
      const after = await people();
      // Never a mixture: everybody who was there, or those of the backup and nobody else.
      expect([before, inBackup]).toContain(after);
      seen[after === before ? 'old' : 'restored'] += 1;
      expect((await target.run('account', 'show', email)).code).toBe(after === before ? 0 : 1);
      expect((await target.run('audit', 'verify')).code).toBe(0);
    }
    expect(seen.killed).toBeGreaterThan(0);
    expect(seen.old + seen.restored).toBe(ROUNDS);
    expect((await target.run('restore', file)).code).toBe(0);
    expect(await people()).toBe(inBackup);
    expect(await countRows(target)).toBe(ROWS);
    await target.remove();
  });
});
