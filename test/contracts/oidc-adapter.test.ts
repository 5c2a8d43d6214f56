import type { Adapter } from 'oidc-provider';
import { beforeAll, describe, expect, test } from 'vitest';
import { revokeGrant } from '../../src/clients/grant-store.ts';
import { newToken } from '../../src/kit/random.ts';
import { adapters } from '../../src/oidc/adapter.ts';
import { loadLibrary } from '../../src/oidc/library.ts';
import { MINUTE, SECOND, sessionOf, somebodyProtected } from '../kit/attack-kit.ts';
import { ManualClock } from '../kit/clock.ts';
import { ENGINES } from '../kit/house.ts';
import { registerApp } from '../kit/relying-party.ts';
import { sharedHouse, sharedTwin } from '../kit/shared-house.ts';

describe.each(ENGINES)('what oidc-provider expects of its storage, on %s', (engine) => {
  const house = sharedHouse({ engine, clock: new ManualClock(Date.now()) });
  const twin = sharedTwin(house);
  let here: (name: string) => Adapter;
  let there: (name: string) => Adapter;
  beforeAll(async () => {
    const library = await loadLibrary();
    here = adapters(house.app.deps, library);
    there = adapters(twin.app.deps, library);
  });

  /** A refresh token of somebody who is signed in, and what it rests on. */
  async function stored({ offline = 0 } = {}) {
    const someone = await somebodyProtected(house);
    const { clientId } = await registerApp(house);
    const session = await sessionOf(house, someone.browser);
    const grant = {
      id: newToken(house.app.deps.random),
      account_id: someone.person.id,
      client_id: clientId,
      session_id: session!.id,
      offline,
      scope: 'openid',
      claims: '',
      created_at: house.clock.now(),
      expires_at: house.clock.now() + 10 * MINUTE,
    };
    const { database } = house.app;
    await database.transaction((tx) => tx.insertInto('oidc_grant').values(grant).execute());
    const id = newToken(house.app.deps.random);
    const exp = Math.floor(Date.now() / 1000) + 300;
    const payload = {
      jti: id,
      kind: 'RefreshToken',
      accountId: someone.person.id,
      clientId,
      grantId: grant.id,
      sessionUid: session!.id,
      scope: 'openid',
      exp,
    };
    await here('RefreshToken').upsert(id, payload, 300);
    return { id, payload, grant, someone, clientId };
  }

  test('what was stored is found, by its own model and by every instance, until its time is over', async () => {
    const { id, payload } = await stored();
    expect(await here('RefreshToken').find(id)).toEqual(payload);
    expect(await there('RefreshToken').find(id)).toEqual(payload);
    for (const other of ['AccessToken', 'AuthorizationCode', 'ClientCredentials'])
      expect(await here(other).find(id)).toBe(undefined);
    expect(await here('RefreshToken').find(`${id}x`)).toBe(undefined);
    house.clock.advance(300 * SECOND);
    expect(await here('RefreshToken').find(id)).toBe(undefined);
  });

  test('consuming has one winner over both instances; everybody else is refused, and the grant ends', async () => {
    const { id, grant } = await stored();
    const tries = await Promise.allSettled(
      Array.from({ length: 10 }, (_, n) => (n % 2 ? there : here)('RefreshToken').consume(id)),
    );
    const refused = tries.filter((one): one is PromiseRejectedResult => one.status === 'rejected');
    expect(refused).toHaveLength(9);
    for (const { reason } of refused) expect(reason).toMatchObject({ message: 'invalid_grant' });
    expect(await here('Grant').find(grant.id)).toBe(undefined);
    expect(await here('RefreshToken').find(id)).toBe(undefined);
  });

  test('one that was consumed is told as such, also after its time', async () => {
    const { id } = await stored();
    await here('RefreshToken').consume(id);
    house.clock.advance(10 * MINUTE);
    const found = (await there('RefreshToken').find(id)) as { consumed: number; exp: number };
    expect(found.consumed).toBeGreaterThan(0);
    expect(found.exp * 1000).toBeGreaterThan(house.clock.now());
    await expect(here('RefreshToken').consume(id)).rejects.toThrow('invalid_grant');
  });

  test('revoking a grant takes every token of it along', async () => {
    const { id, grant } = await stored();
    await there('RefreshToken').revokeByGrantId(grant.id);
    expect(await here('RefreshToken').find(id)).toBe(undefined);
    expect(await here('Grant').find(grant.id)).toBe(undefined);
    const other = await stored();
    await here('RefreshToken').destroy(other.id);
    expect(await here('RefreshToken').find(other.id)).toBe(undefined);
    expect(await here('Grant').find(other.grant.id)).toMatchObject({ clientId: other.clientId });
  });

  test('a token that is stored a moment after its grant was revoked is dead, and no fault', async () => {
    const { payload, grant } = await stored();
    await house.app.database.transaction((tx) => revokeGrant(tx, grant.id));
    const late = newToken(house.app.deps.random);
    await here('AccessToken').upsert(late, { ...payload, jti: late, kind: 'AccessToken' }, 300);
    expect(await here('AccessToken').find(late)).toBe(undefined);
  });

  test('with the session ends what was not given beyond it', async () => {
    const bound = await stored();
    const free = await stored({ offline: 1 });
    for (const { someone } of [bound, free]) await someone.browser.post('/sign-out');
    expect(await here('RefreshToken').find(bound.id)).toBe(undefined);
    expect(await here('RefreshToken').find(free.id)).toEqual(free.payload);
  });

  test('what has no place here is a fault, and not nothing', async () => {
    for (const name of ['Session', 'DeviceCode', 'PushedAuthorizationRequest', 'ReplayDetection'])
      await expect(here(name).find('x')).rejects.toThrow();
  });
});
