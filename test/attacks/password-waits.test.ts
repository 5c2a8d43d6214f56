import { describe, expect, test } from 'vitest';
import {
  answerTotp,
  freshCode,
  HOUR,
  halfSignedIn,
  SECOND,
  somebody,
  somebodyProtected,
  someEmail,
  TERSE,
} from '../kit/attack-kit.ts';
import type { Browser } from '../kit/browser.ts';
import { ENGINES } from '../kit/house.ts';
import { appCode, enterPassword, NEXT_PASSWORD } from '../kit/people.ts';
import { sharedHouse } from '../kit/shared-house.ts';
import { guess, stranger } from '../kit/strangers.ts';

describe.each(ENGINES)('strangers at the door, on %s', (engine) => {
  const house = sharedHouse({ engine });

  test('A48/R59: hundreds of wrong passwords from fifty networks never lock the owner out', async () => {
    const { person, browser: known, secret } = await somebodyProtected(house);
    await known.post('/sign-out');
    const strangers = Array.from({ length: 50 }, () => stranger(house));
    let checked = 0;
    for (let n = 0; n < 200; n++) {
      const answer = await guess(strangers[n % 50] as Browser, person.email, n);
      if (answer.status === 422) checked++;
      expect([422, 429]).toContain(answer.status);
    }
    expect(checked).toBe(100);

    // The browser that was here before: at once.
    expect((await enterPassword(known, person)).location).toBe('/sign-in/factor');
    expect((await answerTotp(known, appCode(house, secret))).location).toBe('/');

    // Its own success says nothing of the strangers', who wait on.
    const waiting = await guess(strangers[3] as Browser, person.email, 1);
    expect(waiting.status).toBe(429);
    const fresh = await enterPassword(stranger(house), person);
    expect(fresh.status).toBe(429);
    const wait = Number(fresh.headers['retry-after']);
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(3600);

    // Trying on during the wait does not lengthen it.
    for (let n = 0; n < 20; n++) await guess(stranger(house), person.email, n);
    house.clock.advance(wait * SECOND);
    const after = stranger(house);
    expect((await enterPassword(after, person)).location).toBe('/sign-in/factor');
    expect((await answerTotp(after, freshCode(house, secret))).location).toBe('/');
  });

  test('R59: waits double from half a minute to an hour, and never end in a lock', async () => {
    const person = await somebody(house);
    const browser = stranger(house);
    for (let n = 0; n < 9; n++) expect((await guess(browser, person.email, n)).status).toBe(422);
    const waits: number[] = [];
    for (let n = 0; n < 9; n++) {
      expect((await guess(browser, person.email, n)).status).toBe(422);
      const held = await guess(browser, person.email, n);
      expect(held.status).toBe(429);
      waits.push(Number(held.headers['retry-after']));
      house.clock.advance((waits.at(-1) as number) * SECOND);
    }
    expect(waits).toEqual([30, 60, 120, 240, 480, 960, 1920, 3600, 3600]);
    expect((await enterPassword(browser, person)).location).toBe('/');
  });

  test('contract: no wait before ten wrong in a row from one network, and the right one in between ends the row', async () => {
    const person = await somebody(house);
    const browser = stranger(house);
    for (let round = 0; round < 3; round++) {
      for (let n = 0; n < 9; n++) expect((await guess(browser, person.email, n)).status).toBe(422);
      const other = stranger(house);
      other.network = browser.network;
      expect((await enterPassword(other, person)).location).toBe('/');
    }
  });

  test('contract: during a wait a browser that signed in before passes with the right password, and has a budget of its own', async () => {
    const person = await somebody(house);
    const known = stranger(house);
    await enterPassword(known, person);
    await known.post('/sign-out');
    const same = house.browser();
    same.network = known.network;
    for (let n = 0; n < 11; n++) await guess(same, person.email, n);
    expect((await enterPassword(same, person)).status).toBe(429);
    expect((await enterPassword(known, person)).location).toBe('/');
    for (let n = 0; n < 10; n++) expect((await guess(known, person.email, n)).status).toBe(422);
    expect((await enterPassword(known, person)).status).toBe(429);
    // A made-up token is no known browser.
    const liar = stranger(house);
    liar.network = same.network;
    liar.cookies.set('browser', 'x'.repeat(43));
    expect((await enterPassword(liar, person)).status).toBe(429);
  });

  test('A50/R57: every spelling of an address counts on one counter', async () => {
    const person = await somebody(house, { email: someEmail('finn') });
    const spellings = [
      person.email,
      person.email.toUpperCase(),
      person.email.replace('example.org', 'Example.ORG.'),
      person.email.replace('finn', 'ｆｉｎｎ'),
      person.email.replace('fi', 'ﬁ'),
      ` ${person.email}`,
      person.email.replace('.org', '。org'),
      person.email.replace('f', 'F'),
      person.email.replace('example', 'ｅxample'),
      person.email.replace('nn', 'NN'),
    ];
    const browser = stranger(house);
    for (const [n, email] of spellings.entries()) expect((await guess(browser, email, n)).status).toBe(422);
    for (const email of spellings) expect((await guess(browser, email, 50)).status).toBe(429);
    // An address that only looks like it is another one.
    const plus = person.email.replace('@', '+x@');
    expect((await guess(browser, plus, 1)).status).toBe(422);
  });

  test('R57/R58: a made-up X-Forwarded-For is no other network, and one IPv6 household is one', async () => {
    const person = await somebody(house);
    const browser = stranger(house);
    const headers = (n: number) => ({
      'x-forwarded-for': `198.51.100.${n}`,
      'x-real-ip': `198.51.100.${n}`,
      forwarded: `for=198.51.100.${n}`,
      'client-ip': `198.51.100.${n}`,
      'true-client-ip': `198.51.100.${n}`,
      'cf-connecting-ip': `198.51.100.${n}`,
    });
    for (let n = 0; n < 10; n++) expect((await guess(browser, person.email, n, headers(n))).status).toBe(422);
    expect((await guess(browser, person.email, 11, headers(11))).status).toBe(429);

    const other = await somebody(house);
    const six = house.browser();
    for (let n = 0; n < 10; n++) {
      six.network = `2001:db8:1:2:${n}::${n}`;
      expect((await guess(six, other.email, n)).status).toBe(422);
    }
    six.network = '2001:db8:1:2:ffff:ffff:ffff:ffff';
    expect((await guess(six, other.email, 11)).status).toBe(429);
    six.network = '2001:db8:1:3::1';
    expect((await guess(six, other.email, 12)).status).toBe(422);
    six.network = `::ffff:${browser.network}`;
    expect((await guess(six, person.email, 12)).status).toBe(429);
  });

  test('R57: counters are shared by processes and outlive a restart', async () => {
    const person = await somebody(house);
    const twin = await house.twin();
    const here = stranger(house);
    const there = twin.browser();
    there.network = here.network;
    for (let n = 0; n < 10; n++)
      expect((await guess(n % 2 ? here : there, person.email, n)).status).toBe(422);
    for (const browser of [here, there]) expect((await guess(browser, person.email, 11)).status).toBe(429);
  });

  test('R60: a burst of wrong passwords checks no more than ten', async () => {
    const person = await somebody(house);
    const browser = stranger(house);
    const answers = await Promise.all(Array.from({ length: 40 }, (_, n) => guess(browser, person.email, n)));
    expect(answers.filter(({ status }) => status === 422)).toHaveLength(10);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(30);
  });

  test('R60: a burst of right passwords is no guessing: all get in', async () => {
    const person = await somebody(house);
    const browsers = Array.from({ length: 30 }, () => stranger(house));
    for (const browser of browsers) browser.network = '192.0.2.200';
    const answers = await Promise.all(browsers.map((browser) => enterPassword(browser, person)));
    expect(answers.map(({ location }) => location)).toEqual(Array(30).fill('/'));
  });

  test('R59: wrong passwords at step-up, change and disable count as well', async () => {
    const { person, browser } = await somebodyProtected(house);
    const paths: [string, Record<string, string>][] = [
      ['/confirm', { password: 'not this one' }],
      ['/account/security/disable', { password: 'not this one' }],
      ['/account/password', { current_password: 'not this one', new_password: NEXT_PASSWORD }],
    ];
    for (let n = 0; n < 10; n++) {
      const [path, fields] = paths[n % 3] as (typeof paths)[number];
      expect((await browser.post(path, fields, TERSE)).status, `${n} ${path}`).toBe(422);
    }
    for (const [path, fields] of paths)
      expect((await browser.post(path, fields, TERSE)).status, path).toBe(429);
    expect((await browser.post('/confirm', { password: person.password }, TERSE)).status).toBe(429);
    house.clock.advance(HOUR);
    const half = await halfSignedIn(house, person);
    expect((await half.get('/sign-in/factor')).status).toBe(200);
  });
});
