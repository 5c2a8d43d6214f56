import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Browser, type Page, textOf } from '../kit/browser.ts';
import { ENGINES, type House, openHouse } from '../kit/house.ts';
import {
  addPerson,
  addProtectedPerson,
  appCode,
  enterPassword,
  isSignedIn,
  readEnrolment,
  signIn,
} from '../kit/people.ts';

const PHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1';

describe.each(ENGINES)('nothing goes at the first press, on %s', (engine) => {
  let house: House;
  beforeEach(async () => {
    house = await openHouse({ engine });
  });
  afterEach(() => house.close());

  async function annOnTwo() {
    const ann = await addProtectedPerson(house);
    const phone = house.browser();
    phone.userAgent = PHONE;
    phone.network = '203.0.113.7';
    await signIn(house, phone, ann.person, ann.secret);
    return { ...ann, phone };
  }

  /** The page itself, without what stands around it on every page. */
  const main = (page: Page) => /<main[\s\S]*<\/main>/.exec(page.body)?.[0] ?? '';
  const hrefOn = async (browser: Browser, path: string, like: RegExp) =>
    like.exec(main(await browser.get(path)))?.[1] as string;

  /**
   * The control is a link; page and dialog say the same and hold the same form. Looking changes nothing. -> the page
   */
  async function asks(browser: Browser, from: string, path: string): Promise<string> {
    const holding = main(await browser.get(from));
    expect(holding).toMatch(new RegExp(`<a [^>]*href="${path}"[^>]* data-dialog="`));
    const id = new RegExp(`href="${path}"[^>]* data-dialog="([^"]+)"`).exec(holding)?.[1];
    const dialog = new RegExp(`<dialog id="${id}"[\\s\\S]*?</dialog>`).exec(holding)?.[0] ?? '';
    const asked = await browser.get(path);
    expect(asked.status).toBe(200);
    expect((await browser.send('HEAD', path, undefined, {})).status).toBe(200);
    for (const markup of [dialog, main(asked)]) {
      expect(markup.match(/<form [^>]*>/g)).toEqual([`<form method="post" action="${path}">`]);
      expect(markup).toContain('class="button danger"');
    }
    expect(dialog).toContain('formmethod="dialog"');
    expect(main(asked)).toMatch(new RegExp(`href="${from}">Cancel</a>`));
    const title = textOf(/<h1>(.*?)<\/h1>/.exec(asked.body)?.[1] ?? '');
    expect(textOf(dialog)).toContain(title);
    return textOf(main(asked));
  }

  test('a session is ended after a question that names browser, system and network', async () => {
    const { browser, phone } = await annOnTwo();
    const path = await hrefOn(browser, '/account/sessions', /href="(\/account\/sessions\/\w{32}\/end)"/);
    const text = await asks(browser, '/account/sessions', path);
    expect(text).toContain('Safari 18 on iOS, in network 203.0.113.7, is signed out at once.');
    expect(await isSignedIn(phone)).toBe(true);
    expect(textOf((await browser.submit(path)).body)).toContain('That session has ended.');
    expect(await isSignedIn(phone)).toBe(false);
    expect((await browser.get(path)).status).toBe(404);
  });

  test('all others are ended after a question that says how many; with none there is nothing to ask', async () => {
    const { person, secret, browser, phone } = await annOnTwo();
    const path = '/account/sessions/end-others';
    expect(await asks(browser, '/account/sessions', path)).toContain('One other session is signed out');
    const third = house.browser();
    await signIn(house, third, person, secret);
    expect(await asks(browser, '/account/sessions', path)).toContain('2 other sessions are signed out');
    expect([await isSignedIn(phone), await isSignedIn(third)]).toEqual([true, true]);
    await browser.submit(path);
    expect([await isSignedIn(phone), await isSignedIn(third)]).toEqual([false, false]);
    const again = await browser.get(path);
    expect([again.status, again.location]).toEqual([303, '/account/sessions']);
  });

  test('about the session in use it says that one is signed out here', async () => {
    const { browser, phone } = await annOnTwo();
    const path = await hrefOn(phone, '/account/sessions', /href="(\/account\/sessions\/\w{32}\/end)"/);
    expect(textOf((await browser.get(path)).body)).toContain('you will be signed out here at once');
    expect((await browser.get(path)).body).not.toContain('Firefox');
  });

  test('one of two apps is removed after a question that names it', async () => {
    const { browser } = await annOnTwo();
    const { secret } = readEnrolment((await browser.get('/account/security/totp')).body);
    await browser.post('/account/security/totp', { code: appCode(house, secret), label: 'Old <b>Pixel' });
    const all = main(await browser.get('/account/security')).matchAll(/href="(\/[^"]*\/factors\/\w+)"/g);
    const factor = [...all].map((found) => found[1]).at(-1) as string;
    expect(textOf((await browser.get(factor)).body)).toContain('Old <b>Pixel');
    const text = await asks(browser, factor, `${factor}/remove`);
    expect(text).toContain('“Old <b>Pixel” no longer signs you in');
    expect((await browser.get(factor)).status).toBe(200);
    const removed = await browser.submit(`${factor}/remove`);
    expect(textOf(removed.body)).toContain('no longer signs you in');
    expect((await browser.get(`${factor}/remove`)).status).toBe(404);
  });

  test('the only app has the page on switching 2FA off for a question', async () => {
    const { browser } = await annOnTwo();
    const factor = await hrefOn(browser, '/account/security', /href="(\/[^"]*\/factors\/\w+)"/);
    const page = main(await browser.get(factor));
    expect(page).toMatch(/<a class="button removal" href="\/account\/security\/disable">Remove<\/a>/);
    expect(page).not.toContain('<dialog');
    for (const answer of [await browser.get(`${factor}/remove`), await browser.post(`${factor}/remove`)])
      expect([answer.status, answer.location]).toEqual([303, '/account/security/disable']);
  });

  test('the recovery address is removed after a question that names it', async () => {
    const { browser } = await annOnTwo();
    const path = '/account/email/remove-recovery';
    expect((await browser.get(path)).status).toBe(404);
    await browser.post('/account/email', { email: 'ann@home.example', use: 'recovery' });
    const link = new URL(await house.link('ann@home.example', '/email-change'), 'http://x');
    await browser.post('/email-change', { token: link.searchParams.get('token') as string });
    const text = await asks(browser, '/account/email', path);
    expect(text).toContain('ann@home.example will no longer help you back into your account.');
    expect((await browser.get('/account/email')).body).toContain('ann@home.example');
    expect(textOf((await browser.submit(path)).body)).toContain('The recovery address was removed.');
  });

  test('R71: about what is somebody else’s nothing is asked', async () => {
    const { browser } = await annOnTwo();
    const session = await hrefOn(browser, '/account/sessions', /href="(\/account\/sessions\/\w{32}\/end)"/);
    const factor = await hrefOn(browser, '/account/security', /href="(\/[^"]*\/factors\/\w+)"/);
    const bobs = house.browser();
    await enterPassword(bobs, await addPerson(house, { email: 'bob@example.org' }));
    for (const path of [session, `${factor}/remove`]) {
      const answer = await bobs.get(path);
      expect([answer.status, answer.body.includes('Safari')]).toEqual([404, false]);
    }
  });
});
