import { describe, expect, test } from 'vitest';
import { findLiveRequest } from '../../src/accounts/recovery-request.ts';
import { tokenHash } from '../../src/kit/encoding.ts';
import { newId } from '../../src/kit/random.ts';
import type { Answer, Completed, Proven } from '../../src/sessions/complete.ts';
import { HOUR, MINUTE, planted, recordsOf, somebody } from '../kit/attack-kit.ts';
import { accountOf, completeDirectly, pendingOf } from '../kit/direct-sign-in.ts';
import { ENGINES } from '../kit/house.ts';
import type { Person } from '../kit/people.ts';
import { sharedHouse } from '../kit/shared-house.ts';

/** What the one function that makes sessions leaves behind: in the database, in the records, in the browser (R29, R36, R72). */
describe.each(ENGINES)('completeSignIn leaves what was proven, on %s', (engine) => {
  const house = sharedHouse({ engine });

  const app: Answer = { amr: ['otp'], claim: async () => true };
  const key: Answer = { amr: ['hwk', 'user'], phishingResistant: true, claim: async () => true };

  const complete = (person: Person, proven: Proven, cookies?: Record<string, string>) =>
    completeDirectly(house, person, proven, cookies);

  const byPassword = async (person: Person): Promise<Proven> => ({
    by: 'password',
    securityVersion: (await accountOf(house, person)).security_version,
  });

  async function byAnswer(person: Person, answer: Answer, more: { kind?: string; trust?: boolean } = {}) {
    const pending = await pendingOf(house, person);
    const method = { kind: more.kind ?? 'totp', typed: more.kind === undefined };
    return { by: 'answer', pending, answer, method, trust: more.trust ?? false } as const;
  }

  async function sessionMade({ sessionId }: Completed) {
    const { db } = house.app.database;
    return db
      .selectFrom('session')
      .select(['amr', 'acr', 'method', 'step_up_at'])
      .where('id', '=', sessionId as string)
      .executeTakeFirstOrThrow();
  }

  async function lastRecord(person: Person) {
    const row = (await recordsOf(house, person, 'sign_in.completed')).at(-1);
    return row && { method: row.method, detail: JSON.parse(row.detail) as unknown };
  }

  const named = ({ cookies }: Completed, name: string) => cookies.filter((cookie) => cookie.name === name);

  const mailsOf = async ({ email }: Person) =>
    (await house.mails()).filter(({ to }) => to === email).map(({ subject }) => subject);

  test('R29/R64: the session and the record say what was proven, no less and no more', async () => {
    const plain = await somebody(house);
    const now = house.clock.now();
    expect(await sessionMade(await complete(plain, await byPassword(plain)))).toEqual({
      amr: 'pwd',
      acr: 'pwd',
      method: null,
      step_up_at: now,
    });
    expect(await lastRecord(plain)).toEqual({ method: 'pwd', detail: {} });

    const { person } = await planted(house);
    const answered = await byAnswer(person, app);
    house.clock.advance(MINUTE);
    expect(await sessionMade(await complete(person, answered))).toEqual({
      amr: 'pwd otp mfa',
      acr: 'mfa',
      method: 'totp',
      // As old as the older of the two proofs (R40).
      step_up_at: now,
    });
    expect(await lastRecord(person)).toEqual({ method: 'pwd otp mfa', detail: {} });

    const touched = await complete(person, await byAnswer(person, key, { kind: 'webauthn' }));
    expect(await sessionMade(touched)).toMatchObject({ amr: 'pwd hwk user mfa', acr: 'phr' });
  });

  test('R37: trust comes of a tick, and what it lets in later is a password', async () => {
    const { person } = await planted(house);
    expect(named(await complete(person, await byAnswer(person, app)), 'trusted')).toEqual([]);
    const [cookie] = named(await complete(person, await byAnswer(person, app, { trust: true })), 'trusted');
    const { id } = await house.app.database.db
      .selectFrom('trusted_browser')
      .select('id')
      .where('token_hash', '=', tokenHash(cookie?.value as string))
      .executeTakeFirstOrThrow();
    const { security_version: securityVersion } = await accountOf(house, person);
    const later = await complete(person, { by: 'trusted-browser', securityVersion, trustedId: id });
    expect(await sessionMade(later)).toMatchObject({ amr: 'pwd', acr: 'pwd', step_up_at: null });
    expect(await lastRecord(person)).toEqual({ method: 'pwd', detail: { trusted: true } });
    expect(named(later, 'trusted')).toEqual([]);
  });

  test('A15/R36: a browser gets each cookie once, and nothing of the half-signed-in state stays', async () => {
    const person = await somebody(house);
    const first = await complete(person, await byPassword(person));
    const token = named(first, 'session')[0]?.value as string;
    const second = await complete(person, await byPassword(person), { session: token });
    expect(named(second, 'session')).toHaveLength(1);
    expect(named(second, 'session')[0]?.value).not.toBe(token);
    expect(named(second, 'pending')).toEqual([{ name: 'pending', value: null }]);
    expect(second.cookies.map(({ name }) => name).sort()).toEqual(['browser', 'pending', 'session']);
    const { db } = house.app.database;
    const old = db.selectFrom('session').select('id').where('token_hash', '=', tokenHash(token));
    expect(await old.execute()).toEqual([]);
  });

  test('R36: a browser is known by the token that it was given for this account, and by no other', async () => {
    const [ann, bob] = [await somebody(house), await somebody(house)];
    const news = 'New sign-in to Countersign';
    const made = 'x'.repeat(43);
    const first = await complete(ann, await byPassword(ann), { browser: made });
    const browser = named(first, 'browser')[0]?.value as string;
    expect(browser).not.toBe(made);
    expect(await mailsOf(ann)).toEqual([news]);

    const again = await complete(ann, await byPassword(ann), { browser });
    expect(named(again, 'browser')[0]?.value).toBe(browser);
    expect(await mailsOf(ann)).toEqual([news]);

    // Bob in Ann's browser: a token of its own, by which Ann is known too.
    const shared = named(await complete(bob, await byPassword(bob), { browser }), 'browser')[0]
      ?.value as string;
    expect(shared).not.toBe(browser);
    expect(await mailsOf(bob)).toEqual([news]);
    await complete(ann, await byPassword(ann), { browser: shared });
    expect(await mailsOf(ann)).toEqual([news]);
    // Without any, it is a new one again.
    await complete(ann, await byPassword(ann));
    expect(await mailsOf(ann)).toEqual([news, news]);
  });

  test('R46: who answers has not lost everything: the request for help ends, and a password alone ends none', async () => {
    const { person } = await planted(house);
    const plain = await somebody(house);
    const { db } = house.app.database;
    for (const one of [person, plain]) {
      const { id: account_id, security_version } = await accountOf(house, one);
      const now = house.clock.now();
      const what = { reason: '', network: '', browser: '', created_at: now, effective_at: now + 24 * HOUR };
      const row = { id: newId(house.app.deps.random), account_id, security_version, ...what };
      await db.insertInto('recovery_request').values(row).execute();
    }
    const live = async (one: Person) =>
      (await findLiveRequest(db, await accountOf(house, one), house.clock.now())) !== null;
    await complete(plain, await byPassword(plain));
    expect(await live(plain)).toBe(true);
    await complete(person, await byAnswer(person, app));
    expect(await live(person)).toBe(false);
    const [cancelled] = await recordsOf(house, person, 'recovery.cancelled');
    expect(JSON.parse(cancelled?.detail as string)).toEqual({ by: 'sign-in' });
  });

  test('R31: where the method is not accepted any more, an enrolment pass and nothing else', async () => {
    const { person } = await planted(house);
    const { db } = house.app.database;
    await db.insertInto('policy_value').values({ key: 'forbidden_factors', value: 'totp' }).execute();
    const proven = await byAnswer(person, app);
    const done = await complete(person, proven, { session: 'a', pending: 'b' });
    await db.deleteFrom('policy_value').where('key', '=', 'forbidden_factors').execute();
    expect(done.sessionId).toBe(null);
    expect(named(done, 'session').at(-1)?.value).toBe(null);
    expect(named(done, 'pending').at(-1)?.value).toBe(null);
    expect(done.cookies.map(({ name }) => name).sort()).toEqual(['enrolment', 'pending', 'session']);
  });
});
