import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  answerTotp,
  freshCode,
  planted,
  pseudonymOf,
  recordsOf,
  somebody,
  tokenOf,
} from '../kit/attack-kit.ts';
import type { Browser } from '../kit/browser.ts';
import { ENGINES } from '../kit/house.ts';
import { enterPassword, type Person } from '../kit/people.ts';
import { sharedHouse } from '../kit/shared-house.ts';

const NEXT = 'brisk-teal-heron-77';

/** What the door of the password leaves behind, for its person and for everybody else (R35, R43, R47, R57, R72). */
describe.each(ENGINES)('the door, on %s', (engine) => {
  const house = sharedHouse({ engine });
  afterEach(() => vi.restoreAllMocks());
  const db = () => house.app.database.db;
  const mayEnrol = async (browser: Browser) => (await browser.get('/account/security/totp')).status === 200;
  const boss = () => somebody(house, { roles: 'admin' });

  async function resetLink(person: Person): Promise<string> {
    await house.browser().post('/forgot-password', { email: person.email });
    return tokenOf(await house.link(person.email, '/reset-password'));
  }

  test('R72: a right password and a sign-out are on record, with whose they were', async () => {
    const person = await somebody(house);
    const browser = house.browser();
    await enterPassword(browser, person);
    await browser.post('/sign-out');
    const actor = await pseudonymOf(house, person);
    expect(await recordsOf(house, person, 'sign_in.password')).toMatchObject([
      { actor, outcome: 'success', method: 'pwd' },
    ]);
    expect(await recordsOf(house, person, 'sign_out')).toMatchObject([{ actor, outcome: 'success' }]);
  });

  test('who asked for help and had the code after all comes to their pages, not to the request for help', async () => {
    const { person, secret } = await planted(house);
    const browser = house.browser();
    const asked = await enterPassword(browser, person, { return_to: '/recover' });
    expect(asked.location).toBe('/recover');
    expect((await answerTotp(browser, freshCode(house, secret))).location).toBe('/');
  });

  test('R47: what one person has proven in this browser proves nothing of the next one', async () => {
    const [first, second] = [await boss(), await boss()];
    const browser = house.browser();
    await enterPassword(browser, first);
    await browser.post('/enrol', { token: tokenOf(await house.link(first.email, '/enrol')) });
    expect(await mayEnrol(browser)).toBe(true);
    await enterPassword(browser, second);
    expect(await mayEnrol(browser)).toBe(false);
    expect(await house.link(second.email, '/enrol')).toContain('token=');
  });

  test('a sign-in on the way to somebody else’s link gets a link of its own all the same', async () => {
    const [first, second] = [await boss(), await boss()];
    await enterPassword(house.browser(), first);
    const theirs = await house.link(first.email, '/enrol');
    const browser = house.browser();
    const answer = await enterPassword(browser, second, { return_to: theirs });
    expect(answer.location).toBe('/account/security');
    await browser.post('/enrol', { token: tokenOf(await house.link(second.email, '/enrol')) });
    expect(await mayEnrol(browser)).toBe(true);
  });

  test('R43/R35: a reset whose link is voided while the new password is hashed changes nothing', async () => {
    const person = await somebody(house);
    const token = await resetLink(person);
    const { hasher } = house.app.deps;
    const hash = hasher.hash.bind(hasher);
    vi.spyOn(hasher, 'hash').mockImplementation(async (password) => {
      await db()
        .updateTable('account')
        .set((eb) => ({ security_version: eb('security_version', '+', 1) }))
        .where('id', '=', person.id)
        .execute();
      return hash(password);
    });
    expect((await house.browser().post('/reset-password', { token, password: NEXT })).status).toBe(422);
    vi.restoreAllMocks();
    expect(await recordsOf(house, person, 'password.reset')).toEqual([]);
    expect((await enterPassword(house.browser(), person)).location).toBe('/');
  });

  test('R57: a reset forgets the wrong tries at that password, and nobody else’s', async () => {
    const [person, other] = [await somebody(house), await planted(house)];
    for (const one of [person, other.person])
      await house.browser().post('/sign-in', { email: one.email, password: 'wrong' });
    const tries = async ({ id }: Person) =>
      (await db().selectFrom('throttle').select('key').where('key', 'like', `password/${id}/%`).execute())
        .length;
    const before = await tries(other.person);
    expect([(await tries(person)) > 0, before > 0]).toEqual([true, true]);
    const token = await resetLink(person);
    expect((await house.browser().post('/reset-password', { token, password: NEXT })).status).toBe(303);
    expect([await tries(person), await tries(other.person)]).toEqual([0, before]);
  });
});
