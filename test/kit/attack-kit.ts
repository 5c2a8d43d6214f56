import { expect } from 'vitest';
import { changeSecurity, lockAccount } from '../../src/accounts/store.ts';
import type { Schema } from '../../src/database/schema.ts';
import { formatCode, newCodes } from '../../src/factors/recovery-codes/rules.ts';
import { hashCodes, replaceCodes } from '../../src/factors/recovery-codes/store.ts';
import { insertFactor } from '../../src/factors/store.ts';
import { hotp, stepAt } from '../../src/factors/totp/rules.ts';
import { fromBase32, toBase32, tokenHash } from '../../src/kit/encoding.ts';
import { newId } from '../../src/kit/random.ts';
import { rowOwner } from '../../src/kit/seal.ts';
import type { Browser, Page } from './browser.ts';
import type { House } from './house.ts';
import { addPerson, appCode, enterPassword, type Person } from './people.ts';

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** All of one length, so that a list by address has them in the order in which they came. */
let people = 10_000;

/** Houses are shared by the tests of a file, so everybody in them has an address of their own. */
export function someEmail(name = 'person'): string {
  return `${name}${++people}@example.org`;
}

export function somebody(house: House, values: Parameters<typeof addPerson>[1] = {}): Promise<Person> {
  return addPerson(house, { email: someEmail(), ...values });
}

export interface Protected {
  readonly person: Person;
  readonly secret: string;
  readonly codes: readonly string[];
}

/** A person with 2FA on, put into the database without a browser: most attacks begin there. */
export async function planted(
  house: House,
  values: Parameters<typeof addPerson>[1] = {},
): Promise<Protected> {
  const { deps } = house.app;
  const person = await somebody(house, values);
  const secret = toBase32(deps.random.bytes(20));
  const id = newId(deps.random);
  const codes = newCodes(deps.random);
  const hashed = await hashCodes(deps, codes);
  const now = deps.clock.now();
  await deps.database.transaction(async (tx) => {
    const account = await lockAccount(tx, person.id);
    if (!account) throw new Error('the person is not there');
    await insertFactor(tx, {
      id,
      account_id: person.id,
      kind: 'totp',
      label: 'Authenticator app',
      sealed_data: deps.seal.seal('totp', rowOwner(person.id, id), secret),
      counter: stepAt(now) - 2,
      created_at: now,
    });
    await replaceCodes(tx, person.id, hashed, now);
    await changeSecurity(tx, account, { two_factor_at: now });
  });
  return { person, secret, codes: codes.map(formatCode) };
}

/** The same with a browser that is signed in with both steps, just now. */
export async function somebodyProtected(
  house: House,
  values: Parameters<typeof addPerson>[1] = {},
): Promise<Protected & { readonly browser: Browser }> {
  const enrolled = await planted(house, values);
  const browser = await halfSignedIn(house, enrolled.person);
  const answer = await answerTotp(browser, appCode(house, enrolled.secret));
  if (answer.location !== '/') throw new Error(`signing in answered ${answer.status}`);
  house.clock.advance(30 * SECOND);
  return { ...enrolled, browser };
}

/** After a wait: both steps proven anew, in a browser of their own. */
export async function signInAgain(
  house: House,
  { person, secret }: Pick<Protected, 'person' | 'secret'>,
): Promise<Browser> {
  house.clock.advance(90 * SECOND);
  const browser = await halfSignedIn(house, person);
  const answer = await answerTotp(browser, appCode(house, secret));
  if (answer.location !== '/') throw new Error(`signing in answered ${answer.status}`);
  return browser;
}

/** The same cookies, in a browser that asks another process. */
export function copyOf(browser: Browser, at: House): Browser {
  const copy = at.browser();
  for (const [name, value] of browser.cookies) copy.cookies.set(name, value);
  return copy;
}

/** The id of the person's first factor. */
export async function factorIdOf(house: House, person: Person): Promise<string> {
  const { db } = house.app.database;
  const query = db
    .selectFrom('factor')
    .select('id')
    .where('account_id', '=', person.id)
    .orderBy('created_at');
  return (await query.executeTakeFirstOrThrow()).id;
}

/** A browser in which the password has passed and the factor has not. */
export async function halfSignedIn(house: House, person: Person): Promise<Browser> {
  const browser = house.browser();
  const answer = await enterPassword(browser, person);
  if (answer.location !== '/sign-in/factor')
    throw new Error(`the password step led to ${answer.status} ${answer.location}`);
  return browser;
}

/** Several of them, one after another. */
export async function halfSignedInTimes(house: House, person: Person, times: number): Promise<Browser[]> {
  const browsers: Browser[] = [];
  for (let n = 0; n < times; n++) browsers.push(await halfSignedIn(house, person));
  return browsers;
}

export function answerTotp(browser: Browser, code: string): Promise<Page> {
  return browser.post('/sign-in/factor/totp', { code });
}

export function answerRecovery(browser: Browser, code: string): Promise<Page> {
  return browser.post('/sign-in/factor/recovery-code', { code });
}

