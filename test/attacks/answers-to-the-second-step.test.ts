import { describe, expect, test } from 'vitest';
import {
  answerRecovery,
  answerTotp,
  countOf,
  halfSignedIn,
  planted,
  seesAccount,
  tryCode,
} from '../kit/attack-kit.ts';
import { ENGINES } from '../kit/house.ts';
import { appCode } from '../kit/people.ts';
import { sharedHouse } from '../kit/shared-house.ts';

const FORM = 'application/x-www-form-urlencoded';

describe.each(ENGINES)('half signed in, on %s', (engine) => {
  const house = sharedHouse({ engine });

  const ANSWERS: readonly [name: string, body: string][] = [
    ['missing', 'other=1'],
    ['an empty POST', ''],
    ['empty', 'code='],
    ['null', 'code=null'],
    ['an empty array', 'code[]='],
    ['an object', 'code[a]=1'],
    ['the text of an empty array', 'code=%5B%5D'],
    ['the text of an object', 'code=%7B%7D'],
    ['true', 'code=true'],
    ['zero', 'code=0'],
    ['spaces', 'code=%20%20%20%20%20%20'],
    ['full-width digits', `code=${encodeURIComponent('０００００１')}`],
    ['Arabic digits', `code=${encodeURIComponent('٠٠٠٠٠١')}`],
    ['1e5', 'code=1e5000'],
    ['hexadecimal', 'code=0x0000'],
    ['a sign', 'code=-00000'],
    ['a point', 'code=00000.'],
    ['a NUL', 'code=00000%00'],
    ['a line break', 'code=000000%0A'],
    ['seven digits', 'code=0000000'],
    ['over-long', `code=${'0'.repeat(5_000)}`],
    ['a pattern', 'code=%25'],
    ['SQL', `code=${encodeURIComponent("' or 1=1 --")}`],
    ['broken percent', 'code=%zz%'],
    ['bytes that are not UTF-8', 'code=%ff'],
    ['__proto__', '__proto__[code]=1&constructor=2'],
  ];

  test.each(ANSWERS)('A12/R34: %s is a wrong answer: one try, no session', async (_name, body) => {
    const { person } = await planted(house);
    const browser = await halfSignedIn(house, person);
    for (const path of ['/sign-in/factor/totp', '/sign-in/factor/recovery-code']) {
      const before = (await attemptsOf(person)) as number;
      const page = await browser.send('POST', path, body, { 'content-type': FORM });
      expect([400, 401, 422]).toContain(page.status);
      expect(await attemptsOf(person)).toBe(before + 1);
    }
    expect(await countOf(house, 'session', person)).toBe(0);
  });

  async function attemptsOf({ id }: { id: string }): Promise<number | undefined> {
    const { db } = house.app.database;
    const row = await db
      .selectFrom('pending_sign_in')
      .select('attempts')
      .where('account_id', '=', id)
      .executeTakeFirst();
    return row?.attempts;
  }

  test('A12: a thousand codes at once, the right one among them, check nothing', async () => {
    const { person, secret, codes } = await planted(house);
    const browser = await halfSignedIn(house, person);
    const right = appCode(house, secret);
    const many = (name: string, code: string) =>
      [
        ...Array.from({ length: 999 }, (_, n) => `${name}=${String(n).padStart(6, '0')}`),
        `${name}=${code}`,
      ].join('&');
    const bodies: [string, string][] = [
      ['/sign-in/factor/totp', many('code', right)],
      ['/sign-in/factor/totp', many('code[]', right)],
      ['/sign-in/factor/totp', `code=${right}&code=${right}`],
      ['/sign-in/factor/recovery-code', `code=${codes[0]}&code=${codes[0]}`],
    ];
    for (const [path, body] of bodies) {
      const page = await browser.send('POST', path, body, { 'content-type': FORM });
      expect([400, 413, 422]).toContain(page.status);
      expect(await seesAccount(browser)).toBe(false);
    }
    // And a code in the query is not an answer.
    const query = await browser.post(`/sign-in/factor/totp?code=${right}`, '');
    expect([422, 303]).toContain(query.status);
    expect(await countOf(house, 'session', person)).toBe(0);
    expect((await tryCode(house, person, right)).location).toBe('/');
  });

  test('A12: ten megabytes are refused with 413 and cost no try; JSON, text and files with 415', async () => {
    const { person, secret } = await planted(house);
    const browser = await halfSignedIn(house, person);
    const post = (body: string, type: string) =>
      browser.send('POST', '/sign-in/factor/totp', body, { 'content-type': type });
    expect((await post(`code=${'0'.repeat(10_000_000)}`, FORM)).status).toBe(413);
    const right = appCode(house, secret);
    for (const [body, type] of [
      [JSON.stringify({ code: right }), 'application/json'],
      [JSON.stringify([right]), 'application/json; charset=utf-8'],
      ['{"code":', 'application/json'],
      [`code=${right}`, 'text/plain'],
      [
        `--b\r\nContent-Disposition: form-data; name="code"\r\n\r\n${right}\r\n--b--`,
        'multipart/form-data; boundary=b',
      ],
      [`<code>${right}</code>`, 'application/xml'],
      [`code=${right}`, 'nonsense'],
    ] as const) {
      expect((await post(body, type)).status, type).toBe(415);
    }
    expect(await attemptsOf(person)).toBe(0);
    expect((await answerTotp(browser, right)).location).toBe('/');
  });

  test('A14/R32: another browser cannot answer, and nobody can answer with what belongs to another', async () => {
    const ann = await planted(house);
    const bob = await planted(house);
    const annsBrowser = await halfSignedIn(house, ann.person);
    const stranger = house.browser();
    const code = appCode(house, ann.secret);
    expect((await answerTotp(stranger, code)).location).toBe('/sign-in');
    const bobsBrowser = await halfSignedIn(house, bob.person);
    expect((await answerTotp(bobsBrowser, code)).status).toBe(422);
    expect((await answerRecovery(bobsBrowser, ann.codes[2] as string)).status).toBe(422);
    expect((await answerTotp(annsBrowser, appCode(house, bob.secret))).status).toBe(422);
    expect((await answerRecovery(annsBrowser, bob.codes[1] as string)).status).toBe(422);
    for (const browser of [stranger, annsBrowser, bobsBrowser])
      expect(await seesAccount(browser)).toBe(false);
    // Everything is still good for its owner.
    expect((await answerTotp(annsBrowser, code)).location).toBe('/');
    expect((await answerRecovery(bobsBrowser, bob.codes[1] as string)).location).toBe('/');
    expect(
      (await answerRecovery(await halfSignedIn(house, ann.person), ann.codes[2] as string)).location,
    ).toBe('/');
  });
});
