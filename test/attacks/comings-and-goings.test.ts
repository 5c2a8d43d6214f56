import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lockAccount } from '../../src/accounts/store.ts';
import { sms } from '../../src/factors/sms/sms.ts';
import { deleteFactor, listFactors } from '../../src/factors/store.ts';
import { openKey, sealKey } from '../../src/factors/webauthn/keys.ts';
import {
  countOf,
  factorIdOf,
  HOUR,
  halfSignedIn,
  MINUTE,
  SECOND,
  signInAgain,
  somebody,
  somebodyProtected,
  tokenOf,
} from '../kit/attack-kit.ts';
import { Authenticator } from '../kit/authenticator.ts';
import { ENGINES, type House, openHouse } from '../kit/house.ts';
import { addKey, askedAtFactor, keyRow, signInWithKey, withKey } from '../kit/keys.ts';
import { enableApp, enterPassword } from '../kit/people.ts';
import { codeFor, plantedPhone, sendText } from '../kit/phones.ts';
import { administrator, askForHelp, givePass } from '../kit/recovery-kit.ts';

// Factors that come, go and come back, and what a stranger can do meanwhile.

describe.each(ENGINES)('on %s', (engine) => {
  let house: House;
  beforeAll(async () => {
    house = await openHouse({ engine });
  });
  afterAll(() => house.close());

  const undo = async (email: string) =>
    house.browser().post('/undo', { token: tokenOf(await house.link(email, '/undo')) });

  test('A34: nobody can take the id of a key that was replaced a moment ago, so its undo works', async () => {
    const { person, browser, key } = await withKey(house);
    const id = (await keyRow(house, key))?.id ?? '';
    expect((await addKey(browser, new Authenticator(), { label: 'Thief', replaces: id })).status).toBe(303);
    // Whoever saw the id can put it on a key of their own: an attestation of none proves nothing.
    const thief = await somebodyProtected(house);
    const copy = new Authenticator();
    Object.assign(copy, { id: key.id });
    expect((await addKey(thief.browser, copy, { label: 'Squat' })).status).toBe(409);
    expect((await addKey(browser, copy, { label: 'Squat' })).status).toBe(409);
    expect((await undo(person.email)).status).toBe(303);
    expect((await keyRow(house, key))?.account_id).toBe(person.id);
  });

  test('R20: a suspended key that was replaced comes back suspended', async () => {
    const { person, browser, key } = await withKey(house);
    const { db } = house.app.database;
    const id = (await keyRow(house, key))?.id ?? '';
    const suspended_at = house.clock.now();
    await db.updateTable('factor').set({ suspended_at }).where('id', '=', id).execute();
    expect((await addKey(browser, new Authenticator(), { label: 'New', replaces: id })).status).toBe(303);
    expect((await undo(person.email)).status).toBe(303);
    expect((await keyRow(house, key))?.suspended_at).toBe(suspended_at);
  });

  test('A36: a key that is bound to another name is not what remains: removing the app leads to switching off', async () => {
    const { person, browser, key } = await withKey(house);
    const { deps, database } = house.app;
    const row = (await listFactors(database.db, person.id)).find(({ external_id }) => external_id === key.id);
    if (!row) throw new Error('the key is not there');
    const sealed_data = sealKey(deps, person.id, row.id, {
      ...openKey(deps, row).data,
      rpId: 'old.example.org',
    });
    await database.db.updateTable('factor').set({ sealed_data }).where('id', '=', row.id).execute();
    const app = await factorIdOf(house, person);
    const answer = await browser.post(`/account/security/factors/${app}/remove`);
    expect(answer.location).toBe('/account/security/disable');
    expect((await browser.get(`/account/security/factors/${app}/remove`)).location).toBe(
      '/account/security/disable',
    );
    expect(await countOf(house, 'factor', person)).toBe(2);
  });

  test('A48: in a shared browser, signing in as oneself gives no new tries at the other one’s password', async () => {
    const victim = await somebody(house);
    const thief = await somebody(house);
    const shared = house.browser();
    await enterPassword(shared, victim);
    await shared.post('/sign-out');
    const known = shared.cookies.get('browser') ?? '';
    const statuses: number[] = [];
    for (let round = 0; round < 3; round++) {
      const browser = house.browser();
      browser.cookies.set('browser', known);
      await enterPassword(browser, thief);
      await browser.post('/sign-out');
      for (let n = 0; n < 6; n++) {
        const answer = await enterPassword(browser, { ...victim, password: `wrong-${round}-${n}` });
        statuses.push(answer.status);
      }
    }
    expect(statuses.filter((status) => status === 422)).toHaveLength(10);
  });

  test('R37: a browser that was trusted with a copy of a key is asked again once the copy is found', async () => {
    const { person, key } = await withKey(house);
    const thief = await halfSignedIn(house, person);
    const copied = key.get(await askedAtFactor(thief), { counter: 50 });
    const answer = await thief.post('/sign-in/factor/webauthn', { credential: copied, trust: 'on' });
    expect(answer.location).toBe('/');
    await thief.post('/sign-out');
    expect((await signInWithKey(house, person, key)).answer.status).toBe(422);
    expect((await keyRow(house, key))?.suspended_at).not.toBeNull();
    expect((await enterPassword(thief, person)).location).toBe('/sign-in/factor');
  });

  test('R40: what a first factor opens is as old as the password before it', async () => {
    const person = await somebody(house);
    const browser = house.browser();
    await enterPassword(browser, person);
    house.clock.advance(9 * MINUTE);
    await enableApp(house, browser);
    house.clock.advance(90 * SECOND);
    expect((await browser.get('/account/security/disable')).location).toMatch(/^\/confirm\?/);
  });

  test('R40: a temporary pass that was used for most of its hour leaves no fresh step-up', async () => {
    const ada = await administrator(house, 'Ada');
    const bob = await administrator(house, 'Bob');
    const lost = await somebodyProtected(house);
    await askForHelp(house, lost.person);
    house.clock.advance(25 * HOUR);
    const token = await givePass(
      house,
      lost.person,
      await signInAgain(house, ada),
      await signInAgain(house, bob),
    );
    const browser = house.browser();
    await browser.post('/temporary-pass', { token, password: lost.person.password });
    house.clock.advance(50 * MINUTE);
    await enableApp(house, browser);
    expect((await browser.get('/account/password')).location).toMatch(/^\/confirm\?/);
  });

  test('A14: a code sent to a phone that is removed while it is looked at proves nothing', async () => {
    const { person, number } = await plantedPhone(house);
    const browser = await halfSignedIn(house, person);
    await sendText(browser);
    const { deps, database } = house.app;
    const factors = await listFactors(database.db, person.id);
    const phone = factors.find(({ kind }) => kind === 'sms');
    const account = await database.transaction((tx) => lockAccount(tx, person.id));
    const pending = await database.db
      .selectFrom('pending_sign_in')
      .select('id')
      .where('account_id', '=', person.id)
      .executeTakeFirstOrThrow();
    if (!phone || !account) throw new Error('nobody is there');
    const asked = {
      account,
      factors,
      purpose: 'sign-in',
      holderId: pending.id,
      base: '/sign-in/factor',
    } as const;
    const verdict = await sms.check(deps, asked, {} as never, await codeFor(house, number));
    if (verdict.kind !== 'accepted') throw new Error('the code was right');
    await database.transaction((tx) => deleteFactor(tx, person.id, phone.id));
    expect(await database.transaction((tx) => verdict.claim(tx, house.clock.now()))).toBe(false);
  });
});
