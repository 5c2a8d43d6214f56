import { describe, expect, test } from 'vitest';
import { findAccount } from '../../src/accounts/store.ts';
import type { Tx } from '../../src/database/open.ts';
import { proposeCodes, useProposedCodes } from '../../src/factors/recovery-codes/regenerate.ts';
import { hashCodes } from '../../src/factors/recovery-codes/store.ts';
import { replaceFactor } from '../../src/factors/replace-factor.ts';
import { resetTwoFactor } from '../../src/factors/reset-two-factor.ts';
import { insertFactor, type NewFactor } from '../../src/factors/store.ts';
import { switchOn } from '../../src/factors/switch-on.ts';
import { tokenHash } from '../../src/kit/encoding.ts';
import { changeEmail } from '../../src/profile/change-email.ts';
import { removeFactor } from '../../src/security/remove-factor.ts';
import { findEnrolment } from '../../src/sessions/enrolment-pass.ts';
import type { Holder } from '../../src/sessions/require.ts';
import { findSession } from '../../src/sessions/store.ts';
import {
  answerTotp,
  DAY,
  factorIdOf,
  halfSignedIn,
  planted,
  SECOND,
  somebody,
  somebodyProtected,
  someEmail,
  tokenOf,
} from '../kit/attack-kit.ts';
import type { Browser } from '../kit/browser.ts';
import { visitOf } from '../kit/direct-sign-in.ts';
import { ENGINES } from '../kit/house.ts';
import { appCode, enterPassword, type Person } from '../kit/people.ts';
import { sharedHouse } from '../kit/shared-house.ts';

/**
 * Between the look at an account and the change lies time in which another request may have changed it. What each change
 * was asked on is compared in its own transaction (R35), past every door.
 */
