import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { textOf } from '../kit/browser.ts';
import { ENGINES, type House, openHouse } from '../kit/house.ts';
import { addPerson, addProtectedPerson, enterPassword } from '../kit/people.ts';

describe.each(ENGINES)('a person looks after their profile, on %s', (engine) => {
  let house: House;
  beforeEach(async () => {
    house = await openHouse({ engine });
  });
  afterEach(() => house.close());

  async function ann() {
    const person = await addPerson(house);
    const browser = house.browser();
    await enterPassword(browser, person);
    return { person, browser };
  }

  test('name, language and time zone are changed, and the page says so once, in the new language', async () => {
    const { browser } = await ann();
    const saved = await browser.submit('/account', {
      name: ' Ann  Other ',
      locale: 'es',
      time_zone: 'Europe/Madrid',
    });
    expect(saved.status).toBe(200);
    expect(textOf(saved.body)).toContain('Guardado.');
    expect(saved.body).toContain('lang="es"');
    expect(saved.body).toMatch(/<option value="Europe\/Madrid" selected>/);
    const again = await browser.get('/account');
    expect(textOf(again.body)).not.toContain('Guardado.');
    expect(textOf(again.body)).toContain('ann@example.org');
    expect(textOf(again.body)).toContain('Miembro');
  });

  test('what is left out stays, what is emptied goes back to its default', async () => {
    const { browser } = await ann();
    await browser.post('/account', { name: 'Ann', locale: 'es', time_zone: 'Asia/Tokyo' });
    await browser.post('/account', { name: 'Anna' });
    expect((await browser.get('/account')).body).toMatch(/<option value="Asia\/Tokyo" selected>/);
    await browser.post('/account', { name: 'Anna', locale: '', time_zone: '' });
    const page = await browser.get('/account');
    expect(page.body).toContain('lang="en"');
    expect(page.body).toMatch(/<option value="" selected>UTC/);
  });

  test('what can’t be is refused beside its field', async () => {
    const { browser } = await ann();
    const refused: [Record<string, string>, string][] = [
      [{ name: '' }, 'Fill this in.'],
      [{ name: '   ' }, 'Type a name'],
      [{ name: 'x'.repeat(101) }, 'Type a name'],
      [{ name: 'Ann\r\nBcc: eve@example.org' }, 'Type a name'],
      [{ name: 'Ann', locale: 'xx' }, 'Choose a language'],
      [{ name: 'Ann', time_zone: 'Mars/Olympus' }, 'Choose a time zone'],
    ];
    for (const [fields, complaint] of refused) {
      const page = await browser.post('/account', fields);
      expect([fields, page.status]).toEqual([fields, 422]);
      expect(textOf(page.body)).toContain(complaint);
    }
    expect((await browser.get('/account')).field('name')).toBe('Ann Example');
  });

  test('A63: a role, a proven address and a factor are no fields of this form', async () => {
    const { browser } = await ann();
    for (const field of [
      'role',
      'roles',
      'email',
      'emailVerified',
      'twoFactorEnabled',
      'two_factor_at',
      '__proto__',
    ]) {
      const page = await browser.post('/account', { name: 'Eve', [field]: 'admin' });
      expect([field, page.status]).toEqual([field, 400]);
    }
    expect((await browser.post('/account', 'name=Eve&name=Mallory')).status).toBe(400);
    const page = await browser.get('/account');
    expect(page.field('name')).toBe('Ann Example');
    expect(textOf(page.body)).toContain('Member');
  });

  test('a program is told in JSON', async () => {
    const { browser } = await ann();
    const refused = await browser.post('/account', { name: '' }, { accept: 'application/json' });
    expect(refused.status).toBe(422);
    expect(refused.json()).toMatchObject({ code: 'invalid_input', fields: { name: 'required' } });
    const stranger = house.browser();
    expect((await stranger.get('/account', { accept: 'application/json' })).status).toBe(401);
  });

  test('nobody sees a page of the account without signing in, and comes back to it after', async () => {
    const stranger = house.browser();
    for (const path of ['', '/email', '/password', '/sessions', '/activity']) {
      const page = await stranger.get(`/account${path}`);
      expect(page.status).toBe(303);
      expect(page.location).toBe(`/sign-in?return_to=${encodeURIComponent(`/account${path}`)}`);
    }
    expect((await stranger.get('/')).location).toBe('/sign-in');
  });

  test('the front door leads members to the App Store, which tells how safe the account is', async () => {
    const { browser } = await ann();
    expect((await browser.get('/')).location).toBe('/store');
    const store = await browser.get('/store');
    expect(textOf(store.body)).toContain('protected by your password alone');
    expect(store.body).toContain('<a href="/account/security">Turn on two-factor authentication</a>');
    const safe = await addProtectedPerson(house, { email: 'bob@example.org', name: 'Bob' });
    expect(textOf((await safe.browser.get('/store')).body)).not.toContain('password alone');
  });

  test('/.well-known/change-password leads to the page of the password', async () => {
    const answer = await house.browser().get('/.well-known/change-password');
    expect([answer.status, answer.location]).toEqual([303, '/account/password']);
  });

  test('the help page is for anybody, in both languages', async () => {
    const english = await house.browser().get('/help');
    expect(english.status).toBe(200);
    for (const title of [
      'Turn it on',
      'Other second steps',
      'Sign in',
      'Trusted browsers',
      'Lost your phone or key?',
      'Lost everything?',
      'Turn it off',
      'Still stuck?',
    ]) {
      expect(textOf(english.body)).toContain(title);
    }
    const spanish = await house.browser().get('/help', { 'accept-language': 'es-MX' });
    expect(textOf(spanish.body)).toContain('¿Has perdido el teléfono o la llave?');
  });
});
