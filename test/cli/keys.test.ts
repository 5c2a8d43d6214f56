import { chmodSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createKeyWatch } from '../../src/keys/key-watch.ts';
import { ENGINES, type EngineName, type House } from '../kit/house.ts';
import { keyFile } from '../kit/key-file.ts';
import { addProtectedPerson } from '../kit/people.ts';
import { openOffice, operate, type Run } from './operator.ts';

describe.each(ENGINES)('keys on %s', (engine: EngineName) => {
  let house: House;
  let run: Run;
  let env: Record<string, string>;
  let ring: ReturnType<typeof keyFile>;
  beforeEach(async () => {
    ring = keyFile();
    ({ house, run, env } = await openOffice({ engine, env: ring.env }));
  });
  afterEach(async () => {
    await house.close();
    ring.remove();
  });
  const keys = () =>
    JSON.parse(readFileSync(ring.path, 'utf8')) as { active: string; keys: Record<string, string> };
  const listed = async () => (await run('keys', 'list', '--json')).lines.map((line) => JSON.parse(line));

  test('R80: list, rotate, list again, retire: names, ages and use, and never a key', async () => {
    await addProtectedPerson(house);
    const before = await listed();
    expect(before[0]).toMatchObject({ id: 'k1', purpose: 'secrets', state: 'active' });
    expect(before[0].rows).toBeGreaterThan(0);
    expect(before[0].active_at).toBeGreaterThan(1_600_000_000_000);

    const rotated = await run('keys', 'rotate', '--json');
    expect([rotated.code, rotated.stderr]).toEqual([0, '']);
    expect(rotated.json()).toEqual({
      active: 'k2',
      previous: 'k1',
      signing_keys: [expect.any(String), expect.any(String)],
    });
    const during = await listed();
    expect(during.slice(0, 2)).toMatchObject([
      { id: 'k1', state: 'opening' },
      { id: 'k2', state: 'active' },
    ]);
    const tokens = during.filter(({ purpose }) => purpose.startsWith('tokens '));
    expect(tokens.map(({ purpose }) => purpose).sort()).toEqual(['tokens ES256', 'tokens RS256']);
    expect((await run('keys', 'retire', 'k1')).stderr).toContain(
      'The key "k1" stays: secrets that are still sealed',
    );

    await createKeyWatch(house.app.deps).look();
    const after = await run('keys', 'list');
    expect(after.lines[0]).toContain('needed to check records');
    for (const key of Object.values(keys().keys)) expect(after.stdout + rotated.stdout).not.toContain(key);
    expect((await run('keys', 'retire', 'k1', '--json')).code).toBe(1);
    expect((await run('audit', 'verify')).code).toBe(0);
    const doctor = (await run('doctor', '--json')).json<{ checks: { name: string; ok: boolean }[] }>();
    expect(doctor.checks.find(({ name }) => name === 'key_rotation')).toMatchObject({ ok: true });
  });

  test('R80: doctor tells of a rotation that nobody finishes', async () => {
    await addProtectedPerson(house);
    expect((await run('keys', 'rotate')).stdout).toContain('Tokens are signed with new keys a day from now.');
    const { database } = house.app.deps;
    const row = await database.db
      .selectFrom('meta')
      .selectAll()
      .where('key', '=', 'key/k2')
      .executeTakeFirstOrThrow();
    const long = { ...JSON.parse(row.value), active_at: Date.now() - 2 * 3_600_000 };
    await database.transaction((tx) =>
      tx
        .updateTable('meta')
        .set({ value: JSON.stringify(long) })
        .where('key', '=', 'key/k2')
        .execute(),
    );
    const { stdout } = await run('doctor');
    expect(stdout).toMatch(
      /FAILED key_rotation: secrets still sealed with an older key than "k2": \d+: the rotation/,
    );
  });

  test('R80: --at-once signs tokens with the new keys from now on', async () => {
    expect((await run('keys', 'rotate', '--at-once')).stdout).toContain('from now on');
    const signing = (await listed()).filter(({ purpose }) => purpose === 'tokens RS256');
    expect(signing[0]).toMatchObject({ state: 'signs' });
  });

  test('R80: what holds the ring in a variable, or in a file that is not ours to change, is told what to do', async () => {
    const given = { ...env, KEYS: readFileSync(ring.path, 'utf8'), KEYS_FILE: '' };
    const refused = await operate(given, ['keys', 'rotate', '--json']);
    expect(refused.code).toBe(1);
    expect(JSON.parse(refused.stderr)).toMatchObject({ code: 'keys_from_environment' });
    expect(refused.stderr).toContain('openssl rand -base64 32');
    expect(keys().active).toBe('k1');
  });

  test('R80: the file stays its owner’s, through a link, with what else stands in it', async () => {
    writeFileSync(ring.path, JSON.stringify({ ...keys(), note: 'kept' }));
    chmodSync(ring.path, 0o600);
    const link = join(dirname(ring.path), 'link.json');
    symlinkSync(ring.path, link);
    expect((await operate({ ...env, KEYS_FILE: link }, ['keys', 'rotate'])).code).toBe(0);
    expect(keys()).toMatchObject({ active: 'k2', note: 'kept' });
    expect(statSync(ring.path).mode & 0o777).toBe(0o600);
  });

  test('R80: of commands at the same time each makes a key of its own or is told to wait', async () => {
    const done = await Promise.all([1, 2, 3].map(() => run('keys', 'rotate', '--json')));
    const made = done.filter(({ code }) => code === 0).map((one) => one.json<{ active: string }>().active);
    expect(new Set(made).size).toBe(made.length);
    expect(made.length).toBeGreaterThan(0);
    for (const { code, stderr } of done) if (code !== 0) expect(stderr).toContain('keys_busy');
    expect(Object.keys(keys().keys)).toHaveLength(made.length + 1);
    await house.twin();
  });
});