describe.each(ENGINES)('R35: what was looked at is compared again, on %s', (engine) => {
  const house = sharedHouse({ engine });

  type SessionHolder = Extract<Holder, { kind: 'session' }>;

  const session = async (browser: Browser): Promise<SessionHolder> => {
    const found = await findSession(
      house.app.database.db,
      tokenHash(browser.cookies.get('session') as string),
    );
    if (!found) throw new Error('nobody is signed in');
    return { kind: 'session', ...found };
  };

  const anApp = (person: Person, kind = 'totp'): NewFactor => ({
    id: `new-${kind}-${person.id}`,
    account_id: person.id,
    kind,
    label: 'New',
    sealed_data: 'sealed',
    counter: 0,
    created_at: house.clock.now(),
  });

  const within = <T>(work: (tx: Tx) => Promise<T>) => house.app.deps.database.transaction(work);

  const factorsOf = async ({ id }: Person) => {
    const { db } = house.app.database;
    const rows = await db.selectFrom('factor').select('label').where('account_id', '=', id).execute();
    return rows.map(({ label }) => label);
  };

  /** As any change of its security does. */
  const changeSomething = ({ id }: Person) =>
    house.app.database.db
      .updateTable('account')
      .set((eb) => ({ security_version: eb('security_version', '+', 1) }))
      .where('id', '=', id)
      .execute();

  test('switching on, adding and replacing: of the account as it was, or not at all', async () => {
    const { deps } = house.app;
    const { person, browser } = await somebodyProtected(house);
    const holder = await session(browser);
    const old = await factorIdOf(house, person);
    await changeSomething(person);
    const add = within((tx) =>
      switchOn(tx, deps, visitOf(house), holder, anApp(person), { codes: null, amr: ['otp'] }),
    );
    await expect(add).rejects.toMatchObject({ code: 'conflict' });
    const replace = within((tx) => replaceFactor(tx, deps, visitOf(house), holder, old, anApp(person)));
    await expect(replace).rejects.toMatchObject({ code: 'conflict' });
    expect(await factorsOf(person)).toEqual(['Authenticator app']);
  });

  test('R50: adding, replacing, removing and a new set: in a session that still is one, or not at all', async () => {
    const { deps } = house.app;
    const { person, browser } = await somebodyProtected(house);
    await within((tx) => insertFactor(tx, { ...anApp(person), id: `spare-${person.id}`, label: 'Spare' }));
    const holder = await session(browser);
    const old = await factorIdOf(house, person);
    await proposeCodes(deps, holder);
    // Its owner ends it elsewhere, while what a thief sent in it waits its turn.
    await browser.post('/sign-out');
    const visit = visitOf(house);
    const late = await Promise.allSettled([
      within((tx) => switchOn(tx, deps, visit, holder, anApp(person), { codes: null, amr: ['otp'] })),
      within((tx) => replaceFactor(tx, deps, visit, holder, old, anApp(person))),
      removeFactor(deps, visit, holder, old),
      useProposedCodes(deps, visit, holder),
    ]);
    for (const one of late) expect(one).toMatchObject({ reason: { code: 'sign_in_required' } });
    expect((await factorsOf(person)).sort()).toEqual(['Authenticator app', 'Spare']);
  });

  test('R50/R48: nor does an address change in a session that has ended', async () => {
    const { deps } = house.app;
    const { person, browser } = await somebodyProtected(house);
    const holder = await session(browser);
    const email = someEmail('new');
    await browser.post('/account/email', { email });
    const token = tokenOf(await house.link(email, '/email-change'));
    await browser.post('/sign-out');
    const late = changeEmail(deps, visitOf(house), holder, token);
    await expect(late).rejects.toMatchObject({ code: 'sign_in_required' });
    expect((await findAccount(deps.database.db, person.id))?.email).toBe(person.email);
  });

  test('R27: the first factor comes with codes, and a further one never does', async () => {
    const { deps } = house.app;
    const plain = await somebody(house);
    const browser = house.browser();
    await enterPassword(browser, plain);
    const first = await session(browser);
    const without = within((tx) =>
      switchOn(tx, deps, visitOf(house), first, anApp(plain), { codes: null, amr: ['otp'] }),
    );
    await expect(without).rejects.toMatchObject({ code: 'conflict' });
    expect(await factorsOf(plain)).toEqual([]);

    const { person, browser: other, codes } = await somebodyProtected(house);
    const further = await session(other);
    const set = await hashCodes(deps, codes);
    const again = within((tx) =>
      switchOn(tx, deps, visitOf(house), further, anApp(person), { codes: set, amr: ['otp'] }),
    );
    await expect(again).rejects.toMatchObject({ code: 'conflict' });
    expect(await factorsOf(person)).toEqual(['Authenticator app']);
  });

  test('R46/A22: only like by like, only what is there, and never by a pass', async () => {
    const { deps } = house.app;
    const { person, browser } = await somebodyProtected(house);
    const holder = await session(browser);
    const old = await factorIdOf(house, person);
    const replace = (by: Holder, id: string, factor: NewFactor) =>
      within((tx) => replaceFactor(tx, deps, visitOf(house), by, id, factor));
    await expect(replace(holder, old, anApp(person, 'sms'))).rejects.toMatchObject({ code: 'conflict' });
    await expect(replace(holder, 'gone', anApp(person))).rejects.toMatchObject({ code: 'conflict' });
    const stranger = await planted(house);
    const theirs = await factorIdOf(house, stranger.person);
    await expect(replace(holder, theirs, anApp(person))).rejects.toMatchObject({ code: 'conflict' });
    const admin = await somebody(house, { roles: 'admin' });
    const enrolling = house.browser();
    await enterPassword(enrolling, admin);
    const { db } = house.app.database;
    const pass = await findEnrolment(
      db,
      tokenHash(enrolling.cookies.get('enrolment') as string),
      house.clock.now(),
    );
    if (!pass) throw new Error('there is no pass');
    await expect(replace({ kind: 'enrolment', ...pass }, old, anApp(admin))).rejects.toMatchObject({
      code: 'conflict',
    });
    expect(await factorsOf(person)).toEqual(['Authenticator app']);
    expect(await factorsOf(stranger.person)).toEqual(['Authenticator app']);
    expect(await factorsOf(admin)).toEqual([]);
  });

  test('R27: proposed codes come into force only while 2FA is on', async () => {
    const { deps } = house.app;
    const { person, browser } = await somebodyProtected(house);
    const holder = await session(browser);
    await proposeCodes(deps, holder);
    await deps.database.db
      .updateTable('account')
      .set({ two_factor_at: null })
      .where('id', '=', person.id)
      .execute();
    const use = useProposedCodes(deps, visitOf(house), holder);
    await expect(use).rejects.toMatchObject({ code: 'no_two_factor' });
    const off = await session(browser);
    await expect(proposeCodes(deps, off)).rejects.toMatchObject({
      code: 'no_two_factor',
    });
  });

  test('R70: nobody is reset who is not there, or has nothing', async () => {
    const { deps } = house.app;
    const by = { place: visitOf(house), actor: 'operator' as const };
    const reset = (id: string) =>
      within((tx) => resetTwoFactor(tx, deps, by, { id, reason: 'lost', doneBy: 'operator' }));
    await expect(reset('nobody')).rejects.toMatchObject({ code: 'not_found' });
    const { id } = await somebody(house);
    await expect(reset(id)).rejects.toMatchObject({ code: 'no_two_factor' });
  });

  test('R37/R69: a trusted browser lets an administrator in, and to the Dashboard only after both steps', async () => {
    const { person, secret } = await planted(house, { roles: 'admin' });
    const browser = await halfSignedIn(house, person);
    await browser.post('/sign-in/factor/totp', { code: appCode(house, secret), trust: 'on' });
    house.clock.advance(30 * SECOND);
    await browser.post('/sign-out');
    expect((await enterPassword(browser, person)).location).toBe('/');
    expect((await browser.get('/account')).status).toBe(200);
    const shown = await browser.get('/admin', { accept: 'application/json' });
    expect(shown.status).toBe(403);
    expect(JSON.parse(shown.body)).toMatchObject({ code: 'step_up_required' });
    expect((await browser.get('/admin')).location).toMatch(/^\/confirm\?/);
    await browser.post('/confirm', { password: person.password });
    await browser.post('/confirm/factor/totp', { code: appCode(house, secret) });
    expect((await browser.get('/admin')).status).toBe(200);
  });

  test('R33/R59: a right code that nobody waits for any more lets in nobody', async () => {
    const { person, secret } = await planted(house);
    const browser = await halfSignedIn(house, person);
    house.clock.advance(DAY);
    expect((await answerTotp(browser, appCode(house, secret))).location).toMatch(/^\/sign-in/);
    expect(browser.cookies.has('session')).toBe(false);
  });
});
