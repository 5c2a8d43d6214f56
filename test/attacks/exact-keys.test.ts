import { beforeAll, describe, expect, test } from 'vitest';
import { makeLink } from '../../src/accounts/link.ts';
import { findAccount } from '../../src/accounts/store.ts';
import { noteRestored } from '../../src/database/restored-at.ts';
import type { FactorRow } from '../../src/factors/factor.ts';
import { acceptedKeys } from '../../src/factors/webauthn/accepted-keys.ts';
import {
  awaitedIds,
  isAwaited,
  markSuspended,
  openKey,
  sealKey,
  touchKey,
} from '../../src/factors/webauthn/keys.ts';
import { HOUR, somebody, somebodyProtected } from '../kit/attack-kit.ts';
import { Authenticator } from '../kit/authenticator.ts';
import { textOf } from '../kit/browser.ts';
import { ENGINES } from '../kit/house.ts';
import { maker, modelOf, trustTestRoot } from '../kit/key-models.ts';
import { expectRefused, keyRow, optionsOf, PASSKEY_REFUSED, usePasskey, withKey } from '../kit/keys.ts';
import { sharedHouse } from '../kit/shared-house.ts';

const KEYS = '/account/security/keys';

beforeAll(trustTestRoot);

/** What decides whether a key counts, the conditions one by one. */
describe.each(ENGINES)('keys, exactly, on %s', (engine) => {
  const house = sharedHouse({ engine });
  const db = () => house.app.database.db;
  const now = () => house.clock.now();

  test('R20/R22: a key without a counter is claimed as long as it is there, counts nothing and is not suspended', async () => {
    const { key } = await withKey(house);
    const { id } = (await keyRow(house, key))!;
    const touch = () => house.app.database.transaction((tx) => touchKey(tx, id, now()));
    const set = (values: Record<string, number | null>) =>
      db().updateTable('factor').set(values).where('id', '=', id).execute();
    expect(await touch()).toBe(true);
    await set({ counter: 1 });
    expect(await touch()).toBe(false);
    await set({ counter: 0, suspended_at: 1 });
    expect(await touch()).toBe(false);
    await set({ suspended_at: null });
    expect(await touch()).toBe(true);
    await db().deleteFrom('factor').where('id', '=', id).execute();
    expect(await touch()).toBe(false);
  });

  test('R20: a key is suspended once, and told of once', async () => {
    const { key } = await withKey(house);
    const { id } = (await keyRow(house, key))!;
    const suspend = () => house.app.database.transaction((tx) => markSuspended(tx, id, now()));
    expect([await suspend(), await suspend()]).toEqual([true, false]);
  });

  test('R21: an id is kept for the undo of its own key, and for no other’s', async () => {
    const person = await somebody(house);
    const waiting = (data: Record<string, string>) =>
      house.app.database.transaction((tx) =>
        makeLink(tx, house.app.deps, { purpose: 'undo-replace', accountId: person.id, data, lifetime: HOUR }),
      );
    await waiting({ kind: 'webauthn', external_id: 'key_of-ann' });
    await waiting({ kind: 'webauthn' });
    await waiting({ kind: 'other', external_id: 'not-a-key' });
    expect(await isAwaited(db(), 'key_of-ann', now())).toBe(true);
    // To LIKE `_` is any letter.
    await waiting({ kind: 'webauthn', external_id: 'keyXof-bob' });
    expect(await isAwaited(db(), 'key_of-bob', now())).toBe(false);
    expect((await awaitedIds(db(), person.id, now())).toSorted()).toEqual(['keyXof-bob', 'key_of-ann']);
    expect(await awaitedIds(db(), person.id, now() + HOUR)).toEqual([]);
  });

  test('a browser is told of the keys of this host name, and not of those of another', async () => {
    const { person, key } = await withKey(house);
    const account = (await findAccount(db(), person.id))!;
    const told = async () => {
      const factors = (await db()
        .selectFrom('factor')
        .selectAll()
        .where('account_id', '=', person.id)
        .execute()) as FactorRow[];
      return String((await acceptedKeys(house.app.deps, account, factors)) ?? '');
    };
    expect(await told()).toContain(key.id);
    const row = (await keyRow(house, key)) as FactorRow;
    const { data } = openKey(house.app.deps, row);
    const elsewhere = sealKey(house.app.deps, person.id, row.id, { ...data, rpId: 'other.example' });
    await db().updateTable('factor').set({ sealed_data: elsewhere }).where('id', '=', row.id).execute();
    expect(await told()).not.toContain(key.id);
  });

  test('R18/R23: whoever made a key is not looked at where nobody asked: certificates that come all the same are refused', async () => {
    const { browser } = await somebodyProtected(house);
    const key = new Authenticator(modelOf(maker()));
    const options = optionsOf(await browser.get(KEYS), KEYS);
    expect(options.attestation).toBe('none');
    const answer = await browser.post(KEYS, {
      credential: key.create({ ...options, attestation: 'direct' }),
    });
    expectRefused(answer, 'The key was not added.');
    expect(await keyRow(house, key)).toBeNull();
  });

  test('R82: what a passkey was asked before a restore is answered in vain', async () => {
    const { key } = await withKey(house);
    const browser = house.browser();
    const options = optionsOf(await browser.get('/sign-in'), '/sign-in/passkey');
    house.clock.advance(1_000);
    await house.app.database.transaction((tx) => noteRestored(tx, now()));
    const late = await browser.post('/sign-in/passkey', { credential: key.get(options) });
    expectRefused(late, PASSKEY_REFUSED);
    house.clock.advance(1_000);
    expect((await usePasskey(house.browser(), key)).location).toBe('/');
  });

  test('a passkey that was tried is said so to the browser, which then does not send it again by itself', async () => {
    const { key } = await withKey(house);
    const browser = house.browser();
    expect((await browser.get('/sign-in')).body).not.toContain('data-tried');
    const refused = await usePasskey(browser, key, { bogusSignature: true });
    expect(refused.body).toContain('data-tried=""');
    expect(textOf(refused.body)).toContain(PASSKEY_REFUSED);
  });
});
