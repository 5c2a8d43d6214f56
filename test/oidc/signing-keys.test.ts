import { describe, expect, test } from 'vitest';
import { MINUTE, SECOND, somebodyProtected } from '../kit/attack-kit.ts';
import { ManualClock } from '../kit/clock.ts';
import { ENGINES } from '../kit/house.ts';
import { signIn } from '../kit/people.ts';
import { ask, follow, redeem, visitApp } from '../kit/relying-party.ts';
import { sharedHouse, sharedTwin } from '../kit/shared-house.ts';
import { AFTERWARDS, toldApps } from './told-apps.ts';

describe.each(ENGINES)('R67/A56: what ends, ends in the apps too, on %s', (engine) => {
  const house = sharedHouse({ engine, clock: new ManualClock(Date.now()) });
  const twin = sharedTwin(house);
  const { apps, signedInEverywhere, expectToldOnce } = toldApps(house);

  test('keys: a new one is published a day before it signs; what the old one signed stays good', async () => {
    const { rotateSigningKeys } = await import('../../src/oidc/signing-keys.ts');
    const { person, browser, secret } = await somebodyProtected(house);
    const { config } = apps[0]!;
    const kids = async () => {
      const { keys } = (await browser.get('/oidc/jwks')).json<{ keys: { kid: string; d?: string }[] }>();
      for (const key of keys) expect(key.d).toBe(undefined);
      return keys.map(({ kid }) => kid);
    };
    const kidOf = (idToken: string | undefined) =>
      (
        JSON.parse(Buffer.from((idToken ?? '').split('.')[0] ?? '', 'base64url').toString()) as {
          kid: string;
        }
      ).kid;
    const token = async () => {
      const asked = await ask(config);
      return redeem(config, await visitApp(browser, asked), asked);
    };
    const old = await token();
    const before = await kids();
    const made = await rotateSigningKeys(house.app.deps);
    expect(made).toHaveLength(2);
    house.clock.advance(11 * SECOND);
    expect((await kids()).toSorted()).toEqual([...before, ...made].toSorted());
    expect(before).toContain(kidOf((await token()).id_token));
    house.clock.advance(24 * 60 * MINUTE);
    await signIn(house, browser, person, secret);
    expect(made).toContain(kidOf((await token()).id_token));
    expect(await kids()).toEqual(expect.arrayContaining(before));
    const hint = new URLSearchParams({
      id_token_hint: old.id_token as string,
      post_logout_redirect_uri: AFTERWARDS,
    });
    expect((await browser.get(`/oidc/logout?${hint}`)).status).toBe(200);
  });

  test('sessions that ran out are told of by upkeep, which also forgets what nobody needs any more', async () => {
    const { purge } = await import('../../src/upkeep/purge.ts');
    const { renewSigningKeys } = await import('../../src/oidc/signing-keys.ts');
    const { person, browser } = await somebodyProtected(house);
    const all = await signedInEverywhere(browser);
    await follow(browser, (await ask(apps[0]!.config, { prompt: 'consent' })).path);
    house.clock.advance(31 * MINUTE);
    await purge(house.app.deps);
    await expectToldOnce(all, person.id);
    house.clock.advance(3 * 24 * 60 * MINUTE);
    await purge(house.app.deps);
    const { db } = house.app.database;
    for (const table of ['oidc_interaction', 'session_client'] as const)
      expect(await db.selectFrom(table).select('client_id').execute(), table).toEqual([]);
    const tokens = db.selectFrom('oidc_token').select('hash').where('account_id', '=', person.id);
    expect(await tokens.execute()).toEqual([]);
    // A year later there is another key, and the old one goes a month after it.
    const generations = async () => {
      const rows = await db
        .selectFrom('signing_key')
        .select('generation')
        .where('alg', '=', 'RS256')
        .execute();
      return rows.map(({ generation }) => generation).toSorted();
    };
    expect(await generations()).toEqual([1, 2]);
    house.clock.advance(364 * 24 * 60 * MINUTE);
    for (const instance of [house, twin]) await renewSigningKeys(instance.app.deps);
    expect(await generations()).toEqual([2, 3]);
    house.clock.advance(32 * 24 * 60 * MINUTE);
    await renewSigningKeys(house.app.deps);
    expect(await generations()).toEqual([3]);
  });
});
