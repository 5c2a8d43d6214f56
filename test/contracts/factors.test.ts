import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { careOf, ROOMS } from '../../src/factors/all.ts';
import { Authenticator } from '../kit/authenticator.ts';
import { type Browser, type Page, textOf } from '../kit/browser.ts';
import { ENGINES, type House, openHouse } from '../kit/house.ts';
import { addKey, askedAtFactor } from '../kit/keys.ts';
import { addPerson, appCode, enterPassword, isSignedIn, PASSWORD, readEnrolment } from '../kit/people.ts';
import { wordRoom } from './word-factor.ts';

// Whatever has a second instance gets one contract: every kind of factor through the same story, and with it one that
// only this test knows.

const PHONE = '+34600123456';

/** What differs between the kinds: how one is enrolled, and how its owner answers. */
interface Kind {
  readonly kind: string;
  readonly field: 'code' | 'credential';
  /** As `amr` tells it. */
  readonly proves: readonly string[];
  readonly acr: 'mfa' | 'phr';
  /** -> answers what the page of `base` asks. */
  enrol(house: House, browser: Browser): Promise<(asking: Browser, base: string) => Promise<string>>;
}

async function newestCode(house: House): Promise<string> {
  const text = (await house.mails(PHONE))[0]?.text ?? '';
  return /\d{6}/.exec(text)?.[0] ?? '';
}

const KINDS: readonly Kind[] = [
  {
    kind: 'totp',
    field: 'code',
    proves: ['otp'],
    acr: 'mfa',
    async enrol(house, browser) {
      const { secret } = readEnrolment((await browser.get('/account/security/totp')).body);
      await browser.post('/account/security/totp', { code: appCode(house, secret) });
      return async () => {
        house.clock.advance(30_000);
        return appCode(house, secret);
      };
    },
  },
  {
    kind: 'sms',
    field: 'code',
    proves: ['sms'],
    acr: 'mfa',
    async enrol(house, browser) {
      await browser.post('/account/security/sms', { phone: PHONE });
      await browser.get('/account/security/sms/confirm');
      await browser.post('/account/security/sms/confirm', { code: await newestCode(house) });
      return async (asking, base) => {
        house.clock.advance(61_000);
        await asking.post(`${base}/sms/send`);
        return newestCode(house);
      };
    },
  },
  {
    kind: 'webauthn',
    field: 'credential',
    proves: ['hwk', 'user'],
    acr: 'phr',
    async enrol(_house, browser) {
      const key = new Authenticator();
      await addKey(browser, key);
      return async (asking, base) => key.get(await askedAtFactor(asking, base));
    },
  },
  {
    kind: 'word',
    field: 'code',
    proves: ['kba'],
    acr: 'mfa',
    async enrol(_house, browser) {
      await browser.post('/account/security/word', { word: 'lantern' });
      return async (asking, base) => {
        const shown = textOf((await asking.get(`${base}?method=word`)).body);
        return `lantern${/The word, then (\d+)/.exec(shown)?.[1]}`;
      };
    },
  },
];

beforeAll(() => {
  ROOMS.push(wordRoom);
});
afterAll(() => {
  ROOMS.splice(ROOMS.indexOf(wordRoom), 1);
});

test('every factor of the list is in this suite', () => {
  const kinds = ROOMS.flatMap(({ care }) => care?.kind ?? []);
  expect(kinds.sort()).toEqual(KINDS.map(({ kind }) => kind).sort());
});

