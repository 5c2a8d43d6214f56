import { describe, expect, test } from 'vitest';
import { nowhere } from '../../src/audit/place.ts';
import { changeClient } from '../../src/clients/change-clients.ts';
import { NO_SETTINGS } from '../../src/clients/client.ts';
import { SECOND, somebodyProtected } from '../kit/attack-kit.ts';
import { Authenticator } from '../kit/authenticator.ts';
import { type Browser, textOf } from '../kit/browser.ts';
import { ManualClock } from '../kit/clock.ts';
import { ENGINES } from '../kit/house.ts';
import { addKey, askedAtFactor, signInWithKey } from '../kit/keys.ts';
import { appCode, enableApp, enterPassword, type Person, stepUp } from '../kit/people.ts';
import {
  ask,
  CALLBACK,
  decide,
  follow,
  interactionOf,
  openRelyingParty,
  redeem,
  registerApp,
  visitApp,
} from '../kit/relying-party.ts';
import { setValue } from '../kit/rules-kit.ts';
import { sharedHouse } from '../kit/shared-house.ts';
import { demandingApp, errorOf } from './demanding-app.ts';

describe.each(ENGINES)('R64/R65: what an app demands is enforced, on %s', (engine) => {
  const house = sharedHouse({ engine, clock: new ManualClock(Date.now()) });
  const wiki = demandingApp(house);
  const { withPassword, withApp, claims } = wiki;

  test('A54: a password is never more than a password: mfa leads to enrolment, and back with both steps', async () => {
    const { browser } = await withPassword();
    const plain = await ask(wiki.rp);
    expect(await claims(await visitApp(browser, plain), plain)).toMatchObject({ acr: 'pwd', amr: ['pwd'] });

    const silent = await ask(wiki.rp, { acr_values: 'mfa', prompt: 'none' });
    expect(errorOf((await follow(browser, silent.path)).location)).toBe('interaction_required');

    const asked = await ask(wiki.rp, { acr_values: 'mfa' });
    const page = await follow(browser, asked.path);
    expect(page.status).toBe(200);
    expect(textOf(page.body)).toContain('Wiki asks for a second step');
    const here = interactionOf(page);
    await enableApp(house, browser);
    // The page on which a factor is enrolled knows the way back.
    expect((await browser.get('/account/security')).body).toContain(`href="${here}"`);
    const { location } = await follow(browser, here);
    expect(await claims(location, asked)).toMatchObject({ acr: 'mfa', amr: ['pwd', 'otp', 'mfa'] });
    expect((await browser.get('/account/security')).body).not.toContain(here);
  });

  test('who has none yet is led to a method that is accepted', async () => {
    const { browser } = await withPassword();
    await setValue(house, 'forbidden_factors', ['totp']);
    const { body } = await follow(browser, (await ask(wiki.rp, { acr_values: 'mfa' })).path);
    await setValue(house, 'forbidden_factors', []);
    expect(/href="(\/account\/security[^"]*)"/.exec(body)?.[1]).toBe('/account/security/sms');
  });

  test('A54: whoever would rather not is sent back with unmet_authentication_requirements', async () => {
    const { browser } = await withPassword();
    const page = await follow(browser, (await ask(wiki.rp, { acr_values: 'phr mfa' })).path);
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
      const asked = await ask(wiki.rp, { claims: acr(claim), prompt: 'none' });
      expect(errorOf((await follow(browser, asked.path)).location)).toBe('interaction_required');
    }
    // Both at once: neither takes the other's place.
    const both = await ask(wiki.rp, {
      claims: acr({ essential: true, value: 'mfa' }),
      acr_values: 'pwd',
      prompt: 'none',
    });
    expect(errorOf((await follow(browser, both.path)).location)).toBe('interaction_required');
    const wish = await ask(wiki.rp, { claims: acr({ values: ['mfa'] }), prompt: 'none' });
    expect(await claims((await follow(browser, wish.path)).location, wish)).toMatchObject({ acr: 'pwd' });
    for (const malformed of [{ values: 'mfa' }, { value: ['mfa'] }, { value: 5 }, { values: [] }]) {
      const asked = await ask(wiki.rp, { claims: acr({ essential: true, ...malformed }) });
      const { location } = await follow(browser, asked.path);
      expect(errorOf(location)).toBe('unmet_authentication_requirements');
    }
    const unknown = await ask(wiki.rp, { acr_values: 'urn:example:gold' });
    expect(errorOf((await follow(browser, unknown.path)).location)).toBe('unmet_authentication_requirements');
  });

  test('A54: more than what is asked for does, and the token names what was proven', async () => {
    const { browser } = await withApp();
    for (const acr_values of ['pwd', 'mfa', 'phr mfa', 'gold pwd']) {
      const asked = await ask(wiki.rp, { acr_values, prompt: 'none' });
      expect(await claims((await follow(browser, asked.path)).location, asked)).toMatchObject({ acr: 'mfa' });
    }
  });

  test('phr: the page says which key to add, and no code of an app takes its place', async () => {
    const { browser, person, secret } = await withApp();
    const asked = await ask(wiki.rp, { acr_values: 'phr' });
    const page = await follow(browser, asked.path);
    expect(textOf(page.body)).toContain('Add a security key or passkey');
    expect(page.body).toContain('href="/account/security/keys"');
    await stepUp(house, browser, person, secret);
    const here = interactionOf(page);
    expect((await follow(browser, here)).status).toBe(200);
  });

  test('R64/R65: acr is of the time that auth_time tells: a code of now is no key, for all the keys of before', async () => {
    const { browser: first, person, secret } = await withApp();
    const key = new Authenticator();
    await addKey(first, key);
    const { browser } = await signInWithKey(house, person, key);
    const fresh = await ask(wiki.rp, { acr_values: 'phr', prompt: 'none' });
    expect(await claims((await follow(browser, fresh.path)).location, fresh)).toMatchObject({ acr: 'phr' });

    house.clock.advance(60 * SECOND);
    const asked = await ask(wiki.rp, { acr_values: 'phr', prompt: 'login' });
    const confirm = await follow(browser, asked.path);
    const here = new URL(confirm.field('return_to'), 'http://x').pathname;
    await browser.submit('/confirm', { password: person.password, return_to: here });
    const byCode = await browser.post('/confirm/factor/totp', { code: appCode(house, secret) });
    const page = await follow(browser, byCode.location);
    expect([page.status, textOf(page.body)]).toEqual([200, expect.stringContaining('Wiki asks for a key')]);
    const any = await ask(wiki.rp, { prompt: 'none' });
    expect(await claims((await follow(browser, any.path)).location, any)).toMatchObject({
      acr: 'mfa',
      amr: ['pwd', 'otp', 'mfa'],
      auth_time: Math.floor(house.clock.now() / 1000),
    });

    await browser.submit('/confirm', { password: person.password, return_to: here });
    const options = await askedAtFactor(browser, '/confirm/factor');
    await browser.post('/confirm/factor/webauthn', { credential: key.get(options) });
    const { location } = await follow(browser, here);
    expect(await claims(location, asked)).toMatchObject({ acr: 'phr', amr: ['pwd', 'hwk', 'user', 'mfa'] });
  });

  test('R64: who has turned 2FA off and confirms with the password alone has proven no more from then on', async () => {
    const { browser, person } = await withApp();
    await browser.post('/account/security/disable', { password: person.password });
    await browser.post('/confirm', { password: person.password });
    const asked = await ask(wiki.rp, { prompt: 'none' });
    const { location } = await follow(browser, asked.path);
    expect(await claims(location, asked)).toMatchObject({ acr: 'pwd', amr: ['pwd'] });
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
    const plain = await ask(wiki.rp);
    expect(await claims(await visitApp(again, plain), plain)).toMatchObject({ acr: 'pwd' });
    const asked = await ask(wiki.rp, { acr_values: 'mfa' });
    const confirm = await follow(again, asked.path);
    expect(textOf(confirm.body)).toContain('Password');
    const here = new URL(confirm.field('return_to'), 'http://x').pathname;
    await again.submit('/confirm', { password: person.password, return_to: here });
    const answer = await again.post('/confirm/factor/totp', { code: appCode(house, secret) });
    house.clock.advance(30 * SECOND);
    expect(answer.location).toBe(here);
    expect(await claims((await follow(again, here)).location, asked)).toMatchObject({ acr: 'mfa' });
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
});
