import { describe, expect, test } from 'vitest';
import { makeLink } from '../../src/accounts/link.ts';
import { findAccount } from '../../src/accounts/store.ts';
import type { Tx } from '../../src/database/open.ts';
import { lacksAccepted } from '../../src/factors/accepted.ts';
import { listAtRisk } from '../../src/factors/at-risk.ts';
import { spendChallengeTry, takeChallenge } from '../../src/factors/challenge.ts';
import { countPeopleWith, countWithOnly, listWithOnly } from '../../src/factors/count-store.ts';
import { claimDraft, draftFor, findDraft, isUsedUp, useUpDraft } from '../../src/factors/draft.ts';
import { factorData } from '../../src/factors/factor-data.ts';
import { clearSecondStep, deleteFactor, listFactors, renameFactor } from '../../src/factors/store.ts';
import { answering, isLast } from '../../src/factors/working.ts';
import { rowOwner } from '../../src/kit/seal.ts';
import {
  factorIdOf,
  guessWrong,
  HOUR,
  halfSignedIn,
  MINUTE,
  type Protected,
  planted,
  somebody,
} from '../kit/attack-kit.ts';
import { ENGINES } from '../kit/house.ts';
import { withKey } from '../kit/keys.ts';
import type { Person } from '../kit/people.ts';
import { plantedPhone, someNumber, textsTo } from '../kit/phones.ts';
import { setValue } from '../kit/rules-kit.ts';
import { sharedHouse } from '../kit/shared-house.ts';

