import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Browser, textOf } from '../kit/browser.ts';
import { ENGINES, exceptSignIns, type House, openHouse } from '../kit/house.ts';
import {
  addPerson,
  addProtectedPerson,
  enterPassword,
  isSignedIn,
  type Person,
  signIn,
  stepUp,
} from '../kit/people.ts';

const NEW = 'ann.new@example.org';
const MINUTE = 60_000;

describe.each(ENGINES)('a person changes their e-mail addresses, on %s', (engine) => {
  let house: House;
  beforeEach(async () => {
    house = await openHouse({ engine });
  });
  afterEach(() => house.close());

  const tokenOf = (path: string) => new URL(path, 'http://x').searchParams.get('token') as string;
  const ask = (browser: Browser, email: string, use?: string) =>
    browser.post('/account/email', use ? { email, use } : { email });

  async function change(browser: Browser, email: string, use?: string): Promise<void> {
    await ask(browser, email, use);
    const token = tokenOf(await house.link(email, '/email-change'));
    const answer = await browser.post('/email-change', { token });
    expect([answer.status, answer.location]).toEqual([303, '/account/email']);
  }

  async function plainPerson(
    values: Parameters<typeof addPerson>[1] = {},
  ): Promise<{ person: Person; browser: Browser }> {
    const person = await addPerson(house, values);
    const browser = house.browser();
    await enterPassword(browser, person);
    return { person, browser };
  }

  test('a link goes to the new address; nothing changes until its button is pressed', async () => {
    const { person, browser, secret } = await addProtectedPerson(house);
    const asked = await ask(browser, NEW);
    expect([asked.status, asked.location]).toEqual([303, '/account/email']);
    expect(textOf((await browser.get('/account/email')).body)).toContain('a link is on its way');
    const link = await house.link(NEW, '/email-change');
    for (let opened = 0; opened < 3; opened++) expect((await browser.get(link)).status).toBe(200);
    expect((await browser.send('HEAD', link, undefined, {})).status).toBe(200);
    expect(textOf((await browser.get('/account/email')).body)).toContain(person.email);

    const page = await browser.get(link);
    expect(textOf(page.body)).toContain(`you sign in with ${NEW}`);
    const done = await browser.submit('/email-change', { token: page.field('token') });
    expect(textOf(done.body)).toContain('Your e-mail address was changed.');
    expect(textOf(done.body)).toContain(NEW);

    const other = house.browser();
    expect((await enterPassword(other, person)).status).toBe(422);
    const answer = await signIn(house, other, { ...person, email: NEW }, secret);
    expect(answer.status).toBe(303);
    expect(await isSignedIn(other)).toBe(true);
  });

  test('both addresses are told, and only the old one gets an undo link', async () => {
    const { person, browser } = await addProtectedPerson(house);
    await change(browser, NEW);
    const [old] = await house.mails(person.email);
    const [fresh] = await house.mails(NEW);
    expect(old?.subject).toBe('Your e-mail address was changed');
    expect(fresh?.subject).toBe('Your e-mail address was changed');
    expect(old?.text).toContain('/undo?token=');
    expect(fresh?.text).not.toContain('/undo?token=');
  });

  test('a link is good once, for its own account, and only for somebody who is signed in', async () => {
    const { person, browser } = await addProtectedPerson(house);
    await ask(browser, NEW);
    const link = await house.link(NEW, '/email-change');
    const token = tokenOf(link);

    const stranger = house.browser();
    const opened = await stranger.get(link);
    expect(opened.status).toBe(303);
    expect(opened.location).toBe(`/sign-in?return_to=${encodeURIComponent(link)}`);
    expect((await stranger.post('/email-change', { token })).location).toMatch(/^\/sign-in/);

    const bob = await plainPerson({ email: 'bob@example.org' });
    expect((await bob.browser.get(link)).status).toBe(422);
    expect((await bob.browser.post('/email-change', { token })).status).toBe(422);
    expect(textOf((await browser.get('/account/email')).body)).toContain(person.email);

    expect((await browser.post('/email-change', { token })).status).toBe(303);
    expect((await browser.post('/email-change', { token })).status).toBe(422);
    expect((await browser.get('/email-change')).status).toBe(422);
  });

  test('a newer request voids the older link, a change of security voids both, and half an hour does too', async () => {
    const { person, browser, secret } = await addProtectedPerson(house);
    await ask(browser, 'first@example.org');
    const first = await house.link('first@example.org', '/email-change');
    await ask(browser, NEW);
    expect((await browser.get(first)).status).toBe(422);
    const second = await house.link(NEW, '/email-change');
    expect((await browser.get(second)).status).toBe(200);
    await browser.submit('/account/password', {
      current_password: person.password,
      new_password: 'eager-marble-tulip-93',
    });
    expect((await browser.get(second)).status).toBe(422);

    await ask(browser, NEW);
    const third = await house.link(NEW, '/email-change');
    house.clock.advance(29 * MINUTE);
    await stepUp(house, browser, { ...person, password: 'eager-marble-tulip-93' }, secret);
    expect((await browser.get(third)).status).toBe(200);
    house.clock.advance(MINUTE);
    expect((await browser.get(third)).status).toBe(422);
  });

  test('R55: an address of somebody else is answered the same, and gets no mail', async () => {
    const { browser } = await plainPerson();
    await addPerson(house, { email: 'bob@example.org' });
    const free = await ask(browser, NEW);
    expect((await house.mails(NEW)).length).toBe(1);
    const taken = await ask(browser, 'BOB@Example.org');
    expect([taken.status, taken.location]).toEqual([free.status, free.location]);
    const { date: _date, ...headers } = taken.headers;
    expect(Object.keys(headers).sort()).toEqual(
      Object.keys(free.headers)
        .filter((name) => name !== 'date')
        .sort(),
    );
    expect(taken.headers['set-cookie']).toEqual(free.headers['set-cookie']);
    expect(await house.mails('bob@example.org')).toEqual([]);
    const shown = async () => textOf((await browser.get('/account/email')).body);
    expect(await shown()).toContain('If the address can be used, a link is on its way');
  });

  test('an address that somebody else proved in the meantime is refused with 409', async () => {
    const ann = await plainPerson();
    const bob = await plainPerson({ email: 'bob@example.org' });
    await ask(ann.browser, NEW);
    const token = tokenOf(await house.link(NEW, '/email-change'));
    await change(bob.browser, NEW);
    expect((await ann.browser.post('/email-change', { token })).status).toBe(409);
    expect(textOf((await ann.browser.get('/account/email')).body)).toContain('ann@example.org');
  });

  test('R45, R49: what is no single plain address is refused, and nothing is sent', async () => {
    const { browser } = await plainPerson();
    const tricks = [
      'nobody',
      'a@b@c',
      'a@b,c@d',
      'a b@example.org',
      `${NEW}\r\nBcc: eve@example.org`,
      `Eve <${NEW}>`,
    ];
    // The full-width sign is read as the plain one, and then it is the address that they have.
    for (const email of [...tricks, 'ann＠example.org', 'ANN@EXAMPLE.ORG.']) {
      expect([email, (await ask(browser, email)).status]).toEqual([email, 422]);
    }
    expect(exceptSignIns(await house.mails())).toEqual([]);
  });

  test('the form asks for one address, and for nothing else', async () => {
    const { browser } = await plainPerson();
    expect((await browser.post('/account/email', 'email=a%40example.org&email=b%40example.org')).status).toBe(
      400,
    );
    expect((await browser.post('/account/email', { email: NEW, proven: 'on' })).status).toBe(400);
    expect((await browser.post('/account/email', { email: NEW, use: 'admin' })).status).toBe(400);
    expect((await browser.post('/account/email', { email: 'ann@example.org' })).status).toBe(422);
    expect(exceptSignIns(await house.mails())).toEqual([]);
  });

  test('a stale step-up is asked for again, and nothing is sent or changed', async () => {
    const { person, browser, secret } = await addProtectedPerson(house);
    await ask(browser, NEW);
    const link = await house.link(NEW, '/email-change');
    house.clock.advance(10 * MINUTE + 1000);
    for (const answer of [await browser.get('/account/email'), await ask(browser, 'other@example.org')]) {
      expect([answer.status, answer.location]).toEqual([303, '/confirm?return_to=%2Faccount%2Femail']);
    }
    expect((await browser.get(link)).location).toBe(`/confirm?return_to=${encodeURIComponent(link)}`);
    // The page that holds the form is the link's own: nobody has to look for the mail again.
    expect((await browser.post('/email-change', { token: tokenOf(link) })).location).toBe(
      `/confirm?return_to=${encodeURIComponent(link)}`,
    );
    const nobody = await house.browser().post('/email-change', { token: tokenOf(link) });
    expect(nobody.location).toBe(`/sign-in?return_to=${encodeURIComponent(link)}`);
    expect((await house.mails('other@example.org')).length).toBe(0);
    await stepUp(house, browser, person, secret);
    expect((await browser.get('/account/email')).status).toBe(200);
  });

  test('the eleventh mail within the hour has to wait', async () => {
    const { browser } = await plainPerson();
    for (let sent = 0; sent < 10; sent++)
      expect((await ask(browser, `ann${sent}@example.org`)).status).toBe(303);
    const waiting = await ask(browser, NEW);
    expect(waiting.status).toBe(429);
    expect(Number(waiting.headers['retry-after'])).toBeGreaterThan(0);
    expect(await house.mails(NEW)).toEqual([]);
  });

  test('a second address serves recovery: added by its link, told by mail, replaced, removed', async () => {
    const { person, browser } = await plainPerson();
    await change(browser, 'ann@home.example', 'recovery');
    const page = textOf((await browser.get('/account/email')).body);
    expect(page).toContain('The recovery address was added.');
    expect(page).toMatch(/ann@home\.example\s+For recovery/);
    expect((await house.mails(person.email))[0]?.subject).toBe('A recovery address was added');

    const other = house.browser();
    expect((await enterPassword(other, { ...person, email: 'ann@home.example' })).status).toBe(422);
    expect((await enterPassword(other, person)).status).toBe(303);

    expect((await ask(browser, 'ann@home.example', 'recovery')).status).toBe(422);
    await change(browser, 'ann@work.example', 'recovery');
    expect((await browser.get('/account/email')).body).not.toContain('ann@home.example');

    const removed = await browser.submit('/account/email/remove-recovery');
    expect(textOf(removed.body)).toContain('The recovery address was removed.');
    expect(removed.body).not.toContain('ann@work.example');
    expect((await house.mails(person.email))[0]?.subject).toBe('A recovery address was removed');
    expect((await browser.post('/account/email/remove-recovery')).status).toBe(404);
  });

  test('the recovery address may become the one to sign in with, and the old one is free again', async () => {
    const { person, browser } = await plainPerson();
    await change(browser, NEW, 'recovery');
    await change(browser, NEW, 'primary');
    const page = textOf((await browser.get('/account/email')).body);
    expect(page).toMatch(new RegExp(`${NEW}\\s+You sign in with this one`));
    expect(page).not.toContain(person.email);
    const bob = await plainPerson({ email: 'bob@example.org' });
    await change(bob.browser, person.email);
  });
});
