import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Browser, textOf } from '../kit/browser.ts';
import { ENGINES, type House, openHouse } from '../kit/house.ts';
import { addPerson, addProtectedPerson, enterPassword, stepUp } from '../kit/people.ts';

const NEW = 'ann.new@example.org';
const HERE = '/account/email';
const MINUTE = 60_000;

describe.each(ENGINES)('a change of address waits for its link, on %s', (engine) => {
  let house: House;
  beforeEach(async () => {
    house = await openHouse({ engine });
  });
  afterEach(() => house.close());

  const shown = async (browser: Browser) =>
    textOf(/<main[\s\S]*<\/main>/.exec((await browser.get(HERE)).body)?.[0] ?? '');
  const tokenOf = (path: string) => new URL(path, 'http://x').searchParams.get('token') as string;

  test('it is shown as long as its link lives, and says for how long', async () => {
    const { person, browser, secret } = await addProtectedPerson(house);
    expect(await shown(browser)).not.toContain('waiting');
    await browser.post(HERE, { email: NEW });
    // Once with the notice of what was just done, and then without.
    for (let looked = 0; looked < 3; looked++) {
      const text = await shown(browser);
      expect(text).toContain(`${NEW} waiting To sign in with If it can be used, we’ve sent a link to it.`);
      expect(text).toContain('Open the link in this browser within 30 minutes to finish. Cancel this change');
    }
    house.clock.advance(8 * MINUTE);
    expect(await shown(browser)).toContain('within 22 minutes');
    house.clock.advance(21 * MINUTE);
    await stepUp(house, browser, person, secret);
    expect(await shown(browser)).toContain('within 30 seconds');
    house.clock.advance(MINUTE / 2);
    expect(await shown(browser)).not.toContain(NEW);
  });

  test('a newer one takes its place; opened, or after another change of security, nothing waits', async () => {
    const { person, browser } = await addProtectedPerson(house);
    await browser.post(HERE, { email: NEW });
    await browser.post(HERE, { email: 'ann@home.example', use: 'recovery' });
    expect(await shown(browser)).toContain('ann@home.example waiting For recovery');
    expect(await shown(browser)).not.toContain(NEW);
    const token = tokenOf(await house.link('ann@home.example', '/email-change'));
    expect((await browser.post('/email-change', { token })).status).toBe(303);
    expect(await shown(browser)).not.toContain('waiting');

    await browser.post(HERE, { email: NEW });
    expect(await shown(browser)).toContain(`${NEW} waiting`);
    await browser.submit('/account/password', {
      current_password: person.password,
      new_password: 'eager-marble-tulip-93',
    });
    expect(await shown(browser)).not.toContain('waiting');
  });

  test('it stays there beside a refused form', async () => {
    const { browser } = await addProtectedPerson(house);
    await browser.post(HERE, { email: NEW });
    const refused = await browser.post(HERE, { email: 'me' });
    expect(refused.status).toBe(422);
    expect(textOf(refused.body)).toContain(`${NEW} waiting`);
  });

  test('cancelled, its link is dead, and the activity tells it', async () => {
    const { browser } = await addProtectedPerson(house);
    await browser.post(HERE, { email: NEW });
    const link = await house.link(NEW, '/email-change');
    const done = await browser.submit('/account/email/cancel');
    expect(textOf(done.body)).toContain('The change was cancelled. Its link no longer works.');
    expect(textOf(done.body)).not.toContain(NEW);
    expect((await browser.get(link)).status).toBe(422);
    expect((await browser.post('/email-change', { token: tokenOf(link) })).status).toBe(422);
    const activity = textOf((await browser.get('/account/activity')).body);
    expect(activity.match(/Change of e-mail address cancelled/g)).toHaveLength(1);
  });

  test('cancelled before the mail went out, none goes out', async () => {
    const { browser } = await addProtectedPerson(house);
    const before = (await house.mails()).length;
    await browser.post(HERE, { email: NEW, use: 'recovery' });
    await browser.post('/account/email/cancel');
    expect((await house.mails(NEW)).length).toBe(0);
    expect((await house.mails()).length).toBe(before);
    expect(textOf((await browser.get('/account/activity')).body)).toContain(
      'Request for a recovery address cancelled',
    );
  });

  test('pressed twice, the second time says nothing and records nothing', async () => {
    const { browser } = await addProtectedPerson(house);
    await browser.post(HERE, { email: NEW });
    await browser.submit('/account/email/cancel');
    const again = await browser.submit('/account/email/cancel');
    expect(textOf(again.body)).not.toContain('was cancelled');
    const activity = textOf((await browser.get('/account/activity')).body);
    expect(activity.match(/Change of e-mail address cancelled/g)).toHaveLength(1);
  });

  test('the form is empty, and cancels nothing of anybody else', async () => {
    const { browser } = await addProtectedPerson(house);
    await browser.post(HERE, { email: NEW });
    expect((await browser.post('/account/email/cancel', { email: NEW })).status).toBe(400);
    const bobs = house.browser();
    await enterPassword(bobs, await addPerson(house, { email: 'bob@example.org' }));
    expect((await bobs.post('/account/email/cancel')).status).toBe(303);
    expect(await shown(bobs)).not.toContain(NEW);
    expect(await shown(browser)).toContain(`${NEW} waiting`);
  });

  test('R55: an address of somebody else waits in the same words', async () => {
    const { browser } = await addProtectedPerson(house);
    await addPerson(house, { email: 'bob.long@example.org' });
    const texts = [];
    for (const email of ['bob.free@example.org', 'bob.long@example.org']) {
      await browser.post(HERE, { email });
      await house.mails();
      texts.push((await shown(browser)).replaceAll(email, 'IT'));
    }
    expect(texts[1]).toBe(texts[0]);
    expect(texts[0]).toContain('IT waiting');
  });
});
