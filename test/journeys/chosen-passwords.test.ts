import { beforeEach, describe, expect, test } from 'vitest';
import { tokenOf } from '../kit/attack-kit.ts';
import { type Browser, textOf } from '../kit/browser.ts';
import { ENGINES, openHouse } from '../kit/house.ts';
import { addPerson, enterPassword, PASSWORD } from '../kit/people.ts';
import { forgot, reset, resetLink } from '../kit/reset-kit.ts';
import { freshHouse } from '../kit/shared-house.ts';

describe.each(ENGINES)('a forgotten password, on %s', (engine) => {
  const house = freshHouse({ engine });
  let browser: Browser;
  beforeEach(() => {
    browser = house.browser();
  });

  test('mistakes come back beside the field, and the link stays good', async () => {
    const person = await addPerson(house);
    const link = await resetLink(house, person.email, browser);
    const complaints: [string, string][] = [
      ['', 'Fill this in.'],
      ['x7Qx7Qx7Qx7', 'Use at least 12 characters.'],
      ['password1234', 'everybody tries first'],
      ['abcdefghijkl', 'This is easy to guess.'],
      ['Countersign-1', 'Don’t build it from your name'],
      ['ann.example.2026', 'Don’t build it from your name'],
    ];
    for (const [password, complaint] of complaints) {
      const answer = await reset(browser, link, password);
      expect([answer.status, textOf(answer.body)]).toEqual([422, expect.stringContaining(complaint)]);
      expect(answer.field('token')).toBe(tokenOf(link));
    }
    expect((await forgot(browser, 'x')).status).toBe(422);
    expect(textOf((await forgot(browser, 'x')).body)).toContain('Type one e-mail address');
    expect((await reset(browser, link)).status).toBe(303);
  });

  test('R4: the same text in another Unicode form is the same password, another text is not', async () => {
    const person = await addPerson(house);
    const composed = 'caf\u00e9 velvet otter ';
    expect((await reset(browser, await resetLink(house, person.email, browser), composed)).status).toBe(303);
    const enter = async (password: string) => (await enterPassword(browser, { ...person, password })).status;
    expect(await enter('cafe\u0301 velvet otter ')).toBe(303);
    expect(await enter(composed)).toBe(303);
    for (const other of [
      'caf\u00e9 velvet otter',
      'Caf\u00e9 velvet otter ',
      ' caf\u00e9 velvet otter ',
      'cafe velvet otter ',
    ])
      expect(await enter(other)).toBe(422);
  });

  test('R1: a thousand and twenty-four bytes count to the last one, one more is answered with 400', async () => {
    const person = await addPerson(house);
    const long = 'amber quilt penguin 7 '.repeat(60);
    const link = await resetLink(house, person.email, browser);
    const tooLong = await reset(browser, link, long.slice(0, 1025));
    expect(tooLong.status).toBe(400);
    // The form again, which says why: not just that something is wrong with the request.
    expect(textOf(tooLong.body)).toMatch(/Choose a new password .* Use at most 1,024 bytes\./);
    const json = { accept: 'application/json' };
    const told = await browser.post(
      '/reset-password',
      { token: tokenOf(link), password: long.slice(0, 1025) },
      json,
    );
    expect(told.json()).toMatchObject({
      code: 'malformed_request',
      fields: { password: 'password_too_long' },
    });
    expect((await reset(browser, link, long.slice(0, 1024))).status).toBe(303);
    const enter = async (password: string) => (await enterPassword(browser, { ...person, password })).status;
    expect(await enter(long.slice(0, 1024))).toBe(303);
    for (const at of [72, 73, 511, 1023]) {
      const changed = `${long.slice(0, at)}!${long.slice(at + 1, 1024)}`;
      expect([at, await enter(changed)]).toEqual([at, 422]);
    }
  });
});

test('R2: bad passwords are refused on every way in, with the reason', async () => {
  const house = await openHouse();
  const browser = house.browser();
  const person = await addPerson(house, { email: 'ann@example.org' });
  await browser.post('/forgot-password', { email: person.email });
  await browser.post('/sign-up', { name: 'Bob', email: 'bob@example.org' });
  const reset = { token: tokenOf(await house.link(person.email, '/reset-password')) };
  const invitation = { token: tokenOf(await house.link('bob@example.org', '/invitation')), name: 'Bob' };
  const { setUpLink } = await import('../../src/sign-in/set-up-link.ts');
  const setUp = {
    token: tokenOf((await setUpLink(house.app.deps)) ?? ''),
    name: 'Ada',
    email: 'ada@example.org',
  };
  for (const password of [
    'password1234',
    'qwertyuiop12',
    'correcthorsebatterystaple',
    '111111111111',
    'Countersign2026',
  ]) {
    for (const [path, fields] of Object.entries({
      '/reset-password': reset,
      '/invitation': invitation,
      '/setup': setUp,
    })) {
      const answer = await browser.post(path, { ...fields, password });
      expect([path, password, answer.status]).toEqual([path, password, 422]);
      expect(answer.body).toContain('id="f-password-error"');
    }
  }
  expect((await enterPassword(browser, { ...person, password: PASSWORD })).location).toBe('/');
  await house.close();
});
