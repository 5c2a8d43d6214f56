import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { DAY } from '../../src/kit/clock.ts';
import { Refusal } from '../../src/kit/refusal.ts';
import { type Browser, textOf } from '../kit/browser.ts';
import { ENGINES, type House, openHouse } from '../kit/house.ts';
import { addProtectedPerson, signIn } from '../kit/people.ts';

const CARD = 'Are you still able to sign in?';
const PATH = '/account/security/check-up';

describe.each(ENGINES)('check-up and losses, on %s', (engine) => {
  let house: House;
  beforeEach(async () => {
    house = await openHouse({ engine });
  });
  afterEach(() => house.close());

  const overview = async (browser: Browser) => textOf((await browser.get('/account/security')).body);

  /** Ann, so many days after she turned 2FA on, signed in anew. */
  async function annAfter(days: number) {
    const ann = await addProtectedPerson(house);
    house.clock.advance(days * DAY);
    const browser = house.browser();
    await signIn(house, browser, ann.person, ann.secret);
    return { ...ann, browser };
  }

  test('screen 8: after 28 days a card asks for a code, which is not used up; then again after 180 days', async () => {
    const { person, secret, browser, codes } = await annAfter(27);
    expect(await overview(browser)).not.toContain(CARD);
    house.clock.advance(DAY);
    await signIn(house, browser, person, secret);
    expect(await overview(browser)).toContain(CARD);
    expect(await overview(browser)).toContain('Type recovery code 1');
    const done = await browser.submit(PATH, { code: codes[0] as string });
    expect(textOf(done.body)).toContain('The code was not used up.');
    expect(textOf(done.body)).not.toContain(CARD);
    expect(textOf(done.body)).toContain('10 of 10 left');
    house.clock.advance(180 * DAY);
    await signIn(house, browser, person, secret);
    const again = await overview(browser);
    expect(again).toContain(CARD);
    expect(again).toContain('Last proven 6 months ago');
  });

  test('a wrong code, another number and an old set are refused beside the field, and counted', async () => {
    const { browser, codes } = await annAfter(30);
    for (const code of ['', 'ABCD-ABCD-ABCD-ABCD', codes[1] as string]) {
      const page = await browser.post(PATH, { code });
      expect(page.status).toBe(422);
      expect(textOf(page.body)).toContain('That is not the code with this number.');
    }
    for (let wrong = 3; wrong < 10; wrong++) await browser.post(PATH, { code: 'ABCD-ABCD-ABCD-ABCD' });
    const held = await browser.post(PATH, { code: codes[0] as string });
    expect(held.status).toBe(429);
    expect(Number(held.headers['retry-after'])).toBeGreaterThan(0);
  });

  test('R60: a code that nobody had time to look at costs no try', async () => {
    const { browser, codes } = await annAfter(30);
    const { hasher, database } = house.app.deps;
    const full = vi.spyOn(hasher, 'digest').mockRejectedValueOnce(new Refusal('busy', { retryAfter: 5 }));
    expect((await browser.post(PATH, { code: codes[0] as string })).status).toBe(503);
    full.mockRestore();
    const rows = await database.db
      .selectFrom('throttle')
      .select(['count', 'open'])
      .where('key', 'like', 'check-up/%')
      .execute();
    expect(rows).toEqual([{ count: 0, open: 0 }]);
    expect((await browser.post(PATH, { code: codes[0] as string })).status).toBe(303);
  });

  test('it can be put off, and asks for the first code that is left', async () => {
    const { person, secret, browser, codes } = await annAfter(30);
    await browser.submit(`${PATH}/later`);
    expect(await overview(browser)).not.toContain(CARD);
    house.clock.advance(180 * DAY);
    const spare = house.browser();
    await spare.post('/sign-in', { email: person.email, password: person.password });
    await spare.post('/sign-in/factor/recovery-code', { code: codes[0] as string });
    expect(await overview(spare)).toContain('Type recovery code 2');
    await signIn(house, browser, person, secret);
    expect((await browser.post(PATH, { code: codes[0] as string })).status).toBe(422);
    expect((await browser.post(PATH, { code: codes[1] as string })).status).toBe(303);
  });

  test('no card, no check: nothing is due', async () => {
    const { browser, codes } = await annAfter(1);
    expect((await browser.post(PATH, { code: codes[0] as string })).status).toBe(409);
  });

  test('screen 8: the page says what losing the phone would mean, code by code', async () => {
    const { person, browser, codes } = await annAfter(1);
    expect(await overview(browser)).toContain('You could sign in with one of your 10 recovery codes.');
    const use = (number: number) =>
      house.app.database.db
        .updateTable('recovery_code')
        .set({ used_at: 1 })
        .where('account_id', '=', person.id)
        .where('number', '<=', number)
        .execute();
    expect(codes).toHaveLength(10);
    await use(7);
    expect(await overview(browser)).toContain('Only 3 recovery codes are left');
    await use(9);
    expect(await overview(browser)).toContain('for one last sign-in');
    await use(10);
    expect(await overview(browser)).toContain('Losing your phone would lock you out');
    expect(await overview(browser)).toContain('You would be locked out.');
  });
});
