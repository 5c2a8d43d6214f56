import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { checkKeyRing, isKeyRingOf, loadKeyRing } from '../../src/database/keys.ts';
import { migrate } from '../../src/database/migrate.ts';
import { openDatabase } from '../../src/database/open.ts';
import { systemClock } from '../../src/kit/clock.ts';
import { ConfigError } from '../../src/kit/environment.ts';
import { type Random, systemRandom } from '../../src/kit/random.ts';
import { createSeal } from '../../src/kit/seal.ts';
import { documented } from '../kit/documented.ts';
import { ENGINES, type EngineName } from '../kit/house.ts';
import { createDatabase } from '../kit/postgres.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-keys-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const key = () => systemRandom.bytes(32).toString('base64');
const load = (env: Record<string, string> = {}, empty = true, random: Random = systemRandom) =>
  loadKeyRing(readConfig({ DATA_DIR: join(folder, 'data'), ...env }), empty, random);

describe('the key ring (R80)', () => {
  test('made at the first start: 256 bits, for its owner’s eyes only, and the same at the next', () => {
    const made = load();
    const path = join(folder, 'data', 'keys.json');
    expect(made.keys.get(made.active)).toHaveLength(32);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'data')).mode & 0o777).toBe(0o700);
    expect(readdirSync(join(folder, 'data'))).toEqual(['keys.json']);
    expect(load({}, false)).toEqual(made);
  });

  test('of two that start at once, both have the ring that the first one made', () => {
    let first: ReturnType<typeof load> | undefined;
    // The second start happens after the first looked and found nothing.
    const between: Random = {
      bytes(length) {
        first ??= load();
        return systemRandom.bytes(length);
      },
    };
    expect(load({}, true, between)).toEqual(first);
    expect(readdirSync(join(folder, 'data'))).toEqual(['keys.json']);
  });

  test('never made where there is data, nor in place of a file that was named', () => {
    expect(() => load({}, false)).toThrow(/^KEYS_FILE names .*keys\.json, which is not there: put back/);
    expect(() => load({ KEYS_FILE: join(folder, 'named.json') })).toThrow(
      /^KEYS_FILE names .*named\.json, which is not there: put the key ring there, or make one first .*docs\/keys\.md/,
    );
    expect(readdirSync(folder)).toEqual([]);
    expect(existsSync(join(folder, 'named.json'))).toBe(false);
  });

  test('made as docs/keys.md says, it is taken', () => {
    const script = documented('keys.md', 'Make it yourself', 'sh');
    execFileSync('sh', ['-c', script], { cwd: folder });
    const path = join(folder, 'keys.json');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(load({ KEYS_FILE: path }).active).toBe('k1');
  });

  test('a folder in place of the file', () => {
    expect(() => load({ KEYS_FILE: folder })).toThrow(/^KEYS_FILE names .* may not read/);
  });

  const ring = (keys: Record<string, unknown>, active: unknown = 'k1') => JSON.stringify({ active, keys });
  test.each([
    ['no JSON', 'secret', 'takes a key ring as JSON: {"active"'],
    ['null', 'null', 'takes a key ring as JSON'],
    ['a list', '[]', 'takes a key ring as JSON'],
    ['no active key', JSON.stringify({ keys: { k1: key() } }), 'takes a key ring as JSON'],
    [
      'an active key that is not there',
      ring({ k1: key() }, 'k2'),
      'names "k2" as active, but holds no such key',
    ],
    ['no key at all', ring({}), 'names "k1" as active, but holds no such key'],
    [
      '31 bytes',
      ring({ k1: systemRandom.bytes(31).toString('base64') }),
      'holds key "k1", which is not 32 random bytes',
    ],
    [
      'a default key of zeros',
      ring({ k1: Buffer.alloc(32).toString('base64') }),
      'holds key "k1", which is not 32 random',
    ],
    ['one letter over and over', ring({ k1: Buffer.alloc(40, 'a').toString('base64') }), 'holds key "k1"'],
    ['a number', ring({ k1: 7 }), 'holds key "k1"'],
    ['a short one beside a good one', ring({ k1: key(), k2: 'c2hvcnQ=' }), 'holds key "k2"'],
    ['a name with a dot', ring({ 'k.1': key() }, 'k.1'), 'holds key "k.1"'],
  ])('%s is refused, from KEYS and from KEYS_FILE', (_what, text, says) => {
    const refusal = (act: () => unknown) => {
      try {
        act();
      } catch (error) {
        expect(error).toBeInstanceOf(ConfigError);
        return (error as Error).message;
      }
      throw new Error('it was taken');
    };
    expect(refusal(() => load({ KEYS: text }))).toContain(`KEYS ${says}`);
    const path = join(folder, 'ring.json');
    writeFileSync(path, text);
    expect(refusal(() => load({ KEYS_FILE: path }))).toContain(`KEYS_FILE ${says}`);
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  test('older keys open, the active one seals', () => {
    const keys = { k1: key(), k2: key() };
    const before = createSeal(load({ KEYS: ring(keys) }), systemRandom).seal('totp', 'a/1', 'text');
    const after = createSeal(load({ KEYS: ring(keys, 'k2') }), systemRandom);
    expect(after.open('totp', 'a/1', before)).toBe('text');
    expect(after.seal('totp', 'a/1', 'text')).toMatch(/^k2\./);
  });
});

describe.each(ENGINES)('a ring belongs to its database, on %s', (engine: EngineName) => {
  let url: string;
  let drop = async () => {};
  beforeEach(async () => {
    url = `sqlite:${join(folder, 'x.db')}`;
    if (engine === 'postgres') ({ url, drop } = await createDatabase(inject('postgresUrl')));
  });
  afterEach(() => drop());
  const newSeal = () =>
    createSeal({ active: 'k1', keys: new Map([['k1', systemRandom.bytes(32)]]) }, systemRandom);

  test('of two instances that start at once with two rings, one has the database and the other is refused', async () => {
    const databases = [openDatabase(url), openDatabase(url)];
    const [one, other] = databases as [(typeof databases)[0], (typeof databases)[0]];
    await migrate(one, systemClock);
    const seals = [newSeal(), newSeal()];
    expect(await isKeyRingOf(one, seals[0] as never)).toBe(true);
    const outcomes = await Promise.allSettled([
      checkKeyRing(one, seals[0] as never),
      checkKeyRing(other, seals[1] as never),
    ]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const winner = outcomes.findIndex(({ status }) => status === 'fulfilled');
    expect(await isKeyRingOf(one, seals[winner] as never)).toBe(true);
    expect(await isKeyRingOf(one, seals[1 - winner] as never)).toBe(false);
    await checkKeyRing(other, seals[winner] as never);
    for (const database of databases) await database.close();
  });
});
