import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Browser } from '../kit/browser.ts';
import { ENGINES, type House, openHouse } from '../kit/house.ts';
import { addPerson, PASSWORD, type Person } from '../kit/people.ts';

describe.each(ENGINES)('whatever is no path to return to counts as the start page, on %s', (engine) => {
  let house: House;
  let browser: Browser;
  let person: Person;
  beforeEach(async () => {
    house = await openHouse({ engine });
    person = await addPerson(house);
    browser = house.browser();
  });
  afterEach(() => house.close());

  // A search in another script: short where it is typed, and long in the address that comes back.
  const long = `/store?q=${'検'.repeat(700)}`;

  async function enter(returnTo: string[], query = ''): Promise<[number, string | null]> {
    const fields = new URLSearchParams({ email: person.email, password: PASSWORD });
    for (const path of returnTo) fields.append('return_to', path);
    const { status, location } = await browser.post(`/sign-in${query}`, fields.toString());
    return [status, location];
  }

  test('one that is too long, or named twice, costs nobody the sign-in', async () => {
    expect(await enter([`/store?q=${'q'.repeat(2500)}`])).toEqual([303, '/']);
    expect(await enter(['/account', '/store'])).toEqual([303, '/']);
    expect(await enter([''], '?return_to=/account')).toEqual([303, '/']);
    expect(await enter([], '?return_to=/account')).toEqual([303, '/account']);
  });

  test('the form of a page signs in with the fields that it holds', async () => {
    const page = await browser.get(`/sign-in?return_to=${encodeURIComponent(long)}`);
    const held = /name="return_to" value="(.*?)"/.exec(page.body)?.[1];
    expect((await enter(held ? [held] : []))[0]).toBe(303);
  });

  test('who does not want to confirm goes back to the place that the question came from', async () => {
    await enter([]);
    for (const [returnTo, place] of [
      ['/account/security/disable', '/account/security'],
      ['/admin/people/invite?x=1', '/admin'],
      ['/store/manage/new', '/store'],
      ['/account/email', '/account'],
      ['/storehouse', '/account'],
    ] as const) {
      const page = await browser.get(`/confirm?return_to=${encodeURIComponent(returnTo)}`);
      expect(page.body).toContain(`<a href="${place}">Cancel</a>`);
    }
  });

  test('nor the confirming', async () => {
    await enter([]);
    for (const path of [`/account?q=${'q'.repeat(2500)}`, 'https://evil.example/']) {
      const { status, location } = await browser.post('/confirm', { password: PASSWORD, return_to: path });
      expect([status, location]).toEqual([303, '/']);
    }
  });
});
