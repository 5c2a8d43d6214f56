import { beforeAll, describe, expect, test } from 'vitest';
import {
  answerTotp,
  freshCode,
  HOUR,
  halfSignedIn,
  planted,
  SECOND,
  somebody,
  somebodyProtected,
  someEmail,
} from '../kit/attack-kit.ts';
import type { Browser, Page } from '../kit/browser.ts';
import { ENGINES } from '../kit/house.ts';
import { appCode, enterPassword, type Person } from '../kit/people.ts';
import { sharedHouse } from '../kit/shared-house.ts';

const TERSE = { accept: 'application/json' };

function guess(
  browser: Browser,
  email: string,
  nth: number,
  headers: Record<string, string> = {},
): Promise<Page> {
  return browser.post('/sign-in', { email, password: `not the password ${nth}` }, { ...TERSE, ...headers });
}

describe.each(ENGINES)('strangers at the door, on %s', (engine) => {
  const house = sharedHouse({ engine });

  let networks = 0;
  /** A browser that nobody has seen, in a network that nobody has seen. */
  function stranger(): Browser {
    const browser = house.browser();
    networks++;
    browser.network = `203.0.${networks >> 8}.${networks & 255}`;
    return browser;
  }

  /** What an observer sees of an answer. */
  function seen(page: Page, email: string): unknown {
    const { 'content-security-policy': csp, date, 'x-request-id': id, ...headers } = page.headers;
    // What a passkey is asked to sign is another one each time, of one length.
    const text = page.body.replace(/(?<=challenge&quot;:&quot;)[\w-]{43}/, '');
    const body = text.replaceAll(email, '·').replace(/nonce="[^"]+"/g, '');
    const policy = String(csp).replace(/'nonce-[^']+'/, '');
    const cookies = String(headers['set-cookie'] ?? '').replace(/passkey=[^;]+/, ({ length }) => `${length}`);
    const traced = [date, id].map((value) => typeof value);
    return { status: page.status, headers: { ...headers, 'set-cookie': cookies }, policy, body, traced };
  }

  test('A47/R55: sign-in, sign-up and a forgotten password answer alike for every kind of address', async () => {
    const pad = (name: string) => `${name.padEnd(12, 'x')}@example.org`;
    const emails = {
      unknown: pad(`u${engine}`),
      plain: pad(`p${engine}`),
      protected_: pad(`f${engine}`),
      unproven: pad(`n${engine}`),
      suspended: pad(`s${engine}`),
      invited: pad(`i${engine}`),
      recovery: pad(`r${engine}`),
    };
    await somebody(house, { email: emails.plain });
    await planted(house, { email: emails.protected_ });
    await somebody(house, { email: emails.unproven, proven: false });
    const suspended = await somebody(house, { email: emails.suspended });
    const invited = await somebody(house, { email: emails.invited });
    const other = await somebody(house);
    const { db } = house.app.database;
    await db.updateTable('account').set({ suspended_at: 1 }).where('id', '=', suspended.id).execute();
    await db.updateTable('account').set({ password_hash: null }).where('id', '=', invited.id).execute();
    await db
      .insertInto('email_address')
      .values({
        address_key: emails.recovery,
        account_id: other.id,
        address: emails.recovery,
        kind: 'recovery',
        proven_at: 1,
        created_at: 1,
      })
      .execute();
    for (const ask of [
      (browser: Browser, email: string) => browser.post('/sign-in', { email, password: 'not the password' }),
      (browser: Browser, email: string) => guess(browser, email, 1),
      (browser: Browser, email: string) => browser.post('/forgot-password', { email }),
      (browser: Browser, email: string) => browser.post('/forgot-password', { email }, TERSE),
      (browser: Browser, email: string) => browser.post('/sign-up', { name: 'Anybody', email }),
      (browser: Browser, email: string) => browser.post('/sign-up', { name: 'Anybody', email }, TERSE),
    ]) {
      const pages = [];
      for (const email of Object.values(emails)) pages.push(seen(await ask(stranger(), email), email));
      for (const page of pages) expect(page).toEqual(pages[0]);
    }
    // With the right password too, somebody suspended is nobody.
    const known = await stranger().post('/sign-in', {
      email: emails.suspended,
      password: suspended.password,
    });
    const nobody = await stranger().post('/sign-in', { email: emails.unknown, password: suspended.password });
    expect(seen(known, emails.suspended)).toEqual(seen(nobody, emails.unknown));
  });

  test('A47/R55: unknown addresses meet the same waits as known ones', async () => {
    const person = await somebody(house);
    const statuses: number[][] = [];
    for (const email of [person.email, someEmail('nobody')]) {
      const browser = stranger();
      const answers: number[] = [];
      for (let n = 0; n < 13; n++) answers.push((await guess(browser, email, n)).status);
      const last = await guess(browser, email, 20);
      answers.push(Number(last.headers['retry-after']));
      statuses.push(answers);
    }
    expect(statuses[0]).toEqual(statuses[1]);
    expect(statuses[0]).toEqual([...Array(10).fill(422), 429, 429, 429, 30]);
    for (const path of ['/forgot-password', '/sign-up']) {
      const rounds: string[] = [];
      for (const email of [person.email, someEmail('nobody')]) {
        const browser = stranger();
        const answers: number[] = [];
        const fields = path === '/sign-up' ? { email, name: 'N' } : { email };
        for (let n = 0; n < 12; n++) answers.push((await browser.post(path, fields, TERSE)).status);
        rounds.push(answers.join());
      }
      expect(rounds[0]).toBe(rounds[1]);
      expect(rounds[0]).toContain('429');
    }
  });

  test('R55: mails leave after the answer, not before it', async () => {
    const person = await somebody(house);
    await house.mails();
    await stranger().post('/forgot-password', { email: person.email });
    const { db } = house.app.database;
    const sent = await db.selectFrom('mailbox').select('id').execute();
    const tasks = await db.selectFrom('outbox').select('kind').where('sent_at', 'is', null).execute();
    expect(tasks.some(({ kind }) => kind === 'forgot-password')).toBe(true);
    await house.mails();
    expect((await db.selectFrom('mailbox').select('id').execute()).length).toBe(sent.length + 1);
  });

  test('A48/R59: hundreds of wrong passwords from fifty networks never lock the owner out', async () => {
    const { person, browser: known, secret } = await somebodyProtected(house);
    await known.post('/sign-out');
    const strangers = Array.from({ length: 50 }, stranger);
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
    const fresh = await enterPassword(stranger(), person);
    expect(fresh.status).toBe(429);
    const wait = Number(fresh.headers['retry-after']);
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(3600);

    // Trying on during the wait does not lengthen it.
    for (let n = 0; n < 20; n++) await guess(stranger(), person.email, n);
    house.clock.advance(wait * SECOND);
    const after = stranger();
    expect((await enterPassword(after, person)).location).toBe('/sign-in/factor');
    expect((await answerTotp(after, freshCode(house, secret))).location).toBe('/');
  });

  test('R59: waits double from half a minute to an hour, and never end in a lock', async () => {
    const person = await somebody(house);
    const browser = stranger();
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
    const browser = stranger();
    for (let round = 0; round < 3; round++) {
      for (let n = 0; n < 9; n++) expect((await guess(browser, person.email, n)).status).toBe(422);
      const other = stranger();
      other.network = browser.network;
      expect((await enterPassword(other, person)).location).toBe('/');
    }
  });

  test('contract: during a wait a browser that signed in before passes with the right password, and has a budget of its own', async () => {
    const person = await somebody(house);
    const known = stranger();
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
    const liar = stranger();
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
    const browser = stranger();
    for (const [n, email] of spellings.entries()) expect((await guess(browser, email, n)).status).toBe(422);
    for (const email of spellings) expect((await guess(browser, email, 50)).status).toBe(429);
    // An address that only looks like it is another one.
    const plus = person.email.replace('@', '+x@');
    expect((await guess(browser, plus, 1)).status).toBe(422);
  });

  test('R57/R58: a made-up X-Forwarded-For is no other network, and one IPv6 household is one', async () => {
    const person = await somebody(house);
    const browser = stranger();
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
    const here = stranger();
    const there = twin.browser();
    there.network = here.network;
    for (let n = 0; n < 10; n++)
      expect((await guess(n % 2 ? here : there, person.email, n)).status).toBe(422);
    for (const browser of [here, there]) expect((await guess(browser, person.email, 11)).status).toBe(429);
  });

  test('R60: a burst of wrong passwords checks no more than ten', async () => {
    const person = await somebody(house);
    const browser = stranger();
    const answers = await Promise.all(Array.from({ length: 40 }, (_, n) => guess(browser, person.email, n)));
    expect(answers.filter(({ status }) => status === 422)).toHaveLength(10);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(30);
  });

  test('R60: a burst of right passwords is no guessing: all get in', async () => {
    const person = await somebody(house);
    const browsers = Array.from({ length: 30 }, stranger);
    for (const browser of browsers) browser.network = '192.0.2.200';
    const answers = await Promise.all(browsers.map((browser) => enterPassword(browser, person)));
    expect(answers.map(({ location }) => location)).toEqual(Array(30).fill('/'));
  });

  test('R59: wrong passwords at step-up, change and disable count as well', async () => {
    const { person, browser } = await somebodyProtected(house);
    const paths: [string, Record<string, string>][] = [
      ['/confirm', { password: 'not this one' }],
      ['/account/security/disable', { password: 'not this one' }],
      ['/account/password', { current_password: 'not this one', new_password: 'brisk-teal-heron-77' }],
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

  test('R45/R55: nobody can have a mailbox filled by asking again and again', async () => {
    const person = await somebody(house);
    let asked = 0;
    for (let n = 0; n < 30; n++) {
      const email = n % 3 ? person.email : person.email.toUpperCase();
      const answer = await stranger().post('/forgot-password', { email }, TERSE);
      if (answer.status === 303) asked++;
    }
    expect(asked).toBeLessThanOrEqual(11);
    expect((await house.mails(person.email)).length).toBeLessThanOrEqual(11);
  });
});

describe('R58: behind TRUSTED_PROXIES', () => {
  const house = sharedHouse({ env: { TRUSTED_PROXIES: '10.0.0.0/8, 127.0.0.1' } });
  let person: Person;
  beforeAll(async () => {
    person = await somebody(house);
  });

  const networkOf = async (peer: string, forwarded: string): Promise<string | null> => {
    const browser = house.browser();
    browser.network = peer;
    await guess(browser, person.email, 1, { 'x-forwarded-for': forwarded });
    const { db } = house.app.database;
    const row = await db
      .selectFrom('audit_event')
      .select('network')
      .orderBy('seq', 'desc')
      .executeTakeFirstOrThrow();
    return row.network;
  };

  test('R58: the address is counted from the right, past trusted proxies only', async () => {
    expect(await networkOf('10.1.2.3', '198.51.100.7')).toBe('198.51.100.7');
    expect(await networkOf('10.1.2.3', '1.2.3.4, 198.51.100.7')).toBe('198.51.100.7');
    expect(await networkOf('127.0.0.1', '1.2.3.4, 198.51.100.8, 10.9.9.9')).toBe('198.51.100.8');
    expect(await networkOf('192.0.2.1', '1.2.3.4')).toBe('192.0.2.1');
    expect(await networkOf('192.0.2.1', '10.0.0.1, 127.0.0.1')).toBe('192.0.2.1');
  });

  test('R58: rotating what stands on the left wins nothing', async () => {
    const victim = await somebody(house);
    const browser = house.browser();
    browser.network = '10.1.2.3';
    for (let n = 0; n < 10; n++) {
      const answer = await guess(browser, victim.email, n, { 'x-forwarded-for': `1.2.3.${n}, 198.51.100.9` });
      expect(answer.status).toBe(422);
    }
    const held = await guess(browser, victim.email, 11, { 'x-forwarded-for': '9.9.9.9, 198.51.100.9' });
    expect(held.status).toBe(429);
  });

  test('R58: nor does the port that some proxies write behind the address', async () => {
    const victim = await somebody(house);
    const browser = house.browser();
    browser.network = '10.1.2.3';
    for (let n = 0; n < 10; n++) {
      const answer = await guess(browser, victim.email, n, {
        'x-forwarded-for': `198.51.100.30:${5000 + n}`,
      });
      expect(answer.status).toBe(422);
    }
    const held = await guess(browser, victim.email, 11, { 'x-forwarded-for': '198.51.100.30:6000' });
    expect(held.status).toBe(429);
    expect(await networkOf('10.1.2.3', '[2001:db8::7]:443')).toBe('2001:db8::7');
    expect(await networkOf('10.1.2.3', '::ffff:198.51.100.31')).toBe('198.51.100.31');
    // A proxy in front of the proxy, told with its port: what it says of the client still counts.
    expect(await networkOf('10.1.2.3', '198.51.100.32:5000, 10.1.2.4:6000')).toBe('198.51.100.32');
  });

  test('R58/R83: rubbish in the header is no fault, and X-Forwarded-Host and -Proto change nothing', async () => {
    for (const value of [
      '',
      ',,,',
      'unknown',
      'evil<script>',
      '::',
      'a:b:c',
      '%00',
      '1.2.3.4:5678',
      '[::1]:80',
      "';drop",
      'x'.repeat(5000),
    ]) {
      const browser = house.browser();
      browser.network = '10.1.2.3';
      const answer = await guess(browser, person.email, 1, {
        'x-forwarded-for': value,
        'x-forwarded-host': 'evil.example',
        'x-forwarded-proto': 'https',
      });
      expect(answer.status, value.slice(0, 20)).toBeLessThan(500);
      expect(JSON.stringify(answer.headers)).not.toContain('evil');
    }
  });

  test('the mailbox of local mode is not shown through a proxy to somebody elsewhere', async () => {
    const browser = house.browser();
    browser.network = '10.1.2.3';
    expect((await browser.get('/mailbox', { 'x-forwarded-for': '198.51.100.7' })).status).toBe(404);
    browser.network = '192.0.2.1';
    expect((await browser.get('/mailbox')).status).toBe(404);
    expect((await browser.get('/mailbox', { 'x-forwarded-for': '127.0.0.1' })).status).toBe(404);
  });

  test('the mailbox of local mode does not open under a foreign name (DNS rebinding)', async () => {
    const browser = house.browser();
    expect((await browser.get('/mailbox?format=json', { host: 'localhost:3000' })).status).toBe(200);
    const rebound = await browser.get('/mailbox?format=json', { host: 'evil.example:3000' });
    expect(rebound.status).toBe(404);
  });
});
