import { describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { ConfigError } from '../../src/kit/environment.ts';
import { createPasswordHasher } from '../../src/kit/password-hash.ts';
import { systemRandom } from '../../src/kit/random.ts';
import { Refusal } from '../../src/kit/refusal.ts';
import { MINUTE, somebody, someEmail, tokenOf } from '../kit/attack-kit.ts';
import type { Browser, Page } from '../kit/browser.ts';
import { type House, openHouse } from '../kit/house.ts';
import { enterPassword, type Person } from '../kit/people.ts';
import { sharedHouse } from '../kit/shared-house.ts';

/** Hard to guess, and as long as it must be. */
function strong(length: number): string {
  const words = 'k7#Vx!2mZr9q-vaulted-mercury-lantern-squid-osprey-tungsten-quiver-marble-';
  return words.repeat(Math.ceil(length / words.length)).slice(0, length);
}

const PUBLIC = {
  BASE_URL: 'https://id.example.org',
  SMTP_URL: 'smtp://mail',
  SUPPORT_EMAIL: 'help@example.org',
};

describe('passwords', () => {
  const house = sharedHouse();
  const lenient = sharedHouse({ env: { PASSWORD_MIN_LENGTH: '8' } });

  async function signedIn(at: House, person: Person): Promise<Browser> {
    const browser = at.browser();
    expect((await enterPassword(browser, person)).location).toBe('/');
    return browser;
  }

  /** Changes it and, where that was done, back: the person stays as they were. */
  function change(browser: Browser, current: string, next: string): Promise<Page> {
    return browser.post('/account/password', { current_password: current, new_password: next });
  }

  test.each([
    [11, 422],
    [12, 303],
    [13, 303],
    [64, 303],
    [200, 303],
    [1024, 303],
    [1025, 400],
    [5000, 400],
  ])('R1: %i characters answer %i', async (length, status) => {
    const person = await somebody(house);
    const browser = await signedIn(house, person);
    const next = strong(length);
    const answer = await change(browser, person.password, next);
    expect(answer.status).toBe(status);
    const works = status === 303 ? next : person.password;
    expect((await enterPassword(house.browser(), { ...person, password: works })).location).toBe('/');
  });

  test.each([
    [7, 422],
    [8, 303],
  ])('R1: with PASSWORD_MIN_LENGTH=8, %i characters answer %i', async (length, status) => {
    const person = await somebody(lenient);
    const browser = await signedIn(lenient, person);
    expect((await change(browser, person.password, 'q7#Vx!2mZr'.slice(0, length))).status).toBe(status);
  });

  test('R1: the floor is 8', () => {
    for (const value of ['7', '0', '-1', 'eight', '8.5']) {
      expect(() => readConfig({ PASSWORD_MIN_LENGTH: value })).toThrow(ConfigError);
    }
  });

  test('R1: nothing is cut: the 73rd, the 129th and the last byte count', async () => {
    const person = await somebody(house);
    const browser = await signedIn(house, person);
    const password = strong(1024);
    expect((await change(browser, person.password, password)).status).toBe(303);
    for (const at of [0, 71, 72, 73, 128, 1023]) {
      const other = `${password.slice(0, at)}~${password.slice(at + 1)}`;
      const stranger = house.browser();
      stranger.network = `192.0.2.${at % 250}`;
      expect((await enterPassword(stranger, { ...person, password: other })).status, `byte ${at}`).toBe(422);
    }
    for (const other of [password.slice(0, -1), `${password}x`, password.slice(0, 72)]) {
      expect((await enterPassword(house.browser(), { ...person, password: other })).status).toBe(422);
    }
    expect((await enterPassword(house.browser(), { ...person, password })).location).toBe('/');
  });

  test('R1: length counts characters, not bytes or halves of them', async () => {
    const person = await somebody(house);
    const browser = await signedIn(house, person);
    const signs = [...'🦉🌋🧭🪵🎻🧿🛰🪁🐙🧊🥁🗝🪐🦩'];
    expect((await change(browser, person.password, signs.slice(0, 11).join(''))).status).toBe(422);
    expect((await change(browser, person.password, signs.slice(0, 13).join(''))).status).toBe(303);
  });

  test('R4: a letter typed as one or two code points is the same; spaces, case and ends are not', async () => {
    const composed = 'Crêpe-flambée-à-l’été ';
    const person = await somebody(house);
    const browser = await signedIn(house, person);
    expect((await change(browser, person.password, composed.normalize('NFD'))).status).toBe(303);
    for (const [password, location] of [
      [composed, '/'],
      [composed.normalize('NFD'), '/'],
      [composed.replace('ê', 'ｅ\u0302'), '/'],
      [composed.trim(), ''],
      [` ${composed}`, ''],
      [composed.toLowerCase(), ''],
      [composed.replaceAll('é', 'e'), ''],
    ] as const) {
      expect((await enterPassword(house.browser(), { ...person, password })).location, password).toBe(
        location,
      );
    }
  });

  test('R4: what can be set can be typed: a long password in its decomposed form signs in', async () => {
    const person = await somebody(house);
    const browser = await signedIn(house, person);
    const decomposed = 'ǟ-ṩ-ấ-ợ-ǭ-'.repeat(40).normalize('NFD');
    expect(decomposed.length).toBeGreaterThan(600);
    expect((await change(browser, person.password, decomposed)).status).toBe(303);
    expect((await enterPassword(house.browser(), { ...person, password: decomposed })).location).toBe('/');
  });

  /** Long enough, and yet what anybody would try. */
  const BAD = [
    '123456789012',
    '1234567890123456',
    'password1234',
    'passwordpassword',
    'Password123!',
    'P@ssw0rd1234',
    'qwertyuiop12',
    'qwertyuiop[]',
    'asdfghjkl123',
    '1q2w3e4r5t6y',
    'aaaaaaaaaaaa',
    'aaaaaaaaaaaaaaaaaaaaaaaa',
    'abcdefghijkl',
    'abcabcabcabc',
    'iloveyou1234',
    'letmein12345',
    'welcome12345',
    'adminadmin12',
    'administrator',
    'changeme1234',
    'football1234',
    'monkey123456',
    'dragon123456',
    'sunshine1234',
    'princess1234',
    'trustno1trustno1',
    '111111111111',
    '000000000000',
    '121212121212',
    'correct horse battery staple',
    'correcthorsebatterystaple',
    'mypassword123',
    'countersign1',
    'countersign123',
    'Countersign2026!',
    'countersigncountersign',
    'localhost1234',
    'christmas2025',
    'september2026',
    'summer2026!!',
    'password2026',
    'qazwsxedcrfv',
    'zaq12wsxcde3',
    'michael123456',
    'liverpool123',
    'starwars1234',
    'superman1234',
    'whatever1234',
    'computer1234',
    'thequickbrownfox',
  ];

  test('R2: fifty passwords that everybody tries are refused with their reason', async () => {
    const person = await somebody(house);
    const browser = await signedIn(house, person);
    const passed: string[] = [];
    for (const password of BAD) {
      house.clock.advance(1000);
      const answer = await change(browser, person.password, password);
      if (answer.status !== 422) passed.push(password);
      else if (!/everybody tries|easy to guess|name of this site/.test(answer.body))
        passed.push(`${password}: no reason`);
    }
    expect(passed).toEqual([]);
    expect((await enterPassword(house.browser(), person)).location).toBe('/');
  });

  test('R2: a person’s own name, address and this house are no password, on any surface', async () => {
    const email = 'wilhelmina.overbeck@quartzmill.example';
    const name = 'Wilhelmina Overbeck';
    const bad = [
      'wilhelmina12',
      'WilhelminaOverbeck',
      'overbeck-wilhelmina',
      'quartzmill123',
      email,
      'Countersign!1',
    ];
    const boss = await somebody(house, { email, name });
    const browser = await signedIn(house, boss);
    await house.browser().post('/forgot-password', { email });
    const reset = tokenOf(await house.link(email, '/reset-password'));
    const invited = email.replace('overbeck', 'overbeck.two');
    await house.browser().post('/sign-up', { name, email: invited });
    const invitation = tokenOf(await house.link(invited, '/invitation'));
    const fresh = await openHouse();
    const { setUpLink } = await import('../../src/sign-in/set-up-link.ts');
    const setup = tokenOf((await setUpLink(fresh.app.deps)) ?? '');
    for (const password of [...bad, ...BAD.slice(0, 8)]) {
      const answers = [
        await change(browser, boss.password, password),
        await house.browser().post('/reset-password', { token: reset, password }),
        await house.browser().post('/invitation', { token: invitation, name, password }),
        await fresh.browser().post('/setup', { token: setup, name, email, password }),
      ];
      expect(
        answers.map(({ status }) => status),
        password,
      ).toEqual([422, 422, 422, 422]);
    }
    const long = strong(1025);
    expect((await house.browser().post('/reset-password', { token: reset, password: long })).status).toBe(
      400,
    );
    expect(
      (await house.browser().post('/invitation', { token: invitation, name, password: long })).status,
    ).toBe(400);
    expect((await fresh.browser().post('/setup', { token: setup, name, email, password: long })).status).toBe(
      400,
    );
    // And none of that spent a link.
    expect(
      (await house.browser().post('/reset-password', { token: reset, password: strong(20) })).status,
    ).toBe(303);
    expect(
      (await house.browser().post('/invitation', { token: invitation, name, password: strong(21) })).status,
    ).toBe(303);
    expect(
      (await fresh.browser().post('/setup', { token: setup, name, email, password: strong(22) })).status,
    ).toBe(303);
    await fresh.close();
  });

  test('R1: any character goes: spaces, quotes, signs, NUL; a password is never shown again', async () => {
    for (const password of [
      '  a  ladder & <script> "x"  ',
      'tab\tand\nline and more',
      'nul\u0000byte-and-more-words',
      'кириллица-и-ещё-слова',
      '% 00 %zz &amp; + = ;',
    ]) {
      const person = await somebody(house, { email: someEmail() });
      const browser = await signedIn(house, person);
      const refused = await browser.post('/account/password', {
        current_password: 'no',
        new_password: password,
      });
      expect(refused.body).not.toContain('ladder');
      expect((await change(browser, person.password, password)).status, JSON.stringify(password)).toBe(303);
      expect((await enterPassword(house.browser(), { ...person, password })).location).toBe('/');
    }
  });

  test('R3: at most as many hashes at once as allowed; a queue behind; 503 when it is full', async () => {
    let running = 0;
    let most = 0;
    const hasher = createPasswordHasher({ m: 64, t: 1, p: 1 }, systemRandom, 2);
    const settle = await Promise.allSettled(
      Array.from({ length: 300 }, async () => {
        await hasher.hash('something');
      }),
    );
    const refused = settle.filter(({ status }) => status === 'rejected');
    expect(refused.length).toBe(300 - 2 - 256);
    for (const one of refused) {
      const { reason } = one as PromiseRejectedResult;
      expect(reason).toBeInstanceOf(Refusal);
      expect((reason as Refusal).code).toBe('busy');
    }
    // Afterwards it works on.
    await Promise.all(
      Array.from({ length: 20 }, async () => {
        running++;
        most = Math.max(most, running);
        await hasher.verify(null, 'x');
        running--;
      }),
    );
    expect(most).toBe(20);
  });

  test('R3: a stored hash is argon2id with its parameters; the configuration has a floor', async () => {
    const hasher = createPasswordHasher({ m: 19_456, t: 2, p: 1 }, systemRandom);
    const [one, two] = [await hasher.hash('the same'), await hasher.hash('the same')];
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(one).not.toBe(two);
    for (const value of [
      'm=1024,t=2,p=1',
      'm=19456,t=1,p=1',
      'm=19456,t=2',
      'scrypt',
      'm=19456,t=2,p=0',
      'm=1e9,t=2,p=1',
    ]) {
      // On a public origin; a developer's own machine may be quicker.
      expect(() => readConfig({ ...PUBLIC, ARGON2: value })).toThrow(ConfigError);
    }
  });

  test('R3: a hash with other parameters is renewed at the next sign-in, and only then', async () => {
    const person = await somebody(house);
    const { db } = house.app.database;
    const weak = await createPasswordHasher({ m: 32, t: 1, p: 1 }, systemRandom).hash(person.password);
    const read = async () =>
      (
        await db
          .selectFrom('account')
          .select('password_hash')
          .where('id', '=', person.id)
          .executeTakeFirstOrThrow()
      ).password_hash;
    await db.updateTable('account').set({ password_hash: weak }).where('id', '=', person.id).execute();
    await enterPassword(house.browser(), { ...person, password: 'not this one' });
    expect(await read()).toBe(weak);
    expect((await enterPassword(house.browser(), person)).location).toBe('/');
    expect(await read()).not.toBe(weak);
    expect((await enterPassword(house.browser(), person)).location).toBe('/');
    house.clock.advance(MINUTE);
  });
});
