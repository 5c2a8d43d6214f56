import {
  answerRecovery,
  answerTotp,
  halfSignedIn,
  planted,
  somebody,
  somebodyProtected,
  tokenOf,
} from '../kit/attack-kit.ts';
import type { Browser, Page } from '../kit/browser.ts';
import type { House } from '../kit/house.ts';
import { appCode, enterPassword, PASSWORD, type Person, readEnrolment } from '../kit/people.ts';

export interface Prepared {
  readonly person: Person;
  readonly browser: Browser;
  act(): Promise<Page>;
}

export interface Story {
  readonly name: string;
  prepare(house: House): Promise<Prepared>;
  /** The answer that says it is done. */
  done(page: Page): boolean;
}

const NEXT = 'Zq7-pW2vXk9%';
const to = (path: string) => (page: Page) => page.status === 303 && page.location === path;

export const STORIES: readonly Story[] = [
  {
    name: 'signing in with the password alone',
    done: to('/'),
    async prepare(house) {
      const person = await somebody(house);
      const browser = house.browser();
      return { person, browser, act: () => enterPassword(browser, person) };
    },
  },
  {
    name: 'answering with an app',
    done: to('/'),
    async prepare(house) {
      const { person, secret } = await planted(house);
      const browser = await halfSignedIn(house, person);
      return { person, browser, act: () => answerTotp(browser, appCode(house, secret)) };
    },
  },
  {
    name: 'answering with a recovery code',
    done: to('/'),
    async prepare(house) {
      const { person, codes } = await planted(house);
      const browser = await halfSignedIn(house, person);
      return { person, browser, act: () => answerRecovery(browser, codes[0] as string) };
    },
  },
  {
    name: 'switching 2FA on',
    done: to('/account/security'),
    async prepare(house) {
      const person = await somebody(house);
      const browser = house.browser();
      await enterPassword(browser, person);
      const { secret } = readEnrolment((await browser.get('/account/security/totp')).body);
      return {
        person,
        browser,
        act: () => browser.post('/account/security/totp', { code: appCode(house, secret) }),
      };
    },
  },
  {
    name: 'switching 2FA off',
    done: to('/account/security'),
    async prepare(house) {
      const { person, browser } = await somebodyProtected(house);
      const { password } = person;
      return { person, browser, act: () => browser.post('/account/security/disable', { password }) };
    },
  },
  {
    name: 'confirming with an app',
    done: to('/account/security'),
    async prepare(house) {
      const { person, browser, secret } = await somebodyProtected(house);
      await browser.post('/confirm?return_to=/account/security', { password: person.password });
      const code = appCode(house, secret);
      return { person, browser, act: () => browser.post('/confirm/factor/totp', { code }) };
    },
  },
  {
    name: 'changing the password',
    done: ({ status, location }) => status === 303 && location.startsWith('/account'),
    async prepare(house) {
      const { person, browser } = await somebodyProtected(house);
      const fields = { current_password: person.password, new_password: NEXT };
      return { person, browser, act: () => browser.post('/account/password', fields) };
    },
  },
  {
    name: 'resetting the password',
    done: to('/sign-in'),
    async prepare(house) {
      const { person } = await planted(house);
      const browser = house.browser();
      await browser.post('/forgot-password', { email: person.email });
      const token = tokenOf(await house.link(person.email, '/reset-password'));
      return { person, browser, act: () => browser.post('/reset-password', { token, password: NEXT }) };
    },
  },
];

/** All that must change together, or not at all; comparable from one person to the next. */
export async function stateOf({ app }: House, { id }: Person): Promise<string> {
  const { db } = app.database;
  const account = await db.selectFrom('account').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
  const count = async (table: 'session' | 'factor' | 'recovery_code' | 'outbox') =>
    (await db.selectFrom(table).select('account_id').where('account_id', '=', id).execute()).length;
  const unused = await db
    .selectFrom('recovery_code')
    .select('hash')
    .where('account_id', '=', id)
    .where('used_at', 'is', null)
    .execute();
  const factor = await db
    .selectFrom('factor')
    .select('counter')
    .where('account_id', '=', id)
    .executeTakeFirst();
  const events = await db
    .selectFrom('audit_event')
    .select('event')
    .where('subject', '=', account.pseudonym)
    .where('outcome', '=', 'success')
    .execute();
  return JSON.stringify({
    version: account.security_version,
    on: account.two_factor_at !== null,
    changed: !(await app.deps.hasher.verify(account.password_hash, PASSWORD)),
    sessions: await count('session'),
    factors: await count('factor'),
    counter: factor === undefined ? null : factor.counter - stepOf(app.deps.clock.now()),
    codes: await count('recovery_code'),
    unused: unused.length,
    mails: await count('outbox'),
    events: events.map(({ event }) => event).sort(),
  });
}

const stepOf = (now: number) => Math.floor(now / 30_000);
