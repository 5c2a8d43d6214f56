import * as client from 'openid-client';
import { describe, expect, test } from 'vitest';
import { DAY, MINUTE, SECOND, somebodyProtected } from '../kit/attack-kit.ts';
import { ManualClock } from '../kit/clock.ts';
import { ENGINES } from '../kit/house.ts';
import {
  ask,
  follow,
  openRelyingParty,
  redeem,
  registerApp,
  seesUserInfo,
  visitApp,
} from '../kit/relying-party.ts';
import { sharedHouse } from '../kit/shared-house.ts';
import { visitedApp } from '../kit/visited-app.ts';

describe.each(ENGINES)('attacks on OpenID Connect, on %s', (engine) => {
  const house = sharedHouse({ engine, clock: new ManualClock(Date.now()) });
  const visit = visitedApp(house);

  test('A27: no code, token or secret stands readable in the database', async () => {
    const { code: value, asked, location } = await visit.code();
    const tokens = await redeem(visit.rp, location, asked);
    const waiting = await follow(visit.browser, (await ask(visit.rp, { prompt: 'consent' })).path);
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
      visit.app.clientSecret as string,
      uid,
      asked.nonce,
    ]) {
      expect(secret.length).toBeGreaterThan(30);
      expect(rows).not.toContain(secret);
    }
    expect(rows).not.toContain('"kty"');
  });

  test('tokens are of one kind and one app: none passes for another', async () => {
    const { asked, location } = await visit.code();
    const { access_token, refresh_token, id_token } = await redeem(visit.rp, location, asked);
    for (const token of [refresh_token, id_token, visit.browser.cookies.get('session')] as string[])
      expect(await seesUserInfo(house, token)).toBe(false);
    const other = await registerApp(house, { name: 'Curious' });
    const curious = await openRelyingParty(house, other);
    expect((await client.tokenIntrospection(curious, access_token)).active).toBe(false);
    await client.tokenRevocation(curious, access_token);
    expect(await seesUserInfo(house, access_token)).toBe(true);
    expect(await client.tokenIntrospection(visit.rp, access_token)).toMatchObject({
      active: true,
      sub: visit.someone.person.id,
    });
    await client.tokenRevocation(visit.rp, refresh_token as string);
    expect(await seesUserInfo(house, access_token)).toBe(false);
    expect((await client.tokenIntrospection(visit.rp, access_token)).active).toBe(false);
  });

  test('without offline_access tokens end with the session; with it, they go on until they are taken back', async () => {
    const held = await somebodyProtected(house);
    await visitApp(held.browser, await ask(visit.rp));
    const plain = await ask(visit.rp);
    const bound = await redeem(visit.rp, await visitApp(held.browser, plain), plain);
    // Asked for without a consent it is not given (OpenID Connect Core 11).
    const silent = await ask(visit.rp, { scope: 'openid offline_access' });
    expect((await redeem(visit.rp, await visitApp(held.browser, silent), silent)).scope).toBe('openid');
    const asked = await ask(visit.rp, { scope: 'openid offline_access', prompt: 'consent' });
    const free = await redeem(visit.rp, await visitApp(held.browser, asked), asked);
    await held.browser.post('/sign-out');
    expect(await seesUserInfo(house, bound.access_token)).toBe(false);
    await expect(client.refreshTokenGrant(visit.rp, bound.refresh_token as string)).rejects.toThrow();
    expect(await seesUserInfo(house, free.access_token)).toBe(true);
    house.clock.advance(20 * DAY);
    const later = await client.refreshTokenGrant(visit.rp, free.refresh_token as string);
    expect(await seesUserInfo(house, later.access_token)).toBe(true);
    house.clock.advance(31 * DAY);
    await expect(client.refreshTokenGrant(visit.rp, later.refresh_token as string)).rejects.toThrow();
  });

  test('a session that has run out ends its tokens, though its row is still there', async () => {
    const held = await somebodyProtected(house);
    await visitApp(held.browser, await ask(visit.rp));
    const asked = await ask(visit.rp);
    const tokens = await redeem(visit.rp, await visitApp(held.browser, asked), asked);
    house.clock.advance(31 * MINUTE);
    expect(await seesUserInfo(house, tokens.access_token)).toBe(false);
    await expect(client.refreshTokenGrant(visit.rp, tokens.refresh_token as string)).rejects.toThrow();
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
    await expect(client.clientCredentialsGrant(visit.rp, { scope: 'accounts:read' })).rejects.toThrow();
    // A person can't be asked for what only programs may.
    const { path } = await ask(visit.rp, { scope: 'openid accounts:read' });
    expect((await visit.browser.get(path)).location).toContain('error=invalid_scope');
    const { asked, location } = await visit.code();
    const { access_token } = await redeem(visit.rp, location, asked);
    expect(await bearer(access_token)).toBe(null);
    expect(await seesUserInfo(house, plain.access_token)).toBe(false);
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
    // One with a secret has no business in a visit.browser.
    const basic = {
      authorization: `Basic ${Buffer.from(`${visit.app.clientId}:${visit.app.clientSecret}`).toString('base64')}`,
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