/** What stands and what doesn't, of factors of any kind, the conditions one by one. */
describe.each(ENGINES)('factors, exactly, on %s', (engine) => {
  const house = sharedHouse({ engine });
  const deps = () => house.app.deps;
  const db = () => house.app.database.db;
  const inTx = <T>(work: (tx: Tx) => Promise<T>) => house.app.database.transaction(work);
  const sliceOf = ({ id }: Person) => ({ after: id.slice(0, -1), upTo: id });
  const factorsOf = ({ id }: Person) => listFactors(db(), id);
  const suspendFactors = ({ id }: Person, kind: string) =>
    db()
      .updateTable('factor')
      .set({ suspended_at: 1 })
      .where('account_id', '=', id)
      .where('kind', '=', kind)
      .execute();
  const spendCodes = ({ id }: Person) =>
    db().updateTable('recovery_code').set({ used_at: 1 }).where('account_id', '=', id).execute();
  const own = async ({ id }: Person) => (await findAccount(db(), id))!;

  test('R71: a factor is renamed and removed by its owner only, and once', async () => {
    const [ann, bob] = [await planted(house), await planted(house)];
    const id = await factorIdOf(house, ann.person);
    expect(await inTx((tx) => renameFactor(tx, bob.person.id, id, 'Mine'))).toBe(false);
    expect(await inTx((tx) => deleteFactor(tx, bob.person.id, id))).toBe(false);
    expect(await inTx((tx) => renameFactor(tx, ann.person.id, id, 'Mine'))).toBe(true);
    expect(await factorsOf(ann.person)).toMatchObject([{ id, label: 'Mine' }]);
    expect(await inTx((tx) => deleteFactor(tx, ann.person.id, id))).toBe(true);
    expect(await inTx((tx) => deleteFactor(tx, ann.person.id, id))).toBe(false);
  });

  test('what a person’s own data say: kind, name, the end of a number, which is asked first, codes', async () => {
    const ann = await plantedPhone(house, someNumber());
    const phone = (await factorsOf(ann.person)).find(({ kind }) => kind === 'sms')!;
    await db().updateTable('factor').set({ preferred: 1 }).where('id', '=', phone.id).execute();
    const read = async (person: Person) => factorData.read(deps(), await own(person));
    const at = new Date(house.clock.now()).toISOString();
    expect(await read(ann.person)).toMatchObject({
      factors: expect.arrayContaining([
        expect.objectContaining({ kind: 'totp', detail: null, preferred: false, last_used_at: null }),
        expect.objectContaining({
          kind: 'sms',
          detail: expect.stringContaining(ann.number.slice(-2)),
          preferred: true,
        }),
      ]),
      recovery_codes: { left: 10, made_at: at },
    });
    expect(await read(await somebody(house))).toEqual({ factors: [], recovery_codes: null });
  });

  test('at risk: one thing to lose and no codes; not with a second thing, with codes, or when the account rests', async () => {
    const app = (await planted(house)).person;
    const risk = async (person: Person) =>
      (await listAtRisk(deps(), sliceOf(person))).map(({ kinds }) => kinds);
    expect(await risk(app)).toEqual([]);
    await spendCodes(app);
    expect(await risk(app)).toEqual([['totp']]);

    const { person: both } = await withKey(house);
    await spendCodes(both);
    expect(await risk(both)).toEqual([]);
    await suspendFactors(both, 'webauthn');
    expect(await risk(both)).toEqual([['totp']]);
    await suspendFactors(both, 'totp');
    expect(await risk(both)).toEqual([[]]);
  });

  test('what answers: not what is suspended; and the last that does is the last', async () => {
    const { person } = await withKey(house);
    const forbidden = new Set<string>();
    const last = async (kind: string) => {
      const factors = await factorsOf(person);
      return isLast(deps(), factors, factors.find((one) => one.kind === kind)!, forbidden);
    };
    expect(answering(deps(), await factorsOf(person)).map(({ kind }) => kind)).toEqual(['totp', 'webauthn']);
    expect([await last('totp'), await last('webauthn')]).toEqual([false, false]);
    // Without what is not accepted the app would be the only one; the key itself is none that counts.
    forbidden.add('webauthn');
    expect([await last('totp'), await last('webauthn')]).toEqual([true, false]);
    forbidden.clear();
    await suspendFactors(person, 'webauthn');
    expect(answering(deps(), await factorsOf(person)).map(({ kind }) => kind)).toEqual(['totp']);
    expect(await last('totp')).toBe(true);
  });

  test('lacks what is accepted: whoever has factors, all of them of other kinds', async () => {
    const [app, none] = [(await planted(house)).person, await somebody(house)];
    expect(await lacksAccepted(deps(), db(), app.id)).toBe(false);
    await setValue(house, 'forbidden_factors', ['totp']);
    expect([await lacksAccepted(deps(), db(), app.id), await lacksAccepted(deps(), db(), none.id)]).toEqual([
      true,
      false,
    ]);
    await suspendFactors(app, 'totp');
    expect(await lacksAccepted(deps(), db(), app.id)).toBe(false);
    await setValue(house, 'forbidden_factors', []);
  });

  test('people are counted by what works for them, also of no kind at all', async () => {
    const { person } = await withKey(house);
    const slice = sliceOf(person);
    expect(await countPeopleWith(db(), ['totp', 'webauthn', 'sms'], slice)).toEqual([1, 1, 0]);
    expect(await countPeopleWith(db(), [], slice)).toEqual([]);
    expect(await countPeopleWith(db(), ['totp'], { after: '~', upTo: '~' })).toEqual([0]);
    const only = async (...kinds: string[]) => [
      await countWithOnly(db(), kinds, slice),
      (await listWithOnly(db(), kinds, slice, 9)).length,
    ];
    expect(await only('totp')).toEqual([0, 0]);
    expect(await only('totp', 'webauthn')).toEqual([1, 1]);
    expect(await only()).toEqual([0, 0]);
    await suspendFactors(person, 'webauthn');
    expect(await only('totp')).toEqual([1, 1]);
    expect(await countPeopleWith(db(), ['webauthn'], slice)).toEqual([0]);
  });

  describe('drafts', () => {
    const KIND = 'recovery-codes';
    const owner = async () => ({ accountId: (await somebody(house)).id, holderId: 'session-of-the-test' });
    const make = () => ({ codes: ['one'] });

    test('R7: the same across reloads, of its owner and for ten minutes, and one for what it takes the place of', async () => {
      const ann = { ...(await owner()), holderId: 'reloads' };
      const draft = await draftFor(deps(), ann, 'totp', null, make);
      expect((await draftFor(deps(), ann, 'totp', null, () => ({ codes: ['two'] }))).data).toEqual(make());
      const other = await draftFor(deps(), ann, 'totp', 'app-1', () => ({ codes: ['two'] }));
      expect(other.id).not.toBe(draft.id);
      expect((await findDraft(deps(), ann, 'totp', 'app-1'))?.data).toEqual({ codes: ['two'] });
      expect(await findDraft(deps(), ann, 'totp', 'app-2')).toBeNull();
      expect(await findDraft(deps(), { ...ann, holderId: 'another' }, 'totp', null)).toBeNull();
      house.clock.advance(10 * MINUTE);
      expect(await inTx((tx) => claimDraft(tx, draft.id, house.clock.now()))).toBe(false);
      expect((await draftFor(deps(), ann, 'totp', null, make)).id).not.toBe(draft.id);
    });

    test('is claimed once', async () => {
      const ann = { ...(await owner()), holderId: 'claims' };
      const { id } = await draftFor(deps(), ann, 'totp', null, make);
      const claim = () => inTx((tx) => claimDraft(tx, id, house.clock.now()));
      expect([await claim(), await claim()]).toEqual([true, false]);
    });

    test('used up: known while nothing newer was shown, for the page that showed it, without what it held', async () => {
      const ann = { ...(await owner()), holderId: 'used-up' };
      const used = (shownId?: string) => isUsedUp(db(), deps(), ann, KIND, shownId);
      expect(await used()).toBe(false);
      const draft = await draftFor(deps(), ann, KIND, null, make);
      expect([await used(), await used(draft.id)]).toEqual([false, false]);
      const useUp = () => inTx((tx) => useUpDraft(tx, deps(), ann, draft));
      expect([await useUp(), await useUp()]).toEqual([true, false]);
      expect([await used(), await used(draft.id), await used('older')]).toEqual([true, true, false]);
      expect(await findDraft(deps(), ann, KIND, null)).toBeNull();
      const row = await db()
        .selectFrom('factor_draft')
        .selectAll()
        .where('id', '=', draft.id)
        .executeTakeFirstOrThrow();
      const held = deps().seal.open('enrolment', rowOwner(ann.accountId, draft.id), row.sealed_data);
      expect([row.kind, held]).toEqual([`${KIND}/used`, '{}']);
      // Shown a newer one, whoever presses again means that one.
      await draftFor(deps(), ann, KIND, null, make);
      expect([await used(), await used(draft.id)]).toEqual([false, false]);
    });
  });

  test('R14: a question is answered with its tries, and taken once, before it ends', async () => {
    const ann = await plantedPhone(house, someNumber());
    const half = await halfSignedIn(house, ann.person);
    await half.post('/sign-in/factor/sms/send');
    const { id } = await db()
      .selectFrom('factor_challenge')
      .select('id')
      .where('account_id', '=', ann.person.id)
      .executeTakeFirstOrThrow();
    const spend = () => inTx((tx) => spendChallengeTry(tx, id, 2));
    expect([await spend(), await spend(), await spend()]).toEqual([true, true, false]);
    const take = (now: number) => inTx((tx) => takeChallenge(tx, id, now));
    expect(await take(house.clock.now() + HOUR)).toBe(false);
    expect([await take(house.clock.now()), await take(house.clock.now())]).toEqual([true, false]);
  });

  test('R11: while typed codes rest, none is sent', async () => {
    const ann = await plantedPhone(house, someNumber());
    await guessWrong(house, ann, 10);
    const answer = await (await halfSignedIn(house, ann.person)).post('/sign-in/factor/sms/send');
    expect(answer.status).toBe(429);
    expect(await textsTo(house, ann.number)).toEqual([]);
  });

  test('R28: the mail about a used code speaks of a key where there is one to lose', async () => {
    const mailAfter = async ({ person, codes }: Protected) => {
      await (await halfSignedIn(house, person)).post('/sign-in/factor/recovery-code', { code: codes[0]! });
      return (await house.mails(person.email)).find(({ subject }) => subject.includes('recovery code'))?.text;
    };
    const [ann, bob] = [await withKey(house), await withKey(house)];
    expect(await mailAfter(ann)).toContain('If you lost your phone or key,');
    await suspendFactors(bob.person, 'webauthn');
    expect(await mailAfter(bob)).toContain('If you lost your phone,');
    expect(await mailAfter(await planted(house))).toContain('If you lost your phone,');
  });

  test('R41: with the second step goes the way back to an app that was replaced', async () => {
    const { person } = await planted(house);
    const undo = { purpose: 'undo-replace', accountId: person.id, data: {}, lifetime: HOUR } as const;
    const other = { purpose: 'reset', accountId: person.id, data: {}, lifetime: HOUR } as const;
    for (const link of [undo, other]) await inTx((tx) => makeLink(tx, deps(), link));
    await inTx((tx) => clearSecondStep(tx, person.id));
    const links = db().selectFrom('link').select('purpose').where('account_id', '=', person.id);
    const rows = await links.execute();
    expect(rows.map(({ purpose }) => purpose)).toEqual(['reset']);
    expect(await factorsOf(person)).toEqual([]);
  });
});
