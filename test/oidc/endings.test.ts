import { createPublicKey, type JsonWebKey, verify } from 'node:crypto';
import * as client from 'openid-client';
import { describe, expect, test } from 'vitest';
import { factorIdOf, MINUTE, somebodyProtected } from '../kit/attack-kit.ts';
import { textOf } from '../kit/browser.ts';
import { ManualClock } from '../kit/clock.ts';
import { ENGINES } from '../kit/house.ts';
import { PASSWORD, signIn, stepUp, suspend } from '../kit/people.ts';
import { ask, follow, redeem, seesUserInfo, visitApp } from '../kit/relying-party.ts';
import { sharedHouse, sharedTwin } from '../kit/shared-house.ts';
import { AFTERWARDS, type Held, toldApps } from './told-apps.ts';

describe.each(ENGINES)('R67/A56: what ends, ends in the apps too, on %s', (engine) => {
  const house = sharedHouse({ engine, clock: new ManualClock(Date.now()) });
  const twin = sharedTwin(house);
  const told = toldApps(house);
  const { apps, signedInEverywhere, heardOf, expectToldOnce } = told;

  test('A56: a suspended account: all of it is dead at once, on both instances; each app hears, the one that was down when it is back', async () => {
    const { person, browser } = await somebodyProtected(house);
    const all = await signedInEverywhere(browser);
    const asked = await ask(apps[0]!.config, { scope: 'openid offline_access', prompt: 'consent' });
    const free = await redeem(apps[0]!.config, await visitApp(browser, asked), asked);
    const late = await ask(apps[1]!.config);
    const lateCode = await visitApp(browser, late);
    told.channel.down('/ledger');
    await suspend(house, person);

    for (const at of [house, twin]) {
      for (const { tokens } of all) expect(await seesUserInfo(at, tokens.access_token)).toBe(false);
      expect(await seesUserInfo(at, free.access_token)).toBe(false);
    }
    for (const { config, tokens } of [...all, { config: apps[0]!.config, tokens: free }])
      await expect(client.refreshTokenGrant(config, tokens.refresh_token as string)).rejects.toThrow();
    await expect(redeem(apps[1]!.config, lateCode, late)).rejects.toThrow();
    expect((await follow(browser, (await ask(apps[0]!.config)).path)).body).toContain('name="password"');

    await house.app.deps.outbox.flush();
    expect(await heardOf(all[0]!, person.id)).toHaveLength(1);
    expect(await heardOf(all[1]!, person.id)).toHaveLength(1);
    expect(await heardOf(all[2]!, person.id)).toHaveLength(0);
    expect(told.channel.refused('/ledger')).toBeGreaterThan(0);
    for (let minute = 0; minute < 5; minute++) {
      house.clock.advance(MINUTE);
      await house.app.deps.outbox.flush();
    }
    expect(await heardOf(all[2]!, person.id)).toHaveLength(0);
    told.channel.up('/ledger');
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
    for (const { tokens } of all) expect(await seesUserInfo(house, tokens.access_token)).toBe(false);
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
    for (const { tokens } of all) expect(await seesUserInfo(house, tokens.access_token)).toBe(false);
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
});
