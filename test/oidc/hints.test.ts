import type * as client from 'openid-client';
import { beforeAll, describe, expect, test } from 'vitest';
import { somebody } from '../kit/attack-kit.ts';
import type { Browser } from '../kit/browser.ts';
import { ManualClock } from '../kit/clock.ts';
import { ENGINES } from '../kit/house.ts';
import { enterPassword } from '../kit/people.ts';
import { ask, follow, openRelyingParty, registerApp } from '../kit/relying-party.ts';
import { sharedHouse } from '../kit/shared-house.ts';

const languageOf = (body: string) => /<html lang="(\w+)"/.exec(body)?.[1];
const emailIn = (body: string) => /name="email"[^>]* value="([^"]*)"/.exec(body)?.[1];

describe.each(ENGINES)(
  'what an app says of its person beforehand (OpenID Connect Core 3.1.2.1), on %s',
  (engine) => {
    const house = sharedHouse({ engine, clock: new ManualClock(Date.now()) });
    let rp: client.Configuration;
    beforeAll(async () => {
      rp = await openRelyingParty(house, await registerApp(house));
    });

    const come = async (browser: Browser, extra: Record<string, string>) =>
      follow(browser, (await ask(rp, extra)).path);

    test('login_hint stands in the e-mail field; what is no address does not', async () => {
      const { email } = await somebody(house);
      const { status, body } = await come(house.browser(), { login_hint: email });
      expect(status).toBe(200);
      expect(emailIn(body)).toBe(email);
      for (const login_hint of [
        'ann',
        '"><script>@example.org',
        `${'a'.repeat(300)}@example.org`,
        'a@b\n.org',
        // The 300th is half of a sign.
        `${'a'.repeat(299)}😀@example.org`,
      ]) {
        const page = await come(house.browser(), { login_hint });
        expect([page.status, emailIn(page.body)], login_hint).toEqual([200, '']);
      }
      // Whoever types another one is nobody's guest: the hint decides nothing.
      const browser = house.browser();
      await come(browser, { login_hint: 'nobody@example.org' });
      expect(await enterPassword(browser, await somebody(house))).toMatchObject({ status: 303 });
    });

    test('ui_locales: the first language that we have, also when the form comes back, and for this sign-in alone', async () => {
      const browser = house.browser();
      const page = await come(browser, { ui_locales: 'fr-CA es-MX en' });
      expect(languageOf(page.body)).toBe('es');
      const refused = await browser.post('/sign-in', { email: 'nobody@example.org', password: 'wrong' });
      expect([refused.status, languageOf(refused.body)]).toEqual([422, 'es']);
      // The next app says nothing.
      expect(languageOf((await come(browser, {})).body)).toBe('en');
      expect(languageOf((await browser.get('/sign-in')).body)).toBe('en');
      for (const ui_locales of ['fr', 'klingon', '', '; Path=/', 'constructor'])
        expect(languageOf((await come(house.browser(), { ui_locales })).body), ui_locales).toBe('en');
    });

    test('ui_locales chooses the pages of this sign-in, and not the account of somebody who chose no language', async () => {
      const person = await somebody(house);
      const browser = house.browser();
      await come(browser, { ui_locales: 'es' });
      await enterPassword(browser, person);
      for (const path of ['/account', '/account/security', '/help'])
        expect(languageOf((await browser.get(path)).body), path).toBe('en');
      const page = await come(browser, { ui_locales: 'es', prompt: 'consent' });
      expect([page.status, languageOf(page.body)]).toEqual([200, 'es']);
      expect(languageOf((await browser.get('/account')).body)).toBe('en');
    });

    test('ui_locales gives way to the language that a person chose', async () => {
      const person = await somebody(house);
      const browser = house.browser();
      await enterPassword(browser, person);
      await browser.post('/account', { name: 'Ann', locale: 'en', time_zone: 'UTC' });
      const page = await come(browser, { ui_locales: 'es', prompt: 'consent' });
      expect([page.status, languageOf(page.body)]).toEqual([200, 'en']);
    });
  },
);
