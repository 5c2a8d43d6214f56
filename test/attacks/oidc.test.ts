import * as client from 'openid-client';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { DAY, MINUTE, recordsOf, SECOND, somebodyProtected } from '../kit/attack-kit.ts';
import type { Browser } from '../kit/browser.ts';
import { ManualClock } from '../kit/clock.ts';
import { ENGINES } from '../kit/house.ts';
import { signIn } from '../kit/people.ts';
import {
  type Asked,
  ask,
  CALLBACK,
  fetchThrough,
  follow,
  openRelyingParty,
  redeem,
  registerApp,
  visitApp,
} from '../kit/relying-party.ts';
import { sharedHouse, sharedTwin } from '../kit/shared-house.ts';

const NATIVE = 'http://127.0.0.1/callback';

describe.each(ENGINES)('attacks on OpenID Connect, on %s', (engine) => {
  const house = sharedHouse({ engine, clock: new ManualClock(Date.now()) });
  const twin = sharedTwin(house);
  let app: { clientId: string; clientSecret: string | null };
  let rp: client.Configuration;
  let someone: Awaited<ReturnType<typeof somebodyProtected>>;
  let browser: Browser;
  beforeAll(async () => {
    app = await registerApp(house);
    rp = await openRelyingParty(house, app);
    someone = await somebodyProtected(house);
    browser = someone.browser;
    await visitApp(browser, await ask(rp));
  });

  beforeEach(() => signIn(house, browser, someone.person, someone.secret));

  const codeOf = (location: string) => new URL(location).searchParams.get('code') as string;

  /** A request to the token endpoint, as any program can make it. */
  async function redeemRaw(
    fields: Record<string, string>,
    { at = house, by = app } = {},
  ): Promise<{ status: number; json: Record<string, string> }> {
    const body = new URLSearchParams({
      grant_type: 'authorization_code',
      redirect_uri: CALLBACK,
      ...fields,
    });
    const headers = {
      'content-type': 'application/x-www-form-urlencoded',
      authorization: `Basic ${Buffer.from(`${by.clientId}:${by.clientSecret}`).toString('base64')}`,
    };
    const answer = await fetchThrough(at.app)('http://localhost:3000/oidc/token', {
      method: 'POST',
      headers,
      body: body.toString(),
    } as never);
    return { status: answer.status, json: (await answer.json()) as Record<string, string> };
  }

  async function code(): Promise<{ code: string; asked: Asked; location: string }> {
    const asked = await ask(rp);
    const location = await visitApp(browser, asked);
    return { code: codeOf(location), asked, location };
  }

  const seesUserInfo = async (token: string): Promise<boolean> => {
    const answer = await fetchThrough(house.app)('http://localhost:3000/oidc/userinfo', {
      method: 'GET',
      headers: { authorization: `Bearer ${token}` },
    } as never);
    expect([200, 401]).toContain(answer.status);
    return answer.status === 200;
  };

  test('R83: an app whose id has a zero byte in it is unknown, and no fault', async () => {
    const id = encodeURIComponent(`${app.clientId}\0`);
    expect((await browser.get(`/oidc/authorize?client_id=${id}`)).status).toBe(400);
    const fields = { client_id: `${app.clientId}\0` };
    expect((await browser.get(`/oidc/logout?client_id=${id}`)).status).toBeLessThan(500);
    expect((await browser.post('/oidc/logout/confirm', fields)).status).toBeLessThan(500);
    const by = { clientId: id, clientSecret: app.clientSecret };
    expect((await redeemRaw({ code: 'x' }, { by })).status).toBeLessThan(500);
    expect((await redeemRaw({ code: 'x', ...fields })).status).toBeLessThan(500);
  });

  test('A51/R61: no address but the registered one gets an answer: our own page, no redirect, no code', async () => {
    const variants = [
      `${CALLBACK}/`,
      `${CALLBACK}/deeper`,
      `${CALLBACK}?x=1`,
      `${CALLBACK}#x`,
      `${CALLBACK}%2e`,
      `${CALLBACK}/..`,
      'https://app.example.org/Callback',
      'https://APP.example.org/callback',
      'https://app.example.org/%63allback',
      'https://app.example.org//callback',
      'https://app.example.org:443/callback',
      'https://app.example.org:8443/callback',
      'https://user@app.example.org/callback',
      'https://app.example.org@evil.example/callback',
      'https://app.example.org.evil.example/callback',
      'https://appXexample.org/callback',
      'https://sub.app.example.org/callback',
      'http://app.example.org/callback',
      'https://app.example.org\\@evil.example/callback',
      'https://app.example.org/callback/../evil',
      'javascript:alert(1)//app.example.org/callback',
      '//app.example.org/callback',
      '/callback',
      ' https://app.example.org/callback',
      'https://app.example.org/callback\t',
      'https://evil.example/?https://app.example.org/callback',
      '',
    ];
    for (const redirect_uri of variants) {
      for (const prompt of ['consent', 'none']) {
        const { path } = await ask(rp, { redirect_uri, prompt });
        const answer = await browser.get(path);
        expect(answer.status, `${redirect_uri} ${answer.location}`).toBeGreaterThanOrEqual(400);
        expect(answer.status, redirect_uri).toBeLessThan(500);
        expect(answer.location, redirect_uri).toBe('');
        expect(answer.body).toContain('This sign-in can’t go on');
        expect(answer.body).not.toMatch(/href="[^"]*evil/);
      }
    }
    const twice = `${(await ask(rp)).path}&redirect_uri=https%3A%2F%2Fevil.example%2F`;
    expect((await browser.get(twice)).location).toBe('');
    const unknown = (await ask(rp)).path.replace(app.clientId, 'nobody');
    expect(await browser.get(unknown)).toMatchObject({ status: 400, location: '' });
    // Of a right request all of it goes where it should.
    expect((await browser.get((await ask(rp)).path)).location).toContain(`${CALLBACK}?code=`);
  });

  test('R63: whoever only looks ahead (HEAD) gets no code, and uses up no consent of the person', async () => {
    const head = (path: string) => browser.send('HEAD', path, undefined, {});
    const straight = (await ask(rp)).path;
    expect(await head(straight)).toMatchObject({ status: 405, location: '' });
    expect((await browser.get(straight)).location).toContain(`${CALLBACK}?code=`);
    const { location: page } = await browser.get((await ask(rp, { prompt: 'consent' })).path);
    const { location: resume } = await browser.post(page, { decision: 'allow' });
    expect(await head(resume)).toMatchObject({ status: 405, location: '' });
    expect((await browser.get(resume)).location).toContain(`${CALLBACK}?code=`);
  });

  test('R61: an app on somebody’s own machine may listen on any port, and on nothing else', async () => {
    const own = await registerApp(house, { redirectUris: [NATIVE] }, { isPublic: true });
    const native = await openRelyingParty(house, own);
    const at = async (redirect_uri: string) => browser.get((await ask(native, { redirect_uri })).path);
    for (const right of [NATIVE, 'http://127.0.0.1:49152/callback'])
      expect((await at(right)).location).toMatch(/^\/oidc\/interaction\//);
    for (const wrong of [
      'http://127.0.0.1:49152/callback2',
      'http://127.0.0.2:1/callback',
      'http://localhost:49152/callback',
      'https://127.0.0.1/callback',
      'http://127.0.0.1:80@evil.example/callback',
      'http://127.0.0.1.evil.example/callback',
    ])
      expect(await at(wrong), wrong).toMatchObject({ status: 400, location: '' });
  });

  test('R62: code flow with PKCE S256 and nothing else', async () => {
    const errorOf = async (parameters: Record<string, string>) => {
      const { location } = await browser.get((await ask(rp, parameters)).path);
      expect(location).not.toContain('code=');
      expect(location).not.toContain('token=');
      return (
        new URL(location).searchParams.get('error') ??
        new URLSearchParams(new URL(location).hash.slice(1)).get('error')
      );
    };
    for (const response_type of ['token', 'id_token', 'code id_token', 'code token', 'none'])
      expect(await errorOf({ response_type })).toBe('unsupported_response_type');
    expect(await errorOf({ code_challenge_method: 'plain' })).toBe('invalid_request');
    const { path } = await ask(rp);
    const bare = path.replace(/&?code_challenge(_method)?=[^&]*/g, '');
    expect((await browser.get(bare)).location).toContain('error=invalid_request');
    expect(await errorOf({ request: 'x.y.z' })).toBe('request_not_supported');
    expect(await errorOf({ request_uri: 'https://evil.example/r' })).toBe('request_uri_not_supported');
    for (const response_mode of ['jwt', 'query.jwt', 'web_message'])
      expect(await errorOf({ response_mode })).toBe('unsupported_response_mode');
    for (const grant_type of [
      'password',
      'implicit',
      'urn:ietf:params:oauth:grant-type:device_code',
      'client_credentials',
    ])
      expect((await redeemRaw({ grant_type, username: 'ann', password: 'x' })).status).toBe(400);
    const metadata = rp.serverMetadata();
    expect(metadata).toMatchObject({
      issuer: 'http://localhost:3000',
      response_types_supported: ['code'],
      response_modes_supported: ['form_post', 'fragment', 'query'],
      code_challenge_methods_supported: ['S256'],
      grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials'],
      id_token_signing_alg_values_supported: ['ES256', 'RS256'],
    });
    expect(metadata.registration_endpoint).toBe(undefined);
    for (const path of [
      '/reg',
      '/oidc/reg',
      '/device',
      '/oidc/device',
      '/request',
      '/session/end',
      '/interaction/x',
      '/auth',
    ])
      expect((await browser.get(path)).status).toBe(404);
  });

  test('A44: addresses come from BASE_URL, whatever the request says', async () => {
    for (const headers of [
      { host: 'evil.example' },
      { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' },
      { forwarded: 'host=evil.example;proto=https' },
    ]) {
      const { body } = await browser.get('/.well-known/openid-configuration', headers);
      expect(body).not.toContain('evil');
      expect(body).toContain('"http://localhost:3000/oidc/token"');
    }
  });

  test('A52/R63: twenty at once on two instances: one gets tokens; a later one ends them', async () => {
    const { code: value, asked } = await code();
    const fields = { code: value, code_verifier: asked.verifier };
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => redeemRaw(fields, { at: n % 2 ? twin : house })),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const refused = answers.filter(({ status }) => status !== 200);
    for (const { status, json } of refused) expect([status, json['error']]).toEqual([400, 'invalid_grant']);
    // The one that got them can use them, until somebody comes with the code again.
    const token = answers.find(({ status }) => status === 200)?.json['access_token'] as string;
    expect(await seesUserInfo(token)).toBe(true);
    house.clock.advance(1);
    expect((await redeemRaw(fields)).json['error']).toBe('invalid_grant');
    expect(await seesUserInfo(token)).toBe(false);
  });

  test('A52: a code that comes again, at once or long after, ends what was given for it', async () => {
    for (const later of [1, 5 * MINUTE]) {
      const { code: value, asked, location } = await code();
      const tokens = await redeem(rp, location, asked);
      expect(await seesUserInfo(tokens.access_token)).toBe(true);
      house.clock.advance(later);
      const again = await redeemRaw({ code: value, code_verifier: asked.verifier });
      expect([again.status, again.json['error']]).toEqual([400, 'invalid_grant']);
      expect(await seesUserInfo(tokens.access_token)).toBe(false);
      await expect(client.refreshTokenGrant(rp, tokens.refresh_token as string)).rejects.toThrow();
    }
    expect(await recordsOf(house, someone.person, 'app.token_reused')).not.toEqual([]);
  });

  test('A52: a wrong verifier, no verifier, another app or address get nothing, and the code stays good', async () => {
    const { code: value, asked, location } = await code();
    const other = await registerApp(house, { name: 'Other' });
    for (const fields of [
      { code: value },
      { code: value, code_verifier: 'x'.repeat(43) },
      { code: value, code_verifier: '' },
      { code: value, code_verifier: asked.verifier, redirect_uri: `${CALLBACK}2` },
      { code: `${value.slice(0, -1)}${value.endsWith('_') ? '-' : '_'}`, code_verifier: asked.verifier },
    ])
      expect((await redeemRaw(fields)).status).toBe(400);
    const stolen = await redeemRaw({ code: value, code_verifier: asked.verifier }, { by: other });
    expect(stolen.json['error']).toBe('invalid_grant');
    for (const clientSecret of ['', 'wrong', app.clientId]) {
      const by = { clientId: app.clientId, clientSecret };
      expect([400, 401]).toContain(
        (await redeemRaw({ code: value, code_verifier: asked.verifier }, { by })).status,
      );
    }
    expect((await redeem(rp, location, asked)).claims()?.sub).toBe(someone.person.id);
  });

  test('R62: a code is worth nothing after a minute', async () => {
    const { code: value, asked } = await code();
    house.clock.advance(MINUTE);
    expect((await redeemRaw({ code: value, code_verifier: asked.verifier })).json['error']).toBe(
      'invalid_grant',
    );
  });

  test('R63: a refresh token is replaced each time; the old one that comes again ends all of them', async () => {
    const { asked, location } = await code();
    const first = await redeem(rp, location, asked);
    const second = await client.refreshTokenGrant(rp, first.refresh_token as string);
    expect(await seesUserInfo(second.access_token)).toBe(true);
    house.clock.advance(1);
    await expect(client.refreshTokenGrant(rp, first.refresh_token as string)).rejects.toThrow();
    await expect(client.refreshTokenGrant(rp, second.refresh_token as string)).rejects.toThrow();
    expect(await seesUserInfo(second.access_token)).toBe(false);
  });

  test('R63: a refresh token twenty times at once on two instances gives one new one', async () => {
    const { asked, location } = await code();
    const { refresh_token } = await redeem(rp, location, asked);
    const fields = { grant_type: 'refresh_token', refresh_token: refresh_token as string };
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => redeemRaw(fields, { at: n % 2 ? twin : house })),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  test('A27: no code, token or secret stands readable in the database', async () => {
    const { code: value, asked, location } = await code();
    const tokens = await redeem(rp, location, asked);
    const waiting = await follow(browser, (await ask(rp, { prompt: 'consent' })).path);
    const uid = /\/oidc\/interaction\/([\w-]+)"/.exec(waiting.body)?.[1] as string;
    const { db } = house.app.database;
    const rows = JSON.stringify([
      await db.selectFrom('oidc_token').selectAll().execute(),
      await db.selectFrom('oidc_grant').selectAll().execute(),
      await db.selectFrom('oidc_interaction').selectAll().execute(),
      await db.selectFrom('signing_key').selectAll().execute(),
      await db.selectFrom('client').selectAll().execute(),
    ]);
    for (const secret of [
      value,
      tokens.access_token,
      tokens.refresh_token as string,
      app.clientSecret as string,
      uid,
      asked.nonce,
    ]) {
      expect(secret.length).toBeGreaterThan(30);
      expect(rows).not.toContain(secret);
    }
    expect(rows).not.toContain('"kty"');
  });

  test('tokens are of one kind and one app: none passes for another', async () => {
    const { asked, location } = await code();
    const { access_token, refresh_token, id_token } = await redeem(rp, location, asked);
    for (const token of [refresh_token, id_token, browser.cookies.get('session')] as string[])
      expect(await seesUserInfo(token)).toBe(false);
    const other = await registerApp(house, { name: 'Curious' });
    const curious = await openRelyingParty(house, other);
    expect((await client.tokenIntrospection(curious, access_token)).active).toBe(false);
    await client.tokenRevocation(curious, access_token);
    expect(await seesUserInfo(access_token)).toBe(true);
    expect(await client.tokenIntrospection(rp, access_token)).toMatchObject({
      active: true,
      sub: someone.person.id,
    });
    await client.tokenRevocation(rp, refresh_token as string);
    expect(await seesUserInfo(access_token)).toBe(false);
    expect((await client.tokenIntrospection(rp, access_token)).active).toBe(false);
  });

  test('without offline_access tokens end with the session; with it, they go on until they are taken back', async () => {
    const held = await somebodyProtected(house);
    await visitApp(held.browser, await ask(rp));
    const plain = await ask(rp);
    const bound = await redeem(rp, await visitApp(held.browser, plain), plain);
    // Asked for without a consent it is not given (OpenID Connect Core 11).
    const silent = await ask(rp, { scope: 'openid offline_access' });
    expect((await redeem(rp, await visitApp(held.browser, silent), silent)).scope).toBe('openid');
    const asked = await ask(rp, { scope: 'openid offline_access', prompt: 'consent' });
    const free = await redeem(rp, await visitApp(held.browser, asked), asked);
    await held.browser.post('/sign-out');
    expect(await seesUserInfo(bound.access_token)).toBe(false);
    await expect(client.refreshTokenGrant(rp, bound.refresh_token as string)).rejects.toThrow();
    expect(await seesUserInfo(free.access_token)).toBe(true);
    house.clock.advance(20 * DAY);
    const later = await client.refreshTokenGrant(rp, free.refresh_token as string);
    expect(await seesUserInfo(later.access_token)).toBe(true);
    house.clock.advance(31 * DAY);
    await expect(client.refreshTokenGrant(rp, later.refresh_token as string)).rejects.toThrow();
  });

  test('a session that has run out ends its tokens, though its row is still there', async () => {
    const held = await somebodyProtected(house);
    await visitApp(held.browser, await ask(rp));
    const asked = await ask(rp);
    const tokens = await redeem(rp, await visitApp(held.browser, asked), asked);
    house.clock.advance(31 * MINUTE);
    expect(await seesUserInfo(tokens.access_token)).toBe(false);
    await expect(client.refreshTokenGrant(rp, tokens.refresh_token as string)).rejects.toThrow();
  });

  test('a code is not redeemed once its session has ended', async () => {
    const held = await somebodyProtected(house);
    await visitApp(held.browser, await ask(rp));
    const asked = await ask(rp);
    const location = await visitApp(held.browser, asked);
    await held.browser.post('/sign-out');
    await expect(redeem(rp, location, asked)).rejects.toThrow();
  });

  test('client credentials: programs alone, with their own scopes, and no token of a person is one', async () => {
    const program = await registerApp(
      house,
      { name: 'Sync', scopes: ['accounts:read', 'audit:read'] },
      { kind: 'api' },
    );
    const api = await openRelyingParty(house, program);
    const { findApiToken } = await import('../../src/clients/api-token.ts');
    const bearer = (token: string) => findApiToken(house.app.deps, token, house.clock.now());
    const plain = await client.clientCredentialsGrant(api);
    expect(plain.scope).toBe('accounts:read audit:read');
    const narrow = await client.clientCredentialsGrant(api, {
      scope: 'audit:read',
      resource: 'http://localhost:3000/api/v1',
    });
    const found = await bearer(narrow.access_token);
    expect(found).toEqual({ clientId: program.clientId, name: 'Sync', scopes: ['audit:read'] });
    for (const scope of ['accounts:write', 'accounts:rea', 'audit:read nothing', 'openid'])
      await expect(client.clientCredentialsGrant(api, { scope }), scope).rejects.toMatchObject({
        status: 400,
        error: 'invalid_scope',
      });
    await expect(client.clientCredentialsGrant(api, { resource: 'https://evil.example/' })).rejects.toThrow();
    await expect(client.clientCredentialsGrant(rp, { scope: 'accounts:read' })).rejects.toThrow();
    // A person can't be asked for what only programs may.
    const { path } = await ask(rp, { scope: 'openid accounts:read' });
    expect((await browser.get(path)).location).toContain('error=invalid_scope');
    const { asked, location } = await code();
    const { access_token } = await redeem(rp, location, asked);
    expect(await bearer(access_token)).toBe(null);
    expect(await seesUserInfo(plain.access_token)).toBe(false);
    house.clock.advance(10 * MINUTE + SECOND);
    expect(await bearer(narrow.access_token)).toBe(null);
  });

  test('CORS: an app in the browser calls from where it is at home, and no other page does', async () => {
    const spa = await registerApp(house, { name: 'Board' }, { isPublic: true });
    const call = async (path: string, origin: string, headers: Record<string, string> = {}, body?: string) =>
      house.app.server.inject({
        method: body === undefined ? 'GET' : 'POST',
        url: path,
        headers: {
          origin,
          'sec-fetch-site': 'cross-site',
          ...(body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
          ...headers,
        },
        ...(body === undefined ? {} : { payload: body }),
      });
    const exchange = new URLSearchParams({
      grant_type: 'refresh_token',
      refresh_token: 'x',
      client_id: spa.clientId,
    });
    const home = await call('/oidc/token', 'https://app.example.org', {}, exchange.toString());
    expect(home.statusCode).toBe(400);
    expect(home.json()).toMatchObject({ error: 'invalid_grant' });
    expect(home.headers['access-control-allow-origin']).toBe('https://app.example.org');
    expect(home.headers['access-control-allow-credentials']).toBe(undefined);
    for (const origin of ['https://evil.example', 'null']) {
      const away = await call('/oidc/token', origin, {}, exchange.toString());
      expect(away.json()).toMatchObject({ error: 'invalid_request' });
      expect(away.headers['access-control-allow-origin']).toBe(undefined);
    }
    // One with a secret has no business in a browser.
    const basic = {
      authorization: `Basic ${Buffer.from(`${app.clientId}:${app.clientSecret}`).toString('base64')}`,
    };
    const secret = await call(
      '/oidc/token',
      'https://app.example.org',
      basic,
      'grant_type=refresh_token&refresh_token=x',
    );
    expect(secret.headers['access-control-allow-origin']).toBe(undefined);
    const asked = await house.app.server.inject({
      method: 'OPTIONS',
      url: '/oidc/token',
      headers: { origin: 'https://app.example.org', 'access-control-request-method': 'POST' },
    });
    expect(asked.statusCode).toBe(204);
    expect((await call('/.well-known/openid-configuration', 'https://evil.example')).statusCode).toBe(200);
  });
});
