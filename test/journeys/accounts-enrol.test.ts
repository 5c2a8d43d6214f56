import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Browser, textOf } from '../kit/browser.ts';
import { ENGINES, type House, openHouse } from '../kit/house.ts';
import { addPerson, enableApp, enterPassword, isSignedIn, type Person } from '../kit/people.ts';

const MINUTE = 60_000;
const tokenOf = (path: string) => path.split('token=')[1] ?? '';

describe.each(ENGINES)('a second step that a rule demands, on %s', (engine) => {
  let house: House;
  let browser: Browser;
  let boss: Person;
  beforeEach(async () => {
    house = await openHouse({ engine });
    browser = house.browser();
    boss = await addPerson(house, { email: 'boss@example.org', roles: 'admin' });
  });
  afterEach(() => house.close());

  const prove = (path: string, by = browser) => by.post('/enrol', { token: tokenOf(path) });
  const mayEnrol = async (by: Browser) => (await by.get('/account/security/totp')).status === 200;

  test('the password leads to a mail, the mail to the enrolment, the enrolment into a session', async () => {
    expect((await enterPassword(browser, boss)).location).toBe('/account/security');
    expect(await mayEnrol(browser)).toBe(false);
    const link = await house.link(boss.email, '/enrol');
    const shown = await browser.get(link);
    expect([shown.status, textOf(shown.body)]).toEqual([200, expect.stringContaining('Is it you?')]);
    expect(await mayEnrol(browser)).toBe(false);
    const answer = await prove(link);
    expect([answer.status, answer.location]).toEqual([303, '/account/security']);
    await enableApp(house, browser);
    expect(await isSignedIn(browser)).toBe(true);
    const events = await house.app.database.db.selectFrom('audit_event').select('event').execute();
    expect(events.map(({ event }) => event)).toEqual(
      expect.arrayContaining(['enrolment.link_sent', 'enrolment.proven', 'two_factor.enabled']),
    );
  });

  test('a thief who knows the password gains nothing from the owner’s click', async () => {
    const thief = house.browser();
    await enterPassword(thief, boss);
    const link = await house.link(boss.email, '/enrol');

    // The owner opens the mail in a browser that was not signing in.
    const asked = await browser.get(link);
    expect([asked.status, asked.location]).toEqual([303, `/sign-in?return_to=${encodeURIComponent(link)}`]);
    expect((await prove(link)).location).toBe(`/sign-in?return_to=${encodeURIComponent(link)}`);
    expect(await mayEnrol(thief)).toBe(false);
  });

  test('asking for the link again after the time is up leads back to where it is asked for', async () => {
    await enterPassword(browser, boss);
    house.clock.advance(24 * 60 * 60_000);
    const asked = await browser.post('/enrol/send');
    expect([asked.status, asked.location]).toEqual([303, '/sign-in?return_to=%2Faccount%2Fsecurity']);
  });

  test('opened in another browser, it works there after the password', async () => {
    await enterPassword(house.browser(), boss);
    const link = await house.link(boss.email, '/enrol');
    const asked = await browser.get(link);
    const answer = await browser.post(asked.location, { email: boss.email, password: boss.password });
    expect([answer.status, answer.location]).toEqual([303, link]);
    expect((await browser.get(link)).status).toBe(200);
    expect((await prove(link)).location).toBe('/account/security');
    expect(await mayEnrol(browser)).toBe(true);
  });

  test('opening it spends nothing, using it works once', async () => {
    await enterPassword(browser, boss);
    const link = await house.link(boss.email, '/enrol');
    for (let count = 0; count < 3; count++) expect((await browser.get(link)).status).toBe(200);
    expect((await prove(link)).status).toBe(303);
    for (const answer of [await browser.get(link), await prove(link)]) {
      expect(answer.status).toBe(422);
      expect(textOf(answer.body)).toContain('This link has been used already');
    }
  });

  test('it is old after half an hour, and a newer one replaces it', async () => {
    await enterPassword(browser, boss);
    const older = await house.link(boss.email, '/enrol');
    house.clock.advance(MINUTE);
    await enterPassword(browser, boss);
    const newer = await house.link(boss.email, '/enrol');
    expect((await prove(older)).status).toBe(422);
    house.clock.advance(30 * MINUTE);
    await house.app.database.db
      .updateTable('enrolment_pass')
      .set({ expires_at: house.clock.now() + MINUTE })
      .execute();
    expect((await prove(newer)).status).toBe(422);
    expect(await mayEnrol(browser)).toBe(false);
  });

  test('a link of somebody else says which browser it is for', async () => {
    const other = await addPerson(house, { email: 'other@example.org', roles: 'admin' });
    await enterPassword(house.browser(), other);
    const theirs = await house.link(other.email, '/enrol');
    await enterPassword(browser, boss);
    for (const answer of [await browser.get(theirs), await prove(theirs)]) {
      expect(answer.status).toBe(422);
      expect(textOf(answer.body)).toContain('Open this link in the browser in which you signed in.');
    }
    expect(await mayEnrol(browser)).toBe(false);
  });

  test('A18: nothing but a link of this purpose proves anything', async () => {
    await enterPassword(browser, boss);
    await browser.post('/forgot-password', { email: boss.email });
    const reset = await house.link(boss.email, '/reset-password');
    for (const token of [tokenOf(reset), '', 'x', 'A'.repeat(43)])
      expect((await browser.post('/enrol', { token })).status).toBe(422);
    expect(await mayEnrol(browser)).toBe(false);
    // And the other way: this link sets no password.
    const enrol = tokenOf(await house.link(boss.email, '/enrol'));
    const form = { token: enrol, password: 'amber-quilt-penguin-7' };
    expect((await browser.post('/reset-password', form)).status).toBe(422);
    expect((await browser.post('/invitation', { ...form, name: 'Boss' })).status).toBe(422);
  });

  test('a reset of the password ends the enrolment that was under way', async () => {
    await enterPassword(browser, boss);
    await prove(await house.link(boss.email, '/enrol'));
    expect(await mayEnrol(browser)).toBe(true);
    const owner = house.browser();
    await owner.post('/forgot-password', { email: boss.email });
    const token = tokenOf(await house.link(boss.email, '/reset-password'));
    await owner.post('/reset-password', { token, password: 'amber-quilt-penguin-7' });
    expect(await mayEnrol(browser)).toBe(false);
  });

  test('a browser that is signed in as somebody else is not the one', async () => {
    await enterPassword(house.browser(), boss);
    const link = await house.link(boss.email, '/enrol');
    await enterPassword(browser, await addPerson(house, { email: 'bob@example.org' }));
    const answer = await browser.get(link);
    expect([answer.status, textOf(answer.body)]).toEqual([
      422,
      expect.stringContaining('Open this link in the browser'),
    ]);
    expect(await isSignedIn(browser)).toBe(true);
  });

  test('the owner’s own enrolment makes a link that still waits elsewhere useless', async () => {
    const thief = house.browser();
    await enterPassword(thief, boss);
    house.clock.advance(MINUTE);
    await enterPassword(browser, boss);
    const link = await house.link(boss.email, '/enrol');
    await prove(link);
    await enableApp(house, browser);
    expect((await browser.get(link)).status).toBe(422);
    expect((await thief.get('/account/security')).location).toMatch(/^\/sign-in/);
    expect((await enterPassword(thief, boss)).location).toBe('/sign-in/factor');
  });
});
