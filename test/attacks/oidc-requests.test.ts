import { describe, expect, test } from 'vitest';
import { ManualClock } from '../kit/clock.ts';
import { ENGINES } from '../kit/house.ts';
import { ask, CALLBACK, openRelyingParty, registerApp } from '../kit/relying-party.ts';
import { sharedHouse } from '../kit/shared-house.ts';
import { visitedApp } from '../kit/visited-app.ts';

const NATIVE = 'http://127.0.0.1/callback';

describe.each(ENGINES)('attacks on OpenID Connect, on %s', (engine) => {
  const house = sharedHouse({ engine, clock: new ManualClock(Date.now()) });
  const visit = visitedApp(house);

  test('R83: an app whose id has a zero byte in it is unknown, and no fault', async () => {
    const id = encodeURIComponent(`${visit.app.clientId}\0`);
    expect((await visit.browser.get(`/oidc/authorize?client_id=${id}`)).status).toBe(400);
    const fields = { client_id: `${visit.app.clientId}\0` };
    expect((await visit.browser.get(`/oidc/logout?client_id=${id}`)).status).toBeLessThan(500);
    expect((await visit.browser.post('/oidc/logout/confirm', fields)).status).toBeLessThan(500);
    const by = { clientId: id, clientSecret: visit.app.clientSecret };
    expect((await visit.redeemRaw({ code: 'x' }, { by })).status).toBeLessThan(500);
    expect((await visit.redeemRaw({ code: 'x', ...fields })).status).toBeLessThan(500);
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
        const { path } = await ask(visit.rp, { redirect_uri, prompt });
        const answer = await visit.browser.get(path);
        expect(answer.status, `${redirect_uri} ${answer.location}`).toBeGreaterThanOrEqual(400);
        expect(answer.status, redirect_uri).toBeLessThan(500);
        expect(answer.location, redirect_uri).toBe('');
        expect(answer.body).toContain('This sign-in can’t go on');
        expect(answer.body).not.toMatch(/href="[^"]*evil/);
      }
    }
    const twice = `${(await ask(visit.rp)).path}&redirect_uri=https%3A%2F%2Fevil.example%2F`;
    expect((await visit.browser.get(twice)).location).toBe('');
    const unknown = (await ask(visit.rp)).path.replace(visit.app.clientId, 'nobody');
    expect(await visit.browser.get(unknown)).toMatchObject({ status: 400, location: '' });
    // Of a right request all of it goes where it should.
    expect((await visit.browser.get((await ask(visit.rp)).path)).location).toContain(`${CALLBACK}?code=`);
  });

  test('R63: whoever only looks ahead (HEAD) gets no code, and uses up no consent of the person', async () => {
    const head = (path: string) => visit.browser.send('HEAD', path, undefined, {});
    const straight = (await ask(visit.rp)).path;
    expect(await head(straight)).toMatchObject({ status: 405, location: '' });
    expect((await visit.browser.get(straight)).location).toContain(`${CALLBACK}?code=`);
    const { location: page } = await visit.browser.get((await ask(visit.rp, { prompt: 'consent' })).path);
    const { location: resume } = await visit.browser.post(page, { decision: 'allow' });
    expect(await head(resume)).toMatchObject({ status: 405, location: '' });
    expect((await visit.browser.get(resume)).location).toContain(`${CALLBACK}?code=`);
  });

  test('R61: an app on somebody’s own machine may listen on any port, and on nothing else', async () => {
    const own = await registerApp(house, { redirectUris: [NATIVE] }, { isPublic: true });
    const native = await openRelyingParty(house, own);
    const at = async (redirect_uri: string) => visit.browser.get((await ask(native, { redirect_uri })).path);
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
      const { location } = await visit.browser.get((await ask(visit.rp, parameters)).path);
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
    const { path } = await ask(visit.rp);
    const bare = path.replace(/&?code_challenge(_method)?=[^&]*/g, '');
    expect((await visit.browser.get(bare)).location).toContain('error=invalid_request');
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
      expect((await visit.redeemRaw({ grant_type, username: 'ann', password: 'x' })).status).toBe(400);
    const metadata = visit.rp.serverMetadata();
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
      expect((await visit.browser.get(path)).status).toBe(404);
  });

  test('A44: addresses come from BASE_URL, whatever the request says', async () => {
    for (const headers of [
      { host: 'evil.example' },
      { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' },
      { forwarded: 'host=evil.example;proto=https' },
    ]) {
      const { body } = await visit.browser.get('/.well-known/openid-configuration', headers);
      expect(body).not.toContain('evil');
      expect(body).toContain('"http://localhost:3000/oidc/token"');
    }
  });
});
