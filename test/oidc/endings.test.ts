import { createPublicKey, type JsonWebKey, verify } from 'node:crypto';
import * as client from 'openid-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nowhere } from '../../src/audit/place.ts';
import { consumeToken, deleteRefreshTokens, insertToken } from '../../src/clients/token-store.ts';
import {
  DAY,
  factorIdOf,
  MINUTE,
  recordsOf,
  SECOND,
  somebody,
  somebodyProtected,
} from '../kit/attack-kit.ts';
import { type BackChannel, openBackChannel } from '../kit/back-channel.ts';
import { type Browser, textOf } from '../kit/browser.ts';
import { ManualClock } from '../kit/clock.ts';
import { ENGINES } from '../kit/house.ts';
import { enterPassword, PASSWORD, signIn, stepUp, suspend } from '../kit/people.ts';
import {
  ask,
  fetchThrough,
  follow,
  openRelyingParty,
  redeem,
  registerApp,
  visitApp,
} from '../kit/relying-party.ts';
import { makeOptional, newGroup, require2fa } from '../kit/rules-kit.ts';
import { sharedHouse, sharedTwin } from '../kit/shared-house.ts';

const AFTERWARDS = 'https://app.example.org/signed-out';

describe.each(ENGINES)('R67/A56: what ends, ends in the apps too, on %s', (engine) => {
  const house = sharedHouse({ engine, clock: new ManualClock(Date.now()) });
  const twin = sharedTwin(house);
  let channel: BackChannel;
  const apps: { config: client.Configuration; path: string; clientId: string }[] = [];
  beforeAll(async () => {
    channel = await openBackChannel();
    for (const path of ['/wiki', '/board', '/ledger']) {
      const registered = await registerApp(house, {
        name: path.slice(1),
        backchannelLogoutUri: channel.origin + path,
        postLogoutRedirectUris: [AFTERWARDS],
      });
      const config = await openRelyingParty(house, registered);
      apps.push({ config, path, clientId: registered.clientId });
    }
  });
  afterAll(() => channel.close());

  async function signedInEverywhere(browser: Browser) {
    const all = [];
    for (const { config, path, clientId } of apps) {
      const asked = await ask(config);
      const tokens = await redeem(config, await visitApp(browser, asked), asked);
      all.push({ config, path, clientId, tokens, before: (await channel.heard(path)).length });
    }
    return all;
  }
  type Held = Awaited<ReturnType<typeof signedInEverywhere>>[number];

  async function seesUserInfo(token: string, at = house): Promise<boolean> {
    const headers = { authorization: `Bearer ${token}` };
    const address = 'http://localhost:3000/oidc/userinfo';
    return (await fetchThrough(at.app)(address, { method: 'GET', headers } as never)).status === 200;
  }

  /** What this app heard since, about this person. */
  async function heardOf({ path, before }: Held, personId: string) {
    return (await channel.heard(path)).slice(before).filter(({ claims }) => claims['sub'] === personId);
  }

  async function expectToldOnce(all: readonly Held[], personId: string): Promise<void> {
    await house.app.deps.outbox.flush();
    for (const held of all) {
      const heard = await heardOf(held, personId);
      expect(heard, held.path).toHaveLength(1);
      expect(heard[0]?.claims['sid']).toBe(held.tokens.claims()?.['sid']);
    }
  }

  test('A56: a suspended account: all of it is dead at once, on both instances; each app hears, the one that was down when it is back', async () => {
    const { person, browser } = await somebodyProtected(house);
    const all = await signedInEverywhere(browser);
    const asked = await ask(apps[0]!.config, { scope: 'openid offline_access', prompt: 'consent' });
    const free = await redeem(apps[0]!.config, await visitApp(browser, asked), asked);
    const late = await ask(apps[1]!.config);
    const lateCode = await visitApp(browser, late);
    channel.down('/ledger');
    await suspend(house, person);

    for (const at of [house, twin]) {
      for (const { tokens } of all) expect(await seesUserInfo(tokens.access_token, at)).toBe(false);
      expect(await seesUserInfo(free.access_token, at)).toBe(false);
    }
    for (const { config, tokens } of [...all, { config: apps[0]!.config, tokens: free }])
      await expect(client.refreshTokenGrant(config, tokens.refresh_token as string)).rejects.toThrow();
    await expect(redeem(apps[1]!.config, lateCode, late)).rejects.toThrow();
    expect((await follow(browser, (await ask(apps[0]!.config)).path)).body).toContain('name="password"');

    await house.app.deps.outbox.flush();
    expect(await heardOf(all[0]!, person.id)).toHaveLength(1);
    expect(await heardOf(all[1]!, person.id)).toHaveLength(1);
    expect(await heardOf(all[2]!, person.id)).toHaveLength(0);
    expect(channel.refused('/ledger')).toBeGreaterThan(0);
    for (let minute = 0; minute < 5; minute++) {
      house.clock.advance(MINUTE);
      await house.app.deps.outbox.flush();
    }
    expect(await heardOf(all[2]!, person.id)).toHaveLength(0);
    channel.up('/ledger');
    house.clock.advance(2 * MINUTE);
    await expectToldOnce(all, person.id);
  });

  test('R67: a logout token is what the standard says, signed with a published key', async () => {
    const { person, browser } = await somebodyProtected(house);
    const all = await signedInEverywhere(browser);
    await browser.post('/sign-out');
    await expectToldOnce(all, person.id);
    const [held] = all as [Held];
    const [heard] = await heardOf(held, person.id);
    expect(heard?.header).toMatchObject({ typ: 'logout+jwt', alg: 'RS256' });
    const { keys } = (await browser.get('/oidc/jwks')).json<{ keys: (JsonWebKey & { kid: string })[] }>();
    const jwk = keys.find(({ kid }) => kid === heard?.header['kid']) as JsonWebKey;
    const [head, body, signature = ''] = (heard as { token: string }).token.split('.') as [
      string,
      string,
      string,
    ];
    const key = createPublicKey({ key: jwk, format: 'jwk' });
    const signed = Buffer.from(`${head}.${body}`);
    expect(verify('sha256', signed, key, Buffer.from(signature, 'base64url'))).toBe(true);
    const payload = heard?.claims as Record<string, unknown>;
    expect(payload).toMatchObject({
      iss: 'http://localhost:3000',
      aud: held.clientId,
      sub: person.id,
      events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
    });
    expect(payload['nonce']).toBe(undefined);
    expect(payload['jti']).toMatch(/^[\w-]{43}$/);
    expect((payload['exp'] as number) - (payload['iat'] as number)).toBe(120);
  });

  test('R67: every way in which a session ends is told: password, 2FA off, a factor less, end from the list, signing in anew', async () => {
    const owner = await somebodyProtected(house);
    const { person, secret } = owner;
    const elsewhere = house.browser();
    const anew = async () => {
      await signIn(house, elsewhere, person, secret);
      return signedInEverywhere(elsewhere);
    };
    let all = await anew();
    // The same browser signs in again.
    const next = await anew();
    await house.app.deps.outbox.flush();
    for (const held of all) {
      const heard = await heardOf(held, person.id);
      expect(heard.map(({ claims }) => claims['sid'])).toContain(held.tokens.claims()?.['sid']);
    }
    all = next;
    const { id } = (await house.app.database.db
      .selectFrom('session')
      .select('id')
      .where('account_id', '=', person.id)
      .orderBy('created_at', 'desc')
      .executeTakeFirstOrThrow()) as { id: string };
    await stepUp(house, owner.browser, person, secret);
    expect((await owner.browser.post(`/account/sessions/${id}/end`)).status).toBe(303);
    for (const { tokens } of all) expect(await seesUserInfo(tokens.access_token)).toBe(false);
    await house.app.deps.outbox.flush();

    const ways: [string, () => Promise<unknown>][] = [
      ['end others', () => owner.browser.post('/account/sessions/end-others')],
      [
        'password',
        () =>
          owner.browser.post('/account/password', {
            current_password: PASSWORD,
            new_password: 'other-granite-otter-77',
          }),
      ],
    ];
    for (const [name, end] of ways) {
      const held = await anew();
      await stepUp(house, owner.browser, person, secret);
      const answer = (await end()) as { status: number };
      expect(answer.status, name).toBe(303);
      await expectToldOnce(held, person.id);
    }
    const changed = { ...person, password: 'other-granite-otter-77' };
    await signIn(house, elsewhere, changed, secret);
    const last = await signedInEverywhere(elsewhere);
    await stepUp(house, owner.browser, changed, secret);
    await owner.browser.post('/account/security/disable', { password: changed.password });
    await expectToldOnce(last, person.id);
  });

  test('a factor that is removed ends what it opened elsewhere', async () => {
    const { addKey } = await import('../kit/keys.ts');
    const { Authenticator } = await import('../kit/authenticator.ts');
    const owner = await somebodyProtected(house);
    await addKey(owner.browser, new Authenticator(), { label: 'Blue' });
    const elsewhere = house.browser();
    await signIn(house, elsewhere, owner.person, owner.secret);
    const all = await signedInEverywhere(elsewhere);
    await stepUp(house, owner.browser, owner.person, owner.secret);
    const id = await factorIdOf(house, owner.person);
    expect((await owner.browser.post(`/account/security/factors/${id}/remove`)).status).toBe(303);
    await expectToldOnce(all, owner.person.id);
    for (const { tokens } of all) expect(await seesUserInfo(tokens.access_token)).toBe(false);
  });

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
    expect(await seesUserInfo(here.access_token)).toBe(true);
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

  test('R67: an app that signs its person out asks first, and leads to nothing but what it registered', async () => {
    const { person, browser } = await somebodyProtected(house);
    const all = await signedInEverywhere(browser);
    const [{ config, tokens }] = all as [Held];
    const end = client.buildEndSessionUrl(config, {
      id_token_hint: tokens.id_token as string,
      post_logout_redirect_uri: AFTERWARDS,
      state: 'xyz',
    });
    const page = await browser.get(end.pathname + end.search);
    expect(page.status).toBe(200);
    expect(textOf(page.body)).toContain('wiki asks to sign you out');
    expect(page.headers['content-security-policy']).toContain("form-action 'self' https://app.example.org");
    expect((await browser.get('/account')).status).toBe(200);
    const fields = Object.fromEntries(
      ['id_token_hint', 'post_logout_redirect_uri', 'state', 'client_id']
        .map((name) => [name, page.field(name)])
        .filter(([, value]) => value !== ''),
    );
    const foreign = { origin: 'https://app.example.org', 'sec-fetch-site': 'cross-site' };
    expect((await browser.post('/oidc/logout/confirm', fields, foreign)).status).toBe(403);
    expect((await browser.get('/account')).status).toBe(200);
    const done = await browser.post('/oidc/logout/confirm', fields);
    expect(done.location).toBe(`${AFTERWARDS}?state=xyz`);
    expect(done.headers['clear-site-data']).toBe('"cache", "storage"');
    expect((await browser.get('/account')).status).toBe(303);
    await expectToldOnce(all, person.id);

    const nowhere: Record<string, string>[] = [
      { post_logout_redirect_uri: 'https://evil.example/' },
      { post_logout_redirect_uri: AFTERWARDS },
      { client_id: apps[0]!.clientId, post_logout_redirect_uri: `${AFTERWARDS}/` },
      { client_id: 'nobody', post_logout_redirect_uri: AFTERWARDS },
      { client_id: apps[1]!.clientId, id_token_hint: tokens.id_token as string },
      { id_token_hint: 'x.y.z', post_logout_redirect_uri: AFTERWARDS },
    ];
    for (const wrong of nowhere) {
      const answer = await browser.get(`/oidc/logout?${new URLSearchParams(wrong)}`);
      expect([answer.status, answer.location], JSON.stringify(wrong)).toEqual([400, '']);
    }
    // From the app's own form, without cookies: asked once more in the way that brings them.
    const posted = await browser.post('/oidc/logout', { client_id: apps[0]!.clientId }, foreign);
    expect(posted.location).toBe(`/oidc/logout?client_id=${apps[0]!.clientId}`);
  });

  test('R68: Connected apps lists what was allowed; removing an app’s access kills its tokens in every session', async () => {
    const { person, browser, secret } = await somebodyProtected(house);
    expect(textOf((await browser.get('/account/apps')).body)).toContain('You have allowed no app');
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
    expect(textOf((await browser.get(path)).body)).toContain('Remove the access of wiki?');
    expect((await browser.post(path)).location).toBe('/account/apps');
    expect((await browser.post(path)).status).toBe(404);
    for (const token of [first.tokens.access_token, free.access_token])
      expect(await seesUserInfo(token)).toBe(false);
    for (const tokens of [first.tokens, free])
      await expect(client.refreshTokenGrant(first.config, tokens.refresh_token as string)).rejects.toThrow();
    expect(await seesUserInfo(second.tokens.access_token)).toBe(true);
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

  test('an app that was removed by an administrator has nothing left', async () => {
    const { removeClient } = await import('../../src/clients/change-clients.ts');
    const { browser } = await somebodyProtected(house);
    const registered = await registerApp(house, { name: 'Brief' });
    const config = await openRelyingParty(house, registered);
    const asked = await ask(config);
    const tokens = await redeem(config, await visitApp(browser, asked), asked);
    const place = nowhere(house.clock.now());
    await removeClient(house.app.deps, { place, actor: 'operator' }, registered.clientId);
    expect(await seesUserInfo(tokens.access_token)).toBe(false);
    expect(textOf((await browser.get('/account/apps')).body)).not.toContain('Brief');
    expect((await browser.get((await ask(config)).path)).status).toBe(400);
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
    expect(await seesUserInfo(next.access_token)).toBe(true);

    await require2fa(house, null, group);
    for (const at of [house, twin]) expect(await seesUserInfo(next.access_token, at)).toBe(false);
    await expect(client.refreshTokenGrant(config, next.refresh_token as string)).rejects.toThrow();
    await expect(redeem(config, lateCode, late)).rejects.toThrow();
    await makeOptional(house, group);
    expect(await seesUserInfo(next.access_token)).toBe(true);
  });

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