/** Six digits that are no code of this secret for half an hour either way, so that no clock doctor speaks up. */
export function wrongCode(house: House, secret: string, nth = 0): string {
  const key = fromBase32(secret) as Buffer;
  const now = stepAt(house.clock.now());
  const near = new Set(Array.from({ length: 121 }, (_, index) => hotp(key, now - 60 + index)));
  for (let n = nth; ; n++) {
    const code = String((n * 7919) % 1_000_000).padStart(6, '0');
    if (!near.has(code)) return code;
  }
}

/** What a session is worth: the person's own pages. Asks for JSON, so that nothing is redirected. */
export async function seesAccount(browser: Browser): Promise<boolean> {
  const page = await browser.get('/account', { accept: 'application/json' });
  if (page.status === 200) return true;
  if (page.status !== 401 && page.status !== 403) throw new Error(`GET /account answered ${page.status}`);
  return false;
}

/** Signed in by whatever was just done? Every page of a person says no. */
export async function hasNothing(browser: Browser): Promise<void> {
  expect(browser.cookies.get('session')).toBeUndefined();
  expect(await seesAccount(browser)).toBe(false);
}

/** `token=` of a link, from its path. */
export function tokenOf(path: string): string {
  return new URL(path, 'http://x').searchParams.get('token') ?? '';
}

export async function pseudonymOf(house: House, person: Person): Promise<string> {
  const { db } = house.app.database;
  const row = await db
    .selectFrom('account')
    .select('pseudonym')
    .where('id', '=', person.id)
    .executeTakeFirstOrThrow();
  return row.pseudonym;
}

/** What was recorded about a person, oldest first. */
export async function recordsOf(house: House, person: Person, event?: string) {
  const { db } = house.app.database;
  const rows = await db
    .selectFrom('audit_event')
    .selectAll()
    .where('subject', '=', await pseudonymOf(house, person))
    .orderBy('seq')
    .execute();
  return event === undefined ? rows : rows.filter((row) => row.event === event);
}

/** Tables whose rows belong to an account. */
type OwnTable = {
  [T in keyof Schema]: Schema[T] extends { account_id: string } ? T : never;
}[keyof Schema];

export async function countOf(house: House, table: OwnTable, person: Person): Promise<number> {
  const rows = await house.app.database.db
    .selectFrom(table as 'session')
    .select('account_id')
    .where('account_id', '=', person.id)
    .execute();
  return rows.length;
}

/** Everything that security rests on, as it is stored: equal before and after means that nothing changed. */
export async function securityOf(house: House, person: Person): Promise<unknown> {
  const { db } = house.app.database;
  const account = await db.selectFrom('account').selectAll().where('id', '=', person.id).execute();
  const factors = await db
    .selectFrom('factor')
    .select(['id', 'label', 'sealed_data', 'preferred', 'suspended_at'])
    .where('account_id', '=', person.id)
    .orderBy('id')
    .execute();
  const codes = await db
    .selectFrom('recovery_code')
    .select(['hash', 'used_at'])
    .where('account_id', '=', person.id)
    .orderBy('hash')
    .execute();
  const addresses = await db
    .selectFrom('email_address')
    .selectAll()
    .where('account_id', '=', person.id)
    .orderBy('address_key')
    .execute();
  const sessions = await db
    .selectFrom('session')
    .select(['id', 'amr', 'acr'])
    .where('account_id', '=', person.id)
    .orderBy('id')
    .execute();
  return { account, factors, codes, addresses, sessions };
}

/** The page without what differs from one answer to the next: nonces, request ids, what a passkey is asked to sign. */
export function settled(page: Page): string {
  return page.body.replace(/(?:nonce|data-options)="[^"]*"/g, '').replace(/[0-9a-f]{32}/g, '');
}

/** Asks for JSON: the page around a refusal need not be drawn. */
export const TERSE = { accept: 'application/json' };

/** A wrong code that is looked at. */
export async function oneWrong(browser: Browser, house: House, secret: string, nth = 0): Promise<void> {
  const answer = await browser.post('/sign-in/factor/totp', { code: wrongCode(house, secret, nth) }, TERSE);
  if (answer.status !== 422)
    throw new Error(`wrong code ${nth + 1} answered ${answer.status} ${answer.body}`);
}

/** Wrong typed codes until `count` of them were looked at, through as many sign-ins as that takes. */
export async function guessWrong(house: House, { person, secret }: Protected, count: number): Promise<void> {
  let browser: Browser | null = null;
  for (let n = 0; n < count; n++) {
    if (browser === null || n % 5 === 0) browser = await halfSignedIn(house, person);
    await oneWrong(browser, house, secret, n);
  }
}

/** A new sign-in and one code for it. -> the answer to the code */
export async function tryCode(house: House, person: Person, code: string): Promise<Page> {
  return (await halfSignedIn(house, person)).post('/sign-in/factor/totp', { code }, TERSE);
}

/** The code of the current step, after waiting until no code was spent in it. */
export function freshCode(house: House, secret: string): string {
  house.clock.advance(90 * SECOND);
  return appCode(house, secret);
}

/** The session that this browser's cookie names; null for none. */
export async function sessionOf(house: House, browser: Browser) {
  const token = browser.cookies.get('session') ?? browser.cookies.get('__Host-session') ?? '';
  const { db } = house.app.database;
  const query = db.selectFrom('session').selectAll().where('token_hash', '=', tokenHash(token));
  return (await query.executeTakeFirst()) ?? null;
}
