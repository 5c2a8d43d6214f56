import { afterEach, describe, expect, test, vi } from 'vitest';
import type { FactorRow } from '../../src/factors/factor.ts';
import { openKey } from '../../src/factors/webauthn/keys.ts';
import { passkeyDoor } from '../../src/factors/webauthn/passkey.ts';
import { recordsOf, SECOND, seesAccount, sessionOf } from '../kit/attack-kit.ts';
import { Authenticator } from '../kit/authenticator.ts';
import type { Browser } from '../kit/browser.ts';
import { ENGINES } from '../kit/house.ts';
import { expectRefused, keyRow, optionsOf, PASSKEY_REFUSED, usePasskey, withKey } from '../kit/keys.ts';
import { setValue } from '../kit/rules-kit.ts';
import { sharedHouse } from '../kit/shared-house.ts';

/** What the door without a password leaves behind: records, tries, suspended keys (R19, R20, R35, R57, R72). */
describe.each(ENGINES)('passkeys, on %s', (engine) => {
  const house = sharedHouse({ engine });
  afterEach(() => vi.restoreAllMocks());
  const db = () => house.app.database.db;
  let networks = 0;

  /** From a network of its own, so that nobody else's tries count. */
  function somewhere(): Browser {
    const browser = house.browser();
    browser.network = `203.0.113.${++networks}`;
    return browser;
  }

  const asked = async (browser: Browser) => optionsOf(await browser.get('/sign-in'), '/sign-in/passkey');
  const tries = async ({ network }: Browser) =>
    (await db().selectFrom('throttle').selectAll().where('key', '=', `passkey/${network}`).execute())[0];

  test('R72: who came in, and how; whose passkey was refused, where it is anybody’s', async () => {
    const { person, key } = await withKey(house);
    const browser = somewhere();
    expect((await usePasskey(browser, key)).location).toBe('/');
    expectRefused(await usePasskey(somewhere(), key, { bogusSignature: true }), PASSKEY_REFUSED);
    const records = await recordsOf(house, person, 'sign_in.passkey');
    expect(records).toMatchObject([
      { outcome: 'success', method: 'webauthn' },
      { outcome: 'failure', method: 'webauthn' },
    ]);
    expect(JSON.parse(records[0]?.detail ?? '{}')).toMatchObject({ user_verified: true });
    const session = await sessionOf(house, browser);
    expect([session?.acr, session?.method]).toEqual(['phr', 'passkey']);
    expectRefused(await usePasskey(somewhere(), new Authenticator()), PASSKEY_REFUSED);
    const unknown = await db()
      .selectFrom('audit_event')
      .select(['outcome', 'subject'])
      .where('event', '=', 'sign_in.passkey')
      .orderBy('seq', 'desc')
      .executeTakeFirst();
    expect(unknown).toEqual({ outcome: 'failure', subject: null });
  });

  test('R57: right ones never add up to a wait, and end the row of wrong ones', async () => {
    const { key } = await withKey(house);
    const browser = somewhere();
    for (let n = 1; n <= 3; n++) {
      await browser.post('/sign-in/passkey', { credential: '{}' });
      expect(await tries(browser)).toMatchObject({ count: n, open: 0 });
    }
    expect((await usePasskey(browser, key)).location).toBe('/');
    expect(await tries(browser)).toMatchObject({ count: 0, open: 0 });
  });

  test('R57: whoever has to wait is told how long, and their question is not spent by it', async () => {
    const { key } = await withKey(house);
    const browser = somewhere();
    await browser.post('/sign-in/passkey', { credential: '{}' });
    await db()
      .updateTable('throttle')
      .set({ count: 99 })
      .where('key', '=', `passkey/${browser.network}`)
      .execute();
    await browser.post('/sign-in/passkey', { credential: '{}' });
    const credential = key.get(await asked(browser));
    const waits = await browser.post('/sign-in/passkey', { credential });
    expect([waits.status, waits.headers['retry-after']]).toEqual([429, '30']);
    house.clock.advance(30 * SECOND);
    expect((await browser.post('/sign-in/passkey', { credential })).location).toBe('/');
  });

  test('R20: of two answers with one counter at once one comes in, and the key is suspended', async () => {
    const { person, key } = await withKey(house);
    const browsers = [somewhere(), somewhere()];
    const credentials: string[] = [];
    for (const browser of browsers) credentials.push(key.get(await asked(browser), { counter: 7 }));
    const answers = await Promise.all(
      browsers.map((browser, n) =>
        browser.post('/sign-in/passkey', { credential: credentials[n] as string }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 422]);
    expect((await keyRow(house, key))?.suspended_at).not.toBeNull();
    const [suspended] = await recordsOf(house, person, 'factor.suspended');
    expect(suspended).toMatchObject({ actor: 'system', method: 'webauthn' });
    expect(JSON.parse(suspended?.detail ?? '{}')).toEqual({ reason: 'counter' });
    const records = await recordsOf(house, person, 'sign_in.passkey');
    expect(records.map(({ outcome }) => outcome).sort()).toEqual(['failure', 'success']);
  });

  test('a passkey that is synced from now on is known to be, and nothing else of it changes', async () => {
    const { key } = await withKey(house, { backupEligible: true, counts: false });
    const data = async () => openKey(house.app.deps, (await keyRow(house, key)) as FactorRow).data;
    const before = await data();
    expect(before).toMatchObject({ backupEligible: true, backedUp: false });
    expect((await usePasskey(somewhere(), key, { bs: false })).location).toBe('/');
    expect(await data()).toEqual(before);
    expect((await usePasskey(somewhere(), key, { bs: true })).location).toBe('/');
    expect(await data()).toEqual({ ...before, backedUp: true });
  });

  test('R35: a passkey of the account as it was a moment ago is refused like any other', async () => {
    const { person, key } = await withKey(house);
    const check = passkeyDoor.check;
    vi.spyOn(passkeyDoor, 'check').mockImplementation(async (...asking) => {
      const verdict = await check(...asking);
      await db()
        .updateTable('account')
        .set((eb) => ({ security_version: eb('security_version', '+', 1) }))
        .where('id', '=', person.id)
        .execute();
      return verdict;
    });
    const browser = somewhere();
    expectRefused(await usePasskey(browser, key), PASSKEY_REFUSED);
    expect(await seesAccount(browser)).toBe(false);
    expect(await tries(browser)).toMatchObject({ count: 1, open: 0 });
  });

  test('decision 15: where keys are not accepted no passkey signs in, whatever else its owner has', async () => {
    const { key } = await withKey(house);
    const browser = somewhere();
    const credential = key.get(await asked(browser));
    await setValue(house, 'forbidden_factors', ['webauthn']);
    const refused = await browser.post('/sign-in/passkey', { credential }, { accept: 'application/json' });
    expect([refused.status, refused.json<{ code: string }>().code]).toEqual([409, 'method_forbidden']);
    // Refused before anything was spent.
    expect(await tries(browser)).toBeUndefined();
    await setValue(house, 'forbidden_factors', []);
    expect((await browser.post('/sign-in/passkey', { credential })).location).toBe('/');
  });
});
