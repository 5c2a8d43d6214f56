import { describe, expect, test } from 'vitest';
import { MINUTE, SECOND, sessionOf, somebodyProtected } from '../kit/attack-kit.ts';
import { type Browser, textOf } from '../kit/browser.ts';
import { ManualClock } from '../kit/clock.ts';
import { ENGINES } from '../kit/house.ts';
import { appCode, enterPassword } from '../kit/people.ts';
import { ask, decide, follow, interactionOf, redeem, visitApp } from '../kit/relying-party.ts';
import { sharedHouse } from '../kit/shared-house.ts';
import { demandingApp, errorOf } from './demanding-app.ts';

describe.each(ENGINES)('R64/R65: what an app demands is enforced, on %s', (engine) => {
  const house = sharedHouse({ engine, clock: new ManualClock(Date.now()) });
  const wiki = demandingApp(house);
  const { withApp, claims } = wiki;

  test('R65: prompt=login goes through both steps again, and nothing before it counts', async () => {
    const { browser, person, secret } = await withApp();
    const silent = await ask(wiki.rp, { prompt: 'none' });
    const before = await claims((await follow(browser, silent.path)).location, silent);
    // In the very millisecond of the last proof: that was another request's.
    const asked = await ask(wiki.rp, { prompt: 'login' });
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
    const asked = await ask(wiki.rp, { prompt: 'login' });
    const signIn = await follow(browser, asked.path);
    const here = signIn.field('return_to');
    await enterPassword(browser, person, { return_to: here });
    await browser.post('/sign-in/factor/totp', { code: appCode(house, secret), trust: 'on' });
    house.clock.advance(30 * SECOND);
    expect((await follow(browser, here)).location).toContain('code=');

    const again = house.browser();
    again.cookies.set('trusted', browser.cookies.get('trusted') as string);
    const second = await follow(again, (await ask(wiki.rp, { prompt: 'login' })).path);
    await enterPassword(again, person, { return_to: second.field('return_to') });
    expect((await again.get(second.field('return_to'))).location).toContain('/confirm?return_to=');
  });

  test('prompt=select_account asks whoever is signed in which account, and goes on with the one that was named', async () => {
    const { browser, person } = await withApp();
    const asked = await ask(wiki.rp, { prompt: 'select_account' });
    const page = await follow(browser, asked.path);
    expect(textOf(page.body)).toContain(
      `You are signed in as ${person.email}. Wiki asks which account to use.`,
    );
    // Nothing was named by loading the page.
    expect((await follow(browser, asked.path)).status).toBe(200);
    const { location } = await decide(browser, page, 'continue');
    expect(await claims(location, asked)).toMatchObject({ sub: person.id, acr: 'mfa' });
    // Of this request alone.
    const next = await ask(wiki.rp, { prompt: 'select_account consent' });
    const consent = await decide(browser, await follow(browser, next.path), 'continue');
    expect(consent.body).toContain('value="allow"');
    const allowed = await decide(browser, consent, 'allow');
    expect(await claims(allowed.location, next)).toMatchObject({ sub: person.id });
  });

  test('prompt=select_account: another account signs in instead, and is not asked once more', async () => {
    const { browser } = await withApp();
    const { person, secret } = await withApp();
    const asked = await ask(wiki.rp, { prompt: 'select_account' });
    const signIn = await decide(browser, await follow(browser, asked.path), 'switch');
    const here = signIn.field('return_to');
    house.clock.advance(30 * SECOND);
    await enterPassword(browser, person, { return_to: here });
    await browser.post('/sign-in/factor/totp', { code: appCode(house, secret) });
    expect(await claims((await follow(browser, here)).location, asked)).toMatchObject({ sub: person.id });
  });

  test('R66: “Continue” counts for whom the page was shown to, and who leaves is nobody to the app', async () => {
    const { browser } = await withApp();
    const other = await withApp();
    const asked = await ask(wiki.rp, { prompt: 'select_account' });
    const shown = await follow(browser, asked.path);
    const action = interactionOf(shown);
    // In another tab somebody else signs in.
    browser.cookies.set('session', other.browser.cookies.get('session') as string);
    await browser.post(action, { decision: 'continue', account: shown.field('account') });
    const again = await browser.get(action);
    expect(textOf(again.body)).toContain(`You are signed in as ${other.person.email}`);
    expect(errorOf((await decide(browser, again, 'leave')).location)).toBe('access_denied');
    const silent = await ask(wiki.rp, { prompt: 'none select_account' });
    expect(errorOf((await browser.get(silent.path)).location)).toBe('invalid_request');
  });

  test('R65: max_age counts from the last time that both steps were gone through', async () => {
    const { browser, person, secret } = await withApp();
    const fresh = await ask(wiki.rp, { max_age: '600', prompt: 'none' });
    await claims((await follow(browser, fresh.path)).location, fresh, { maxAge: 600 });
    house.clock.advance(11 * MINUTE);
    const silent = await ask(wiki.rp, { max_age: '600', prompt: 'none' });
    expect(errorOf((await follow(browser, silent.path)).location)).toBe('login_required');
    const asked = await ask(wiki.rp, { max_age: '600' });
    const here = (await follow(browser, asked.path)).field('return_to');
    await browser.submit('/confirm', { password: person.password, return_to: here });
    await browser.post('/confirm/factor/totp', { code: appCode(house, secret) });
    const location = (await follow(browser, here)).location;
    const { auth_time } = await claims(location, asked);
    expect((auth_time as number) * 1000).toBeGreaterThan(house.clock.now() - MINUTE);
    house.clock.advance(30 * SECOND);
    const zero = await ask(wiki.rp, { max_age: '0' });
    expect((await follow(browser, zero.path)).field('return_to')).toMatch(/^\/oidc\/interaction\//);
  });

  test('R65: prompt=none shows nothing and answers for nobody half signed in, signed out or expired', async () => {
    const { browser, person } = await withApp();
    const silent = async (visitor: Browser) => {
      const asked = await ask(wiki.rp, { prompt: 'none' });
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
    const asked = await ask(wiki.rp, { prompt: 'none' });
    expect(errorOf((await browser.get(asked.path)).location)).toBe('consent_required');
  });

  test('id_token_hint: an app that expects somebody else gets nobody', async () => {
    const ann = await withApp();
    const bob = await withApp();
    const asked = await ask(wiki.rp);
    const { id_token } = await redeem(wiki.rp, await visitApp(ann.browser, asked), asked);
    const hinted = await ask(wiki.rp, { id_token_hint: id_token as string, prompt: 'none' });
    expect(errorOf((await bob.browser.get(hinted.path)).location)).toBe('login_required');
    expect(errorOf((await ann.browser.get(hinted.path)).location)).toBe(null);

    for (const sub of [{ value: ann.person.id }, { values: ['x', ann.person.id] }]) {
      const claimed = await ask(wiki.rp, { claims: JSON.stringify({ id_token: { sub } }), prompt: 'none' });
      expect(errorOf((await bob.browser.get(claimed.path)).location)).toBe('login_required');
      expect(errorOf((await ann.browser.get(claimed.path)).location)).toBe(null);
    }

    const open = await ask(wiki.rp, { id_token_hint: id_token as string });
    const page = await follow(bob.browser, open.path);
    expect(textOf(page.body)).toContain('Another account is needed');
    const signIn = await decide(bob.browser, page, 'switch');
    expect(await sessionOf(house, bob.browser)).toBe(null);
    const here = signIn.field('return_to');
    await enterPassword(bob.browser, ann.person, { return_to: here });
    await bob.browser.post('/sign-in/factor/totp', { code: appCode(house, ann.secret) });
    house.clock.advance(30 * SECOND);
    const { location } = await follow(bob.browser, here);
    expect(await claims(location, open)).toMatchObject({ sub: ann.person.id });
  });

  test('prompt=consent asks again, and "Refuse" is access_denied', async () => {
    const { browser } = await withApp();
    const page = await follow(browser, (await ask(wiki.rp, { prompt: 'consent' })).path);
    expect(page.status).toBe(200);
    expect(errorOf((await decide(browser, page, 'leave')).location)).toBe('access_denied');
    // More than before: asked, and both are remembered together.
    const more = await follow(browser, (await ask(wiki.rp, { scope: 'openid groups' })).path);
    expect(textOf(more.body)).toContain('See which groups you belong to');
    await decide(browser, more, 'allow');
    const silent = await ask(wiki.rp, { scope: 'openid profile email groups', prompt: 'none' });
    expect(errorOf((await browser.get(silent.path)).location)).toBe(null);
  });
});
