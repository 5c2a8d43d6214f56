import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { setUpLink } from '../../src/sign-in/set-up-link.ts';
import type { Browser, Page } from '../kit/browser.ts';
import { ENGINES, type House, openHouse } from '../kit/house.ts';
import { addPerson, enterPassword, PASSWORD } from '../kit/people.ts';

const WEAK = 'password1234';
const NEXT = 'eager-marble-tulip-93';

/** Which fields have a complaint beside them, with its sentence. */
function complaintsOf(page: Page): Record<string, string> {
  const found = page.body.matchAll(/id="f-(\w+)-error">.*?<span>(.*?)<\/span>/g);
  return Object.fromEntries([...found].map(([, field, sentence]) => [field, sentence]));
}

const MISSING = 'Fill this in.';
const COMMON = expect.stringContaining('everybody tries first');
const NO_ADDRESS = expect.stringContaining('Type one e-mail address');

describe.each(ENGINES)('every mistake of a form is told at once, on %s', (engine) => {
  let house: House;
  let browser: Browser;
  beforeEach(async () => {
    house = await openHouse({ engine });
    browser = house.browser();
  });
  afterEach(() => house.close());

  const tokenOf = (link: string) => link.split('token=')[1] ?? '';

  async function refused(path: string, fields: Record<string, string>): Promise<Record<string, string>> {
    const answer = await browser.post(path, fields);
    expect([path, answer.status]).toEqual([path, 422]);
    return complaintsOf(answer);
  }

  test('a wrong password: what the page says of it is read out with the field that has the focus', async () => {
    await addPerson(house, { email: 'ann@example.org' });
    const fresh = await browser.get('/sign-in');
    expect(fresh.body).not.toContain('aria-describedby="told"');
    for (const email of ['ann@example.org', 'nobody@example.org']) {
      const { status, body } = await browser.post('/sign-in', { email, password: 'not this one' });
      expect(status).toBe(422);
      const [field = ''] = /<input[^>]*name="password"[^>]*>/.exec(body) ?? [];
      expect(field).toMatch(/aria-describedby="told".* autofocus/);
      expect(/<div[^>]* role="alert" id="told" tabindex="-1">.*?<\/div>/.exec(body)?.[0]).toContain(
        'is wrong',
      );
    }
  });

  test('set-up: name, address and password, left out, empty or bad', async () => {
    const token = tokenOf((await setUpLink(house.app.deps)) ?? '');
    expect(await refused('/setup', { token, name: '', email: 'ann', password: WEAK })).toEqual({
      name: MISSING,
      email: NO_ADDRESS,
      password: COMMON,
    });
    expect(await refused('/setup', { token, name: 'Ann', email: '', password: WEAK })).toEqual({
      email: MISSING,
      password: COMMON,
    });
    expect(await refused('/setup', { token })).toEqual({ name: MISSING, email: MISSING, password: MISSING });
    const json = await browser.post('/setup', { token, email: 'x' }, { accept: 'application/json' });
    expect(json.json()).toMatchObject({
      code: 'invalid_input',
      fields: { name: 'required', email: 'email_invalid', password: 'required' },
    });
    const right = { token, name: 'Ann', email: 'ann@example.org', password: PASSWORD };
    for (const bad of [
      new URLSearchParams([...Object.entries(right), ['name', 'Twice']]).toString(),
      { ...right, name: '', role: 'admin' },
    ]) {
      expect((await browser.post('/setup', bad)).status).toBe(400);
    }
    expect((await browser.post('/setup', right)).status).toBe(303);
  });

  test('sign-up and invitation', async () => {
    expect(await refused('/sign-up', { name: '', email: 'nora' })).toEqual({
      name: MISSING,
      email: NO_ADDRESS,
    });
    expect(await refused('/sign-up', {})).toEqual({ name: MISSING, email: MISSING });
    expect(await house.mails()).toEqual([]);
    await browser.post('/sign-up', { name: 'Nora', email: 'nora@example.org' });
    const token = tokenOf(await house.link('nora@example.org', '/invitation'));
    expect(await refused('/invitation', { token, name: '', password: WEAK })).toEqual({
      name: MISSING,
      password: COMMON,
    });
    expect(await refused('/invitation', { token })).toEqual({ name: MISSING, password: MISSING });
    expect((await browser.post('/invitation', { token, name: 'Nora', password: PASSWORD })).status).toBe(303);
  });

  test('change of password: an empty old one beside a weak new one, and neither costs a try', async () => {
    const person = await addPerson(house);
    await enterPassword(browser, person);
    const change = (current_password: string, new_password: string) => ({ current_password, new_password });
    for (let n = 0; n < 12; n++) {
      expect(await refused('/account/password', change('', WEAK))).toEqual({
        current_password: MISSING,
        new_password: COMMON,
      });
    }
    expect(await refused('/account/password', change('', ''))).toEqual({
      current_password: MISSING,
      new_password: MISSING,
    });
    expect(await refused('/account/password', change('', NEXT))).toEqual({ current_password: MISSING });
    expect((await browser.post('/account/password', change(PASSWORD, NEXT))).status).toBe(303);
  });

  test('a link that does not work is told before what was typed', async () => {
    const answer = await browser.post('/reset-password', { token: 'none', password: '' });
    expect([answer.status, complaintsOf(answer)]).toEqual([422, {}]);
    expect(answer.body).toContain('This link has been used already');
  });
});