describe.each(ENGINES)('every factor, on %s', (engine) => {
  let house: House;
  beforeEach(async () => {
    house = await openHouse({ engine });
    await house.app.database.db
      .insertInto('policy_value')
      .values({ key: 'keys_first', value: 'allowed' })
      .execute();
  });
  afterEach(() => house.close());

  async function withFactor({ enrol }: Kind) {
    const person = await addPerson(house);
    const browser = house.browser();
    await enterPassword(browser, person);
    const answer = await enrol(house, browser);
    return { person, browser, answer };
  }

  const factors = () => house.app.database.db.selectFrom('factor').selectAll().execute();

  describe.each(KINDS.map((kind) => [kind.kind, kind] as const))('%s', (name, kind) => {
    const post = (browser: Browser, base: string, value: string): Promise<Page> =>
      browser.post(`${base}/${name}`, { [kind.field]: value });

    test('comes first, is shown, asks at the second step, and its answer signs in', async () => {
      const { person, browser, answer } = await withFactor(kind);
      expect(await factors()).toMatchObject([{ kind: name, account_id: person.id }]);
      const overview = textOf((await browser.get('/account/security')).body);
      expect(overview).toContain(`Your account is protected by ${careOf(name)?.counted('en', 1)}. Losing`);
      house.clock.advance(1_000);
      const half = house.browser();
      expect((await enterPassword(half, person)).location).toBe('/sign-in/factor');
      expect((await half.get('/sign-in/factor')).body).toContain(`/sign-in/factor/${name}`);
      const done = await post(half, '/sign-in/factor', await answer(half, '/sign-in/factor'));
      expect([done.status, done.location]).toEqual([303, '/']);
      const session = await house.app.database.db
        .selectFrom('session')
        .selectAll()
        .orderBy('created_at', 'desc')
        .executeTakeFirstOrThrow();
      expect(session.amr.split(' ')).toEqual(expect.arrayContaining(['pwd', ...kind.proves, 'mfa']));
      expect([session.acr, session.method]).toEqual([kind.acr, name]);
    });

    test('A12/R33: five wrong answers end the sign-in, and the right one after them is not looked at', async () => {
      const { person, answer } = await withFactor(kind);
      const half = house.browser();
      await enterPassword(half, person);
      const right = await answer(half, '/sign-in/factor');
      for (const wrong of ['', '000000', 'x'.repeat(90), '{}', '[]'])
        expect((await post(half, '/sign-in/factor', wrong)).status).toBe(422);
      expect((await post(half, '/sign-in/factor', right)).status).toBe(303);
      expect(await isSignedIn(half)).toBe(false);
    });

    test('R10/A31: an answer works once', async () => {
      const { person, answer } = await withFactor(kind);
      const [first, second] = [house.browser(), house.browser()];
      await enterPassword(first, person);
      await enterPassword(second, person);
      const right = await answer(first, '/sign-in/factor');
      expect((await post(first, '/sign-in/factor', right)).location).toBe('/');
      expect((await post(second, '/sign-in/factor', right)).status).toBe(422);
      expect(await isSignedIn(second)).toBe(false);
    });

    test('A14: somebody else’s is worth nothing', async () => {
      const { answer } = await withFactor(kind);
      const bob = await addPerson(house, { email: 'bob@example.org' });
      const browser = house.browser();
      await enterPassword(browser, bob);
      await browser.post('/account/security/word', { word: 'anchor' });
      const half = house.browser();
      await enterPassword(half, bob);
      const own = await withFactorOf(answer);
      expect((await post(half, '/sign-in/factor', own)).status).toBe(422);
      expect(await isSignedIn(half)).toBe(false);

      /** Ann's right answer to what Ann is asked. */
      async function withFactorOf(say: typeof answer): Promise<string> {
        const ann = house.browser();
        await ann.post('/sign-in', { email: 'ann@example.org', password: PASSWORD });
        return say(ann, '/sign-in/factor');
      }
    });

    test('R38: it answers at step-up too, and raises the session', async () => {
      const { browser, answer } = await withFactor(kind);
      house.clock.advance(11 * 60_000);
      expect((await browser.get('/account/security/recovery-codes')).location).toMatch(/^\/confirm/);
      await browser.post('/confirm', { password: PASSWORD, return_to: '/account/security/recovery-codes' });
      const done = await post(browser, '/confirm/factor', await answer(browser, '/confirm/factor'));
      expect(done.location).toBe('/account/security/recovery-codes');
      expect((await browser.get('/account/security/recovery-codes')).status).toBe(200);
    });

    test('A36: renamed, preferred; the only one goes only by turning 2FA off', async () => {
      const { browser } = await withFactor(kind);
      const [row] = await factors();
      const path = `/account/security/factors/${row?.id}`;
      expect((await browser.get(path)).status).toBe(200);
      await browser.post(path, { label: 'Renamed' });
      expect(textOf((await browser.get('/account/security')).body)).toContain('Renamed');
      expect((await browser.post(`${path}/remove`)).location).toBe('/account/security/disable');
      expect(await factors()).toHaveLength(1);
      await browser.post('/account/security/disable', { password: PASSWORD });
      expect(await factors()).toHaveLength(0);
    });
  });
});
