import { describe, expect, test } from 'vitest';
import { newId } from '../../src/kit/random.ts';
import { Refusal } from '../../src/kit/refusal.ts';
import { type Answer, type Proven, Replayed } from '../../src/sessions/complete.ts';
import { countOf, MINUTE, planted, somebody } from '../kit/attack-kit.ts';
import { accountOf, completeDirectly, pendingOf } from '../kit/direct-sign-in.ts';
import { ENGINES } from '../kit/house.ts';
import type { Person } from '../kit/people.ts';
import { sharedHouse } from '../kit/shared-house.ts';

/** The one function that makes sessions, asked directly: whatever a door forgets, it must refuse by itself (R29). */
describe.each(ENGINES)('completeSignIn, on %s', (engine) => {
  const house = sharedHouse({ engine });

  const right: Answer = { amr: ['otp'], claim: async () => true };
  const spent: Answer = { amr: ['otp'], claim: async () => false };

  async function complete(person: Person, proven: Proven): Promise<'session' | string> {
    const before = await countOf(house, 'session', person);
    let outcome: string;
    try {
      await completeDirectly(house, person, proven);
      outcome = 'session';
    } catch (error) {
      if (error instanceof Replayed) outcome = 'replayed';
      else if (error instanceof Refusal) outcome = error.code;
      else throw error;
    }
    expect(await countOf(house, 'session', person)).toBe(before + (outcome === 'session' ? 1 : 0));
    return outcome;
  }

  const versionOf = async (person: Person) => (await accountOf(house, person)).security_version;

  /** A record of trust as the second step leaves it. -> its id */
  async function trusted({ id: account_id }: Person, security_version: number): Promise<string> {
    const now = house.clock.now();
    const id = newId(house.app.deps.random);
    const row = { id, token_hash: id, account_id, security_version, browser: '', network: '' };
    const times = { created_at: now, last_used_at: now, expires_at: now + MINUTE };
    await house.app.database.db
      .insertInto('trusted_browser')
      .values({ ...row, ...times })
      .execute();
    return id;
  }

  /** While these kinds are not accepted. */
  async function forbid(kinds: readonly string[], work: () => Promise<void>): Promise<void> {
    const { db } = house.app.database;
    await db
      .insertInto('policy_value')
      .values({ key: 'forbidden_factors', value: kinds.join(' ') })
      .execute();
    await work().finally(() =>
      db.deleteFrom('policy_value').where('key', '=', 'forbidden_factors').execute(),
    );
  }

  test('R29: the password alone is enough only where nothing more is asked', async () => {
    const plain = await somebody(house);
    const { person: secured } = await planted(house);
    const boss = await somebody(house, { roles: 'publisher admin' });
    const by = async (person: Person): Promise<Proven> => ({
      by: 'password',
      securityVersion: await versionOf(person),
    });
    expect(await complete(plain, await by(plain))).toBe('session');
    expect(await complete(secured, await by(secured))).toBe('two_factor_required');
    expect(await complete(boss, await by(boss))).toBe('two_factor_required');
    expect(await complete(plain, { by: 'password', securityVersion: 99 })).toBe('pending_ended');
  });

  test('R29/R33: an answer completes its own pending sign-in, once', async () => {
    const { person } = await planted(house);
    const pending = await pendingOf(house, person);
    expect(
      await complete(person, {
        by: 'answer',
        pending,
        answer: spent,
        method: { kind: 'totp', typed: true },
        trust: false,
      }),
    ).toBe('replayed');
    expect(
      await complete(person, {
        by: 'answer',
        pending,
        answer: right,
        method: { kind: 'totp', typed: true },
        trust: false,
      }),
    ).toBe('session');
    expect(
      await complete(person, {
        by: 'answer',
        pending,
        answer: right,
        method: { kind: 'totp', typed: true },
        trust: false,
      }),
    ).toBe('pending_ended');
  });

  test('R29/A14: not somebody else’s, not an expired one, not after a change, not for the suspended', async () => {
    const { person } = await planted(house);
    const { person: other } = await planted(house);
    const { db } = house.app.database;
    const foreign = await pendingOf(house, other);
    expect(
      await complete(person, {
        by: 'answer',
        pending: foreign,
        answer: right,
        method: { kind: 'totp', typed: true },
        trust: false,
      }),
    ).toBe('pending_ended');
    const pending = await pendingOf(house, person);
    const answer = {
      by: 'answer',
      pending,
      answer: right,
      method: { kind: 'totp', typed: false },
      trust: false,
    } as const;
    const set = (values: Record<string, number | null>) =>
      db.updateTable('account').set(values).where('id', '=', person.id).execute();
    await set({ security_version: pending.security_version + 1 });
    expect(await complete(person, answer)).toBe('pending_ended');
    await set({ security_version: pending.security_version, suspended_at: 1 });
    expect(await complete(person, answer)).toBe('pending_ended');
    await set({ suspended_at: null });
    house.clock.advance(10 * MINUTE);
    expect(await complete(person, answer)).toBe('pending_ended');
    house.clock.advance(-10 * MINUTE);
    expect(await complete(person, answer)).toBe('session');
  });

  test('R29: an enrolment pass that was not proven, or without a factor, makes nothing', async () => {
    const boss = await somebody(house, { roles: 'admin' });
    const browser = house.browser();
    await browser.post('/sign-in', { email: boss.email, password: boss.password });
    const { db } = house.app.database;
    const row = await db
      .selectFrom('enrolment_pass')
      .selectAll()
      .where('account_id', '=', boss.id)
      .executeTakeFirstOrThrow();
    const proven = { by: 'enrolment', pass: row, amr: ['otp'], method: 'totp' } as const;
    expect(await complete(boss, proven)).toBe('pending_ended');
    await db.updateTable('account').set({ two_factor_at: 1 }).where('id', '=', boss.id).execute();
    expect(await complete(boss, proven)).toBe('pending_ended');
    await db.updateTable('enrolment_pass').set({ proven_at: 1 }).where('id', '=', row.id).execute();
    const other = await planted(house);
    expect(await complete(other.person, proven)).toBe('pending_ended');
    expect(await complete(boss, proven)).toBe('session');
    expect(await complete(boss, proven)).toBe('pending_ended');
  });

  test('R29: a proven pass makes nothing before its factor is on', async () => {
    const boss = await somebody(house, { roles: 'admin' });
    const { db } = house.app.database;
    await house.browser().post('/sign-in', { email: boss.email, password: boss.password });
    const own = db.updateTable('enrolment_pass').set({ proven_at: 1 }).where('account_id', '=', boss.id);
    const pass = await own.returningAll().executeTakeFirstOrThrow();
    const proven = { by: 'enrolment', pass, amr: ['otp'], method: 'totp' } as const;
    expect(await complete(boss, proven)).toBe('pending_ended');
  });

  test('R37/R35: a trusted browser is asked for again in the transaction: revoked, or an older account, it makes nothing', async () => {
    const { person } = await planted(house);
    const { person: other } = await planted(house);
    const securityVersion = await versionOf(person);
    const trustedId = await trusted(person, securityVersion);
    const proven = { by: 'trusted-browser', securityVersion, trustedId } as const;
    expect(await complete(person, { ...proven, securityVersion: securityVersion - 1 })).toBe('pending_ended');
    expect(await complete(person, { ...proven, trustedId: 'f'.repeat(32) })).toBe('pending_ended');
    expect(await complete(other, { ...proven, securityVersion: await versionOf(other) })).toBe(
      'pending_ended',
    );
    await forbid(['totp'], async () => expect(await complete(person, proven)).toBe('pending_ended'));
    expect(await complete(person, proven)).toBe('session');
  });

  test('R35/R10: a passkey too: of the account as it was, of a kind that is accepted, and once', async () => {
    const { person } = await planted(house);
    const securityVersion = await versionOf(person);
    const proven = { by: 'passkey', kind: 'webauthn', securityVersion, answer: right } as const;
    expect(await complete(person, { ...proven, securityVersion: securityVersion - 1 })).toBe('pending_ended');
    expect(await complete(person, { ...proven, answer: spent })).toBe('replayed');
    await forbid(['webauthn'], async () => expect(await complete(person, proven)).toBe('method_forbidden'));
    expect(await complete(person, proven)).toBe('session');
  });

  test('R36: the session that this browser brought ends with it, the pending sign-in too', async () => {
    const person = await somebody(house);
    const browser = house.browser();
    await browser.post('/sign-in', { email: person.email, password: person.password });
    const proven = { by: 'password', securityVersion: await versionOf(person) } as const;
    await completeDirectly(house, person, proven, { session: browser.cookies.get('session') as string });
    expect(await countOf(house, 'session', person)).toBe(1);
    expect((await browser.get('/account')).status).toBe(303);
  });

  test('R29: nobody at all', async () => {
    const nobody = { id: 'f'.repeat(32), email: '', password: '' };
    expect(await complete(nobody, { by: 'password', securityVersion: 1 })).toBe('pending_ended');
  });
});
