import * as client from 'openid-client';
import { describe, expect, test } from 'vitest';
import { nowhere } from '../../src/audit/place.ts';
import { consumeToken, deleteRefreshTokens, insertToken } from '../../src/clients/token-store.ts';
import { DAY, recordsOf, somebody, somebodyProtected } from '../kit/attack-kit.ts';
import { type Browser, textOf } from '../kit/browser.ts';
import { ManualClock } from '../kit/clock.ts';
import { ENGINES } from '../kit/house.ts';
import { enterPassword, PASSWORD, signIn, stepUp } from '../kit/people.ts';
import {
  ask,
  follow,
  openRelyingParty,
  redeem,
  registerApp,
  seesUserInfo,
  visitApp,
} from '../kit/relying-party.ts';
import { makeOptional, newGroup, require2fa } from '../kit/rules-kit.ts';
import { sharedHouse, sharedTwin } from '../kit/shared-house.ts';
import { type Held, toldApps } from './told-apps.ts';

describe.each(ENGINES)('R67/A56: what ends, ends in the apps too, on %s', (engine) => {
  const house = sharedHouse({ engine, clock: new ManualClock(Date.now()) });
  const twin = sharedTwin(house);
  const { apps, signedInEverywhere, heardOf } = toldApps(house);

  test('R5: a new password ends every refresh token, those of this session as well; who is signed in stays so', async () => {
    const owner = await somebodyProtected(house);
    const { config } = apps[0]!;
    const offline = async (browser: Browser) => {
      const asked = await ask(config, { scope: 'openid offline_access', prompt: 'consent' });
      return redeem(config, await visitApp(browser, asked), asked);
    };
    const elsewhere = house.browser();
    await signIn(house, elsewhere, owner.person, owner.secret);
    const [here, there] = [await offline(owner.browser), await offline(elsewhere)];
    await stepUp(house, owner.browser, owner.person, owner.secret);
    const asked = await ask(config, { scope: 'openid offline_access', prompt: 'consent' });
    const code = await visitApp(owner.browser, asked);
    await owner.browser.post('/account/password', {
      current_password: PASSWORD,
      new_password: 'other-granite-otter-77',
    });
    await expect(client.refreshTokenGrant(config, there.refresh_token as string)).rejects.toThrow();
    await expect(client.refreshTokenGrant(config, here.refresh_token as string)).rejects.toThrow();
    await expect(redeem(config, code, asked)).rejects.toThrow();
    expect(await seesUserInfo(house, here.access_token)).toBe(true);
    expect((await offline(owner.browser)).refresh_token).toMatch(/./);
  });

  // SQLite's one writer does one thing after the other.
  test.runIf(engine === 'postgres')('R5: nor does one go on that is renewed at the very moment', async () => {
    const { person, browser } = await somebodyProtected(house);
    const asked = await ask(apps[0]!.config, { scope: 'openid offline_access', prompt: 'consent' });
    await redeem(apps[0]!.config, await visitApp(browser, asked), asked);
    const { database } = house.app;
    const left = () =>
      database.db
        .selectFrom('oidc_token')
        .selectAll()
        .where('account_id', '=', person.id)
        .where('kind', '=', 'RefreshToken')
        .execute();
    const [given] = await left();
    let go = () => {};
    const renewal = new Promise<void>((renewed, failed) => {
      database
        .transaction(async (tx) => {
          expect(await consumeToken(tx, given!.hash, house.clock.now())).toBe(true);
          await insertToken(tx, { ...given!, hash: 'the next one' });
          renewed();
          await new Promise<void>((resolve) => {
            go = resolve;
          });
        })
        .catch(failed);
    });
    await renewal;
    const ended = database.transaction((tx) => deleteRefreshTokens(tx, person.id));
    setTimeout(go, 200);
    await ended;
    expect(await left()).toEqual([]);
  });

  test('R68: Connected apps lists what was allowed; removing an app’s access kills its tokens in every session', async () => {
    const { person, browser, secret } = await somebodyProtected(house);
    expect(textOf((await browser.get('/account/apps')).body)).toContain('You haven’t allowed any app');
    const all = await signedInEverywhere(browser);
    const [first, second] = all as [Held, Held];
    const elsewhere = house.browser();
    await signIn(house, elsewhere, person, secret);
    const asked = await ask(first.config, { scope: 'openid offline_access', prompt: 'consent' });
    const free = await redeem(first.config, await visitApp(elsewhere, asked), asked);
    const [mail] = (await house.mails(person.email)).filter(({ subject }) => subject.includes('can now use'));
    expect(mail?.subject).toBe('ledger can now use your account');
    expect(mail?.text).toContain('http://localhost:3000/account/apps');
    expect(mail?.text).toContain(`See your e-mail address, ${person.email}`);

    const page = await browser.get('/account/apps');
    for (const { path } of all) expect(textOf(page.body)).toContain(path.slice(1));
    const path = `/account/apps/${first.clientId}/remove`;
    expect(textOf((await browser.get(path)).body)).toContain('Remove access for wiki?');
    expect((await browser.post(path)).location).toBe('/account/apps');
    expect((await browser.post(path)).status).toBe(404);
    for (const token of [first.tokens.access_token, free.access_token])
      expect(await seesUserInfo(house, token)).toBe(false);
    for (const tokens of [first.tokens, free])
      await expect(client.refreshTokenGrant(first.config, tokens.refresh_token as string)).rejects.toThrow();
    expect(await seesUserInfo(house, second.tokens.access_token)).toBe(true);
    // It is told, in both sessions, and must ask anew.
    await house.app.deps.outbox.flush();
    expect(await heardOf(first, person.id)).toHaveLength(2);
    expect(await heardOf(second, person.id)).toHaveLength(0);
    expect((await follow(browser, (await ask(first.config)).path)).body).toContain('value="allow"');
    expect((await recordsOf(house, person)).map(({ event }) => event)).toEqual(
      expect.arrayContaining(['app.allowed', 'app.signed_in', 'app.access_removed']),
    );
    const stranger = await somebodyProtected(house);
    expect((await stranger.browser.post(path)).status).toBe(404);
  });

  test.each([
    ['Brief', 0],
    // More than goes at once.
    ['Read by a great many', 501],
  ])('an app that was removed by an administrator has nothing left: %s', async (name, waiting) => {
    const { removeClient } = await import('../../src/clients/change-clients.ts');
    const { browser } = await somebodyProtected(house);
    const registered = await registerApp(house, { name });
    const config = await openRelyingParty(house, registered);
    const asked = await ask(config);
    const tokens = await redeem(config, await visitApp(browser, asked), asked);
    const others = Array.from({ length: waiting }, (_, index) => ({
      hash: `${index}`,
      client_id: registered.clientId,
      session_hash: '',
      sealed: '',
      created_at: 0,
      expires_at: 0,
    }));
    if (waiting > 0) await house.app.database.db.insertInto('oidc_interaction').values(others).execute();
    const place = nowhere(house.clock.now());
    await removeClient(house.app.deps, { place, actor: 'operator' }, registered.clientId);
    expect(await seesUserInfo(house, tokens.access_token)).toBe(false);
    expect(textOf((await browser.get('/account/apps')).body)).not.toContain(name);
    expect((await browser.get((await ask(config)).path)).status).toBe(400);
    await expect(client.refreshTokenGrant(config, tokens.refresh_token ?? '')).rejects.toThrow();
  });

  test('R66: whom a rule stops for want of a second factor, an app keeps nothing of, until they have one', async () => {
    const person = await somebody(house);
    const browser = house.browser();
    await enterPassword(browser, person);
    const { config } = apps[0]!;
    const asked = await ask(config, { scope: 'openid offline_access', prompt: 'consent' });
    const tokens = await redeem(config, await visitApp(browser, asked), asked);
    const late = await ask(config);
    const lateCode = await visitApp(browser, late);
    const tomorrow = house.clock.now() + DAY;
    const group = await newGroup(house, `Stopped ${engine}`, [person]);
    await require2fa(house, tomorrow, group);
    const next = await client.refreshTokenGrant(config, tokens.refresh_token as string);
    expect(await seesUserInfo(house, next.access_token)).toBe(true);

    await require2fa(house, null, group);
    for (const at of [house, twin]) expect(await seesUserInfo(at, next.access_token)).toBe(false);
    await expect(client.refreshTokenGrant(config, next.refresh_token as string)).rejects.toThrow();
    await expect(redeem(config, lateCode, late)).rejects.toThrow();
    await makeOptional(house, group);
    expect(await seesUserInfo(house, next.access_token)).toBe(true);
  });
});
