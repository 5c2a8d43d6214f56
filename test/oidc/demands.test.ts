import type * as client from 'openid-client';
import { beforeAll, describe, expect, test } from 'vitest';
import { nowhere } from '../../src/audit/place.ts';
import { changeClient } from '../../src/clients/change-clients.ts';
import { NO_SETTINGS } from '../../src/clients/client.ts';
import { MINUTE, type Protected, SECOND, sessionOf, somebody, somebodyProtected } from '../kit/attack-kit.ts';
import { type Browser, textOf } from '../kit/browser.ts';
import { ManualClock } from '../kit/clock.ts';
import { ENGINES } from '../kit/house.ts';
import { appCode, enableApp, enterPassword, type Person, stepUp } from '../kit/people.ts';
import {
  type Asked,
  ask,
  CALLBACK,
  decide,
  follow,
  openRelyingParty,
  redeem,
  registerApp,
  visitApp,
} from '../kit/relying-party.ts';
import { sharedHouse } from '../kit/shared-house.ts';

const errorOf = (location: string) => new URL(location).searchParams.get('error');

describe.each(ENGINES)('R64/R65: what an app demands is enforced, on %s', (engine) => {
  const house = sharedHouse({ engine, clock: new ManualClock(Date.now()) });
  let rp: client.Configuration;
  beforeAll(async () => {
    rp = await openRelyingParty(house, await registerApp(house));
  });

  /** Somebody with a password alone, who has allowed the app before. */
  async function withPassword(): Promise<{ person: Person; browser: Browser }> {
    const person = await somebody(house);
    const browser = house.browser();
    await enterPassword(browser, person);
    await visitApp(browser, await ask(rp));
    return { person, browser };
  }

  async function withApp(): Promise<Protected & { browser: Browser }> {
    const someone = await somebodyProtected(house);
    await visitApp(someone.browser, await ask(rp));
    return someone;
  }

  const claims = async (location: string, asked: Asked, checks = {}) =>
    (await redeem(rp, location, asked, checks)).claims()!;

  test('A54: a password is never more than a password: mfa leads to enrolment, and back with both steps', async () => {
    const { browser } = await withPassword();
    const plain = await ask(rp);
    expect(await claims(await visitApp(browser, plain), plain)).toMatchObject({ acr: 'pwd', amr: ['pwd'] });

    const silent = await ask(rp, { acr_values: 'mfa', prompt: 'none' });
    expect(errorOf((await follow(browser, silent.path)).location)).toBe('interaction_required');

    const asked = await ask(rp, { acr_values: 'mfa' });
    const page = await follow(browser, asked.path);
    expect(page.status).toBe(200);
    expect(textOf(page.body)).toContain('Wiki asks for a second step');
    const here = /action="(\/oidc\/interaction\/[\w-]+)"/.exec(page.body)?.[1] as string;
    await enableApp(house, browser);
    // The page on which a factor is enrolled knows the way back.
    expect((await browser.get('/account/security')).body).toContain(`href="${here}"`);
    const { location } = await follow(browser, here);
    expect(await claims(location, asked)).toMatchObject({ acr: 'mfa', amr: ['pwd', 'otp', 'mfa'] });
    expect((await browser.get('/account/security')).body).not.toContain(here);
  });

  test('A54: whoever would rather not is sent back with unmet_authentication_requirements', async () => {
    const { browser } = await withPassword();
    const page = await follow(browser, (await ask(rp, { acr_values: 'phr mfa' })).path);
    const { location } = await decide(browser, page, 'leave');
    expect(errorOf(location)).toBe('unmet_authentication_requirements');
  });

  test('A54: an essential acr is enforced like acr_values, one that is not essential is not', async () => {
    const { browser } = await withPassword();
    const acr = (claim: object) => JSON.stringify({ id_token: { acr: claim } });
    for (const claim of [
      { essential: true, value: 'mfa' },
      { essential: true, values: ['phr', 'mfa'] },
    ]) {
      const asked = await ask(rp, { claims: acr(claim), prompt: 'none' });
      expect(errorOf((await follow(browser, asked.path)).location)).toBe('interaction_required');
    }
    // Both at once: neither takes the other's place.
    const both = await ask(rp, {
      claims: acr({ essential: true, value: 'mfa' }),
      acr_values: 'pwd',
      prompt: 'none',
    });
    expect(errorOf((await follow(browser, both.path)).location)).toBe('interaction_required');
    const wish = await ask(rp, { claims: acr({ values: ['mfa'] }), prompt: 'none' });
    expect(await claims((await follow(browser, wish.path)).location, wish)).toMatchObject({ acr: 'pwd' });
    for (const malformed of [{ values: 'mfa' }, { value: ['mfa'] }, { value: 5 }, { values: [] }]) {
      const asked = await ask(rp, { claims: acr({ essential: true, ...malformed }) });
      const { location } = await follow(browser, asked.path);
      expect(errorOf(location)).toBe('unmet_authentication_requirements');
    }
    const unknown = await ask(rp, { acr_values: 'urn:example:gold' });
    expect(errorOf((await follow(browser, unknown.path)).location)).toBe('unmet_authentication_requirements');
  });

  test('A54: more than what is asked for does, and the token names what was proven', async () => {
    const { browser } = await withApp();
    for (const acr_values of ['pwd', 'mfa', 'phr mfa', 'gold pwd']) {
      const asked = await ask(rp, { acr_values, prompt: 'none' });
      expect(await claims((await follow(browser, asked.path)).location, asked)).toMatchObject({ acr: 'mfa' });
    }
  });

  test('phr: the page says which key to add, and no code of an app takes its place', async () => {
    const { browser, person, secret } = await withApp();
    const asked = await ask(rp, { acr_values: 'phr' });
    const page = await follow(browser, asked.path);
    expect(textOf(page.body)).toContain('Add a security key or passkey');
    expect(page.body).toContain('href="/account/security/keys"');
    await stepUp(house, browser, person, secret);
    const here = /action="(\/oidc\/interaction\/[\w-]+)"/.exec(page.body)?.[1] as string;
    expect((await follow(browser, here)).status).toBe(200);
  });

  test("an app's own rule counts like acr_values", async () => {
    const strict = await openRelyingParty(house, await registerApp(house, { acr: 'mfa', name: 'Payroll' }));
    const { browser } = await withPassword();
    const asked = await ask(strict);
    const page = await follow(browser, asked.path);
    expect(textOf(page.body)).toContain('Payroll asks for a second step');
  });

  test('a trusted browser asks no second step, so the app that demands one does', async () => {
    const { person, secret } = await withApp();
    const browser = house.browser();
    await enterPassword(browser, person);
    await browser.post('/sign-in/factor/totp', { code: appCode(house, secret), trust: 'on' });
    house.clock.advance(30 * SECOND);
    const again = house.browser();
    again.cookies.set('trusted', browser.cookies.get('trusted') as string);
    await enterPassword(again, person);
    const plain = await ask(rp);
    expect(await claims(await visitApp(again, plain), plain)).toMatchObject({ acr: 'pwd' });
    const asked = await ask(rp, { acr_values: 'mfa' });
    const confirm = await follow(again, asked.path);
    expect(textOf(confirm.body)).toContain('Password');
    const here = new URL(confirm.field('return_to'), 'http://x').pathname;
    await again.submit('/confirm', { password: person.password, return_to: here });
    const answer = await again.post('/confirm/factor/totp', { code: appCode(house, secret) });
    house.clock.advance(30 * SECOND);
    expect(answer.location).toBe(here);
    expect(await claims((await follow(again, here)).location, asked)).toMatchObject({ acr: 'mfa' });
  });

  test('R65: prompt=login goes through both steps again, and nothing before it counts', async () => {
    const { browser, person, secret } = await withApp();
    const silent = await ask(rp, { prompt: 'none' });
    const before = await claims((await follow(browser, silent.path)).location, silent);
    // In the very millisecond of the last proof: that was another request's.
    const asked = await ask(rp, { prompt: 'login' });
    const confirm = await follow(browser, asked.path);
    expect(confirm.field('return_to')).toMatch(/^\/oidc\/interaction\//);
    const here = confirm.field('return_to');
    expect((await browser.get(here)).location).toContain('/confirm?return_to=');
    // The password alone is not enough, where there is a factor.
    await browser.submit('/confirm', { password: person.password, return_to: here });
    expect((await browser.get(here)).location).toContain('/confirm?return_to=');
    house.clock.advance(30 * SECOND);
    await browser.post('/confirm/factor/totp', { code: appCode(house, secret) });
    const now = await claims((await follow(browser, here)).location, asked);
    expect(now.auth_time as number).toBeGreaterThan(before.auth_time as number);
    expect(now).toMatchObject({ acr: 'mfa', sid: before['sid'] });
    house.clock.advance(30 * SECOND);
  });

  test('R65: prompt=login without a session is one sign-in, and a trusted browser makes it two steps', async () => {
    const { person, secret } = await withApp();
    const browser = house.browser();
    const asked = await ask(rp, { prompt: 'login' });
    const signIn = await follow(browser, asked.path);
    const here = signIn.field('return_to');
    await enterPassword(browser, person, { return_to: here });
    await browser.post('/sign-in/factor/totp', { code: appCode(house, secret), trust: 'on' });
    house.clock.advance(30 * SECOND);
    expect((await follow(browser, here)).location).toContain('code=');

    const again = house.browser();
    again.cookies.set('trusted', browser.cookies.get('trusted') as string);
    const second = await follow(again, (await ask(rp, { prompt: 'login' })).path);
    await enterPassword(again, person, { return_to: second.field('return_to') });
    expect((await again.get(second.field('return_to'))).location).toContain('/confirm?return_to=');
  });

  test('R65: max_age counts from the last time that both steps were gone through', async () => {
    const { browser, person, secret } = await withApp();
    const fresh = await ask(rp, { max_age: '600', prompt: 'none' });
    await claims((await follow(browser, fresh.path)).location, fresh, { maxAge: 600 });
    house.clock.advance(11 * MINUTE);
    const silent = await ask(rp, { max_age: '600', prompt: 'none' });
    expect(errorOf((await follow(browser, silent.path)).location)).toBe('login_required');
    const asked = await ask(rp, { max_age: '600' });
    const here = (await follow(browser, asked.path)).field('return_to');
    await browser.submit('/confirm', { password: person.password, return_to: here });
    await browser.post('/confirm/factor/totp', { code: appCode(house, secret) });
    const location = (await follow(browser, here)).location;
    const { auth_time } = await claims(location, asked);
    expect((auth_time as number) * 1000).toBeGreaterThan(house.clock.now() - MINUTE);
    house.clock.advance(30 * SECOND);
    const zero = await ask(rp, { max_age: '0' });
    expect((await follow(browser, zero.path)).field('return_to')).toMatch(/^\/oidc\/interaction\//);
  });

  test('R65: prompt=none shows nothing and answers for nobody half signed in, signed out or expired', async () => {
    const { browser, person } = await withApp();
    const silent = async (visitor: Browser) => {
      const asked = await ask(rp, { prompt: 'none' });
      const answer = await visitor.get(asked.path);
      expect(answer.status).toBe(303);
      return errorOf(answer.location);
    };
    expect(await silent(browser)).toBe(null);
    expect(await silent(house.browser())).toBe('login_required');
    const half = house.browser();
    await enterPassword(half, person);
    expect(await silent(half)).toBe('login_required');
    half.cookies.set('session', half.cookies.get('pending') as string);
    expect(await silent(half)).toBe('login_required');
    house.clock.advance(31 * MINUTE);
    expect(await silent(browser)).toBe('login_required');
  });

  test('prompt=none where a consent is missing says so', async () => {
    const { browser } = await somebodyProtected(house);
    const asked = await ask(rp, { prompt: 'none' });
    expect(errorOf((await browser.get(asked.path)).location)).toBe('consent_required');
  });

  test('id_token_hint: an app that expects somebody else gets nobody', async () => {
    const ann = await withApp();
    const bob = await withApp();
    const asked = await ask(rp);
    const { id_token } = await redeem(rp, await visitApp(ann.browser, asked), asked);
    const hinted = await ask(rp, { id_token_hint: id_token as string, prompt: 'none' });
    expect(errorOf((await bob.browser.get(hinted.path)).location)).toBe('login_required');
    expect(errorOf((await ann.browser.get(hinted.path)).location)).toBe(null);

    for (const sub of [{ value: ann.person.id }, { values: ['x', ann.person.id] }]) {
      const claimed = await ask(rp, { claims: JSON.stringify({ id_token: { sub } }), prompt: 'none' });
      expect(errorOf((await bob.browser.get(claimed.path)).location)).toBe('login_required');
      expect(errorOf((await ann.browser.get(claimed.path)).location)).toBe(null);
    }

    const open = await ask(rp, { id_token_hint: id_token as string });
    const page = await follow(bob.browser, open.path);
    expect(textOf(page.body)).toContain('Another account is asked for');
    const signIn = await decide(bob.browser, page, 'switch');
    expect(await sessionOf(house, bob.browser)).toBe(null);
    const here = signIn.field('return_to');
    await enterPassword(bob.browser, ann.person, { return_to: here });
    await bob.browser.post('/sign-in/factor/totp', { code: appCode(house, ann.secret) });
    house.clock.advance(30 * SECOND);
    const { location } = await follow(bob.browser, here);
    expect(await claims(location, open)).toMatchObject({ sub: ann.person.id });
  });

  test('groups: whoever is outside gets a page that says so, no code, and access_denied', async () => {
    const { deps } = house.app;
    const group = { id: `g${engine}`, name: `Staff ${engine}`, name_key: `staff ${engine}`, created_at: 0 };
    await deps.database.transaction((tx) => tx.insertInto('people_group').values(group).execute());
    const closed = await registerApp(house, { name: 'Ledger', groupIds: [group.id] });
    const ledger = await openRelyingParty(house, closed);
    const { browser, person } = await somebodyProtected(house);
    const page = await follow(browser, (await ask(ledger)).path);
    expect([page.status, textOf(page.body)]).toEqual([
      403,
      expect.stringContaining('Ledger isn’t open to you'),
    ]);
    const [row] = await house.app.database.db
      .selectFrom('audit_event')
      .select(['event', 'outcome'])
      .orderBy('at', 'desc')
      .orderBy('seq', 'desc')
      .limit(1)
      .execute();
    expect(row).toEqual({ event: 'app.signed_in', outcome: 'failure' });
    const action = /action="([^"]+interaction[^"]+)"/.exec(page.body)?.[1] as string;
    const told = await browser.get(action, { accept: 'application/json' });
    expect([told.status, told.json<{ code: string }>().code]).toEqual([403, 'app_closed']);
    expect(errorOf((await decide(browser, page, 'leave')).location)).toBe('access_denied');
    const silent = await ask(ledger, { prompt: 'none' });
    expect(errorOf((await browser.get(silent.path)).location)).toBe('access_denied');

    const member = { group_id: group.id, account_id: person.id, created_at: 0 };
    await deps.database.transaction((tx) => tx.insertInto('group_member').values(member).execute());
    const asked = await ask(ledger, { scope: 'openid groups' });
    const tokens = await redeem(ledger, await visitApp(browser, asked), asked);
    const { fetchUserInfo, refreshTokenGrant } = await import('openid-client');
    expect(await fetchUserInfo(ledger, tokens.access_token, person.id)).toEqual({
      sub: person.id,
      groups: [group.name],
    });
    await deps.database.transaction((tx) => tx.deleteFrom('group_member').execute());
    await expect(fetchUserInfo(ledger, tokens.access_token, person.id)).rejects.toThrow();
    await expect(refreshTokenGrant(ledger, tokens.refresh_token as string)).rejects.toThrow();
  });

  test('an app that demands more from now on: what it was given for less is worth nothing, what was given for enough is', async () => {
    const { deps } = house.app;
    const settings = { ...NO_SETTINGS, name: 'Books', redirectUris: [CALLBACK] };
    const made = await registerApp(house, settings);
    const books = await openRelyingParty(house, made);
    const tokensOf = async (browser: Browser) => {
      const asked = await ask(books);
      return redeem(books, await visitApp(browser, asked), asked);
    };
    const [weak, strong] = [await withPassword(), await withApp()];
    const [less, enough] = [await tokensOf(weak.browser), await tokensOf(strong.browser)];
    const { fetchUserInfo, refreshTokenGrant, tokenIntrospection } = await import('openid-client');
    const renewed = await refreshTokenGrant(books, enough.refresh_token as string);
    const open = (token: string, { id }: Person) => fetchUserInfo(books, token, id);
    await open(less.access_token, weak.person);
    const isActive = async (token: string) => (await tokenIntrospection(books, token)).active;
    expect(await isActive(less.access_token)).toBe(true);

    const by = {
      place: nowhere(deps.clock.now()),
      actor: 'operator',
    };
    await changeClient(deps, by, made.clientId, { ...settings, acr: 'mfa' });
    await expect(open(less.access_token, weak.person)).rejects.toThrow();
    await expect(refreshTokenGrant(books, less.refresh_token as string)).rejects.toThrow();
    await open(enough.access_token, strong.person);
    await open(renewed.access_token, strong.person);
    for (const token of [less.access_token, less.refresh_token as string])
      expect(await isActive(token)).toBe(false);
    for (const token of [enough.access_token, renewed.access_token, renewed.refresh_token as string])
      expect(await isActive(token)).toBe(true);
  });

  test('R66: an interaction goes on only in the browser in which it began', async () => {
    const { browser } = await withApp();
    const victim = await withApp();
    const asked = await ask(rp, { prompt: 'consent' });
    const page = await follow(browser, asked.path);
    const here = /action="(\/oidc\/interaction\/[\w-]+)"/.exec(page.body)?.[1] as string;
    expect((await victim.browser.get(here)).status).toBe(400);
    expect((await victim.browser.post(here, { decision: 'allow' })).status).toBe(400);
    const resume = here.replace('/interaction/', '/authorize/');
    expect((await victim.browser.get(resume)).status).toBe(400);
    // Nor before it has come to a result.
    expect((await browser.get(resume)).location).toBe(here);
    // Somebody else signs in here in between: what the page found out says nothing of them.
    const allowed = await browser.post(here, { decision: 'allow' });
    await enterPassword(browser, victim.person);
    await browser.post('/sign-in/factor/totp', { code: appCode(house, victim.secret) });
    house.clock.advance(30 * SECOND);
    expect((await browser.get(allowed.location)).location).toBe(here);
    expect(textOf((await follow(browser, here)).body)).toContain(victim.person.email);
  });

  test('R63: an interaction is answered once', async () => {
    const { browser } = await withApp();
    const page = await follow(browser, (await ask(rp, { prompt: 'consent' })).path);
    const here = /action="(\/oidc\/interaction\/[\w-]+)"/.exec(page.body)?.[1] as string;
    const { location } = await browser.post(here, { decision: 'allow' });
    const cookies = new Map(browser.cookies);
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => {
        const same = house.browser();
        for (const [name, value] of cookies) same.cookies.set(name, value);
        return same.get(location);
      }),
    );
    expect(answers.filter((answer) => answer.location.includes('code='))).toHaveLength(1);
  });

  test('A41: answers to an app’s question are taken from our own page alone', async () => {
    const { browser } = await withApp();
    const page = await follow(browser, (await ask(rp, { prompt: 'consent' })).path);
    const here = /action="(\/oidc\/interaction\/[\w-]+)"/.exec(page.body)?.[1] as string;
    for (const headers of [
      { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
      { origin: 'null', 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ])
      expect((await browser.post(here, { decision: 'allow' }, headers)).status).toBe(403);
    expect((await browser.get(here)).status).toBe(200);
  });

  test('prompt=consent asks again, and "Refuse" is access_denied', async () => {
    const { browser } = await withApp();
    const page = await follow(browser, (await ask(rp, { prompt: 'consent' })).path);
    expect(page.status).toBe(200);
    expect(errorOf((await decide(browser, page, 'leave')).location)).toBe('access_denied');
    // More than before: asked, and both are remembered together.
    const more = await follow(browser, (await ask(rp, { scope: 'openid groups' })).path);
    expect(textOf(more.body)).toContain('See which groups you belong to');
    await decide(browser, more, 'allow');
    const silent = await ask(rp, { scope: 'openid profile email groups', prompt: 'none' });
    expect(errorOf((await browser.get(silent.path)).location)).toBe(null);
  });

  test('single claims are allowed like scopes, and go where they were asked for', async () => {
    const { browser, person } = await withApp();
    const only = { scope: 'openid', claims: JSON.stringify({ id_token: { email: null } }) };
    const asked = await ask(rp, only);
    const page = await follow(browser, asked.path);
    expect(textOf(page.body)).toContain(`See your e-mail address, ${person.email}`);
    const { location } = await decide(browser, page, 'allow');
    expect(await claims(location, asked)).toMatchObject({ email: person.email });
  });
});
