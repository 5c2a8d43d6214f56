import { describe, expect, test } from 'vitest';
import type { Deps } from '../../deps.ts';
import { toBase32 } from '../../kit/encoding.ts';
import { systemRandom } from '../../kit/random.ts';
import { createSeal, rowOwner } from '../../kit/seal.ts';
import type { Visit } from '../../web/visit.ts';
import type { Accepted, Asked, FactorRow, Rejected, Replay } from '../factor.ts';
import { hotp, stepAt } from './rules.ts';
import { appsOf, totp } from './totp.ts';

const NOW = 1_700_000_000_000;
const STEP = stepAt(NOW);
const keys = { active: 'one', keys: new Map([['one', Buffer.alloc(32, 1)]]) };
const seal = createSeal(keys, systemRandom);
const deps = { seal, clock: { now: () => NOW } } as unknown as Deps;

interface App {
  readonly row: FactorRow;
  readonly secret: Buffer;
}

function app(id: string, values: Partial<FactorRow> = {}): App {
  // Always the same, so that no code of one is by chance a code of another.
  const secret = Buffer.alloc(20, id);
  const sealed_data = seal.seal('totp', rowOwner('ann', id), toBase32(secret));
  const row = { id, account_id: 'ann', kind: 'totp', sealed_data, counter: 0, suspended_at: null, ...values };
  return { row: row as FactorRow, secret };
}

function check(answer: string, ...apps: App[]): Promise<Accepted | Rejected | Replay> {
  const asked = { account: { id: 'ann' }, factors: apps.map(({ row }) => row) } as unknown as Asked;
  return totp.check(deps, asked, {} as Visit, answer);
}

/** Six digits that are no code of these apps, from half an hour before to half an hour after. */
function noCodeOf(...apps: App[]): string {
  const all = new Set(
    apps.flatMap(({ secret }) => Array.from({ length: 121 }, (_, n) => hotp(secret, STEP - 60 + n))),
  );
  for (let number = 0; ; number++) {
    const code = String(number).padStart(6, '0');
    if (!all.has(code)) return code;
  }
}

describe('which of an account’s apps a code is of', () => {
  test('of several the one whose code it is, and no other, is accepted', async () => {
    const [one, two] = [app('one'), app('two')];
    for (const { row, secret } of [one, two])
      expect(await check(hotp(secret, STEP), one, two)).toMatchObject({
        kind: 'accepted',
        factor: { id: row.id },
        amr: ['otp'],
      });
    expect(await check(noCodeOf(one, two), one, two)).toEqual({ kind: 'rejected' });
  });

  test('R10: the code of a spent step, and of one before it, is a replay; of the step after it, it is not', async () => {
    const one = app('one', { counter: STEP });
    for (const step of [STEP - 1, STEP])
      expect(await check(hotp(one.secret, step), one)).toEqual({ kind: 'replayed' });
    expect(await check(hotp(one.secret, STEP + 1), one)).toMatchObject({ kind: 'accepted' });
  });

  test('R34: what is no code is wrong, and nothing else', async () => {
    for (const answer of ['', 'abcdef', '12345', '1234567', '{}'])
      expect(await check(answer, app('one')), answer).toEqual({ kind: 'rejected' });
  });

  test('the clock doctor looks at every app', async () => {
    const [one, two] = [app('one'), app('two')];
    expect(await check(hotp(one.secret, STEP - 6), one, two)).toEqual({ kind: 'rejected', nearMiss: -6 });
    expect(await check(hotp(two.secret, STEP + 6), one, two)).toEqual({ kind: 'rejected', nearMiss: 6 });
  });

  test('a suspended app, and a factor of another kind, answer nothing and offer nothing', async () => {
    const off = app('off', { suspended_at: 1 });
    const phone = { id: 'phone', kind: 'sms', suspended_at: null } as FactorRow;
    const one = app('one');
    expect(appsOf([off.row, phone, one.row])).toEqual([one.row]);
    expect(await check(hotp(off.secret, STEP), off, one)).toMatchObject({ kind: 'rejected' });
  });

  test('R12: a secret of another account or factor, or that is none, is a fault and never an answer', async () => {
    const [one, two] = [app('one'), app('two')];
    const swapped = { ...one, row: { ...one.row, sealed_data: two.row.sealed_data } };
    await expect(check('123456', swapped)).rejects.toThrow();
    await expect(check('123456', { ...one, row: { ...one.row, sealed_data: null } })).rejects.toThrow();
    const sealed_data = seal.seal('totp', rowOwner('ann', 'one'), 'not base32!');
    const broken = { ...one, row: { ...one.row, sealed_data } };
    await expect(check('123456', broken)).rejects.toThrow('factor one holds no base32 secret');
  });
});
