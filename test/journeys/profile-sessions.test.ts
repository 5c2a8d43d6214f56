import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SESSIONS_LISTED } from '../../src/sessions/store.ts';
import { sessionOf } from '../kit/attack-kit.ts';
import { type Browser, textOf } from '../kit/browser.ts';
import { ENGINES, type House, openHouse } from '../kit/house.ts';
import { addPerson, addProtectedPerson, enterPassword, isSignedIn, signIn, stepUp } from '../kit/people.ts';

const MINUTE = 60_000;
const PHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1';

describe.each(ENGINES)('a person looks at sessions and activity, on %s', (engine) => {
  let house: House;
  beforeEach(async () => {
    house = await openHouse({ engine });
  });
  afterEach(() => house.close());

  async function annOnTwo() {
    const { person, browser, secret } = await addProtectedPerson(house);
    const phone = house.browser();
    phone.userAgent = PHONE;
    phone.network = '203.0.113.7';
    await signIn(house, phone, person, secret);
    return { person, browser, phone, secret };
  }

  const idsOn = async (browser: Browser) =>
    [
      ...(await browser.get('/account/sessions')).body.matchAll(/href="\/account\/sessions\/(\w{32})\/end"/g),
    ].map((found) => found[1]);

  test('R53: each session tells browser, network, first and last use and how it was proven', async () => {
    const { browser } = await annOnTwo();
    house.clock.advance(2 * MINUTE);
    const text = textOf((await browser.get('/account/sessions')).body);
    expect(text).toMatch(/Firefox 140 on Linux this one/);
    expect(text).toMatch(/Safari 18 on iOS/);
    expect(text).toContain('Network 203.0.113.7');
    expect(text).toContain('with password and authenticator app');
    expect(await idsOn(browser)).toHaveLength(1);
  });

  test('one is ended, at once', async () => {
    const { browser, phone } = await annOnTwo();
    const [id] = await idsOn(browser);
    const done = await browser.submit(`/account/sessions/${id}/end`);
    expect(textOf(done.body)).toContain('That session has ended.');
    expect(textOf(done.body)).toContain('You aren’t signed in anywhere else.');
    expect(await isSignedIn(phone)).toBe(false);
    expect((await browser.post(`/account/sessions/${id}/end`)).status).toBe(404);
  });

  test('all others are ended, half-finished sign-ins too', async () => {
    const { person, browser, phone } = await annOnTwo();
    const half = house.browser();
    await enterPassword(half, person);
    await browser.submit('/account/sessions/end-others');
    expect(await isSignedIn(phone)).toBe(false);
    expect((await half.get('/sign-in/factor')).status).toBe(303);
    expect(await isSignedIn(browser)).toBe(true);
  });

  test('two browsers that end each other at once do not wait for one another', async () => {
    const { browser, phone } = await annOnTwo();
    const answers = await Promise.all(
      [browser, phone].map((one) => one.post('/account/sessions/end-others')),
    );
    expect(answers.every(({ status }) => status === 303)).toBe(true);
  });

  test('R71: a session of somebody else is not there', async () => {
    const { browser } = await annOnTwo();
    const [id] = await idsOn(browser);
    const bob = await addPerson(house, { email: 'bob@example.org' });
    const bobs = house.browser();
    await enterPassword(bobs, bob);
    expect((await bobs.post(`/account/sessions/${id}/end`)).status).toBe(404);
    expect(await idsOn(browser)).toEqual([id]);
  });

  test('R39: after ten minutes the second step is asked before anything ends', async () => {
    const { person, browser, phone, secret } = await annOnTwo();
    const [id] = await idsOn(browser);
    house.clock.advance(10 * MINUTE + 1000);
    for (const path of [`/account/sessions/${id}/end`, '/account/sessions/end-others']) {
      const answer = await browser.post(path);
      expect([answer.status, answer.location]).toEqual([303, '/confirm?return_to=%2Faccount%2Fsessions']);
    }
    expect(await isSignedIn(phone)).toBe(true);
    await stepUp(house, browser, person, secret);
    expect((await browser.post('/account/sessions/end-others')).location).toBe('/account/sessions');
    expect(await isSignedIn(phone)).toBe(false);
  });

  test('a session that has run out is not listed', async () => {
    const { person, browser, phone, secret } = await annOnTwo();
    for (let minutes = 0; minutes < 32; minutes += 8) {
      expect((await browser.get('/account')).status).toBe(200);
      house.clock.advance(8 * MINUTE);
    }
    expect(await isSignedIn(phone)).toBe(false);
    await stepUp(house, browser, person, secret);
    expect(textOf((await browser.get('/account/sessions')).body)).toContain(
      'You aren’t signed in anywhere else.',
    );
  });

  test('of very many the last used are listed, and the one in which the page is shown', async () => {
    const { person, browser } = await annOnTwo();
    const { db } = house.app.database;
    const own = { ...(await sessionOf(house, browser)), last_used_at: house.clock.now() };
    const rows = Array.from({ length: SESSIONS_LISTED + 50 }, (_, n) => {
      const id = String(n).padStart(32, '0');
      return { ...own, id, token_hash: id };
    });
    for (let at = 0; at < rows.length; at += 50)
      await db
        .insertInto('session')
        .values(rows.slice(at, at + 50) as never)
        .execute();
    expect(await idsOn(browser)).toHaveLength(SESSIONS_LISTED);
    expect(textOf((await browser.get('/account/sessions')).body)).toContain('this one');
    await browser.submit('/account/sessions/end-others');
    const left = db.selectFrom('session').select('id').where('account_id', '=', person.id);
    expect(await left.execute()).toHaveLength(1);
  });

  test('ending the one in which the page is shown signs out', async () => {
    const { browser } = await annOnTwo();
    const { id } = await house.app.database.db
      .selectFrom('session')
      .select('id')
      .where('browser', 'like', '%Firefox%')
      .executeTakeFirstOrThrow();
    const answer = await browser.post(`/account/sessions/${id}/end`);
    expect([answer.status, answer.location]).toEqual([303, '/sign-in']);
    expect(browser.cookies.has('session')).toBe(false);
  });

  test('the activity tells what happened, newest first, in the zone and language of the person', async () => {
    const { browser } = await annOnTwo();
    await browser.post('/account', { name: 'Ann', time_zone: 'Europe/Madrid' });
    await enterPassword(house.browser(), {
      id: '',
      email: 'ann@example.org',
      password: 'something-else-entirely',
    });
    const page = await browser.get('/account/activity');
    const text = textOf(/<main[\s\S]*<\/main>/.exec(page.body)?.[0] ?? '');
    expect(text).toContain('Times are in Europe/Madrid.');
    const order = [
      'Sign-in with a wrong password',
      'Profile changed',
      'Signed in',
      'Two-factor authentication turned on: authenticator app',
    ];
    const places = order.map((sentence) => text.indexOf(sentence));
    expect(places.every((place) => place >= 0)).toBe(true);
    expect([...places].sort((a, b) => a - b)).toEqual(places);
    expect(text).toContain('3 May 2026, 12:00 (Europe/Madrid, GMT+2)');
    expect(text).toContain('from 203.0.113.7');
  });

  test('it is paged, and shows nobody else', async () => {
    const person = await addPerson(house);
    const browser = house.browser();
    await enterPassword(browser, person);
    for (let count = 0; count < 30; count++) await browser.post('/account', { name: `Ann ${count}` });
    const first = await browser.get('/account/activity');
    const changes = (body: string) => textOf(body).split('Profile changed').length - 1;
    expect(changes(first.body)).toBe(25);
    const older = /href="(\/account\/activity\?before=\d+)"/.exec(first.body)?.[1] as string;
    const second = await browser.get(older);
    expect(changes(second.body)).toBe(5);
    expect(textOf(second.body)).toContain('Signed in');
    expect(textOf(second.body)).toContain('Back to the newest');
    expect(second.body).not.toContain('?before=');
    for (const odd of ['x', '-1', '0', '1e999', '', '9'.repeat(40)]) {
      expect((await browser.get(`/account/activity?before=${odd}`)).status).toBe(200);
    }
    const bob = await addPerson(house, { email: 'bob@example.org' });
    const bobs = house.browser();
    await enterPassword(bobs, bob);
    expect(changes((await bobs.get('/account/activity')).body)).toBe(0);
    expect(textOf((await bobs.get('/account/activity?before=1')).body)).toContain(
      'Nothing has happened yet.',
    );
  });
});
