import { readAddress } from '../../src/accounts/address.ts';
import { insertAccount } from '../../src/accounts/store.ts';
import { suspendAccount } from '../../src/accounts/suspend.ts';
import { nowhere } from '../../src/audit/place.ts';
import { hotp, stepAt } from '../../src/factors/totp/rules.ts';
import { fromBase32 } from '../../src/kit/encoding.ts';
import { newId } from '../../src/kit/random.ts';
import type { Browser, Page } from './browser.ts';
import type { House } from './house.ts';

export const PASSWORD = 'mild-copper-walrus-42';
/** What somebody changes it to. */
export const NEXT_PASSWORD = 'brisk-teal-heron-77';

export interface Person {
  readonly id: string;
  readonly email: string;
  readonly password: string;
}

/** An account with a password and a proven address, as the operator's command makes it. */
export async function addPerson(
  house: House,
  { email = 'ann@example.org', name = 'Ann Example', roles = '', password = PASSWORD, proven = true } = {},
): Promise<Person> {
  const { deps } = house.app;
  const key = readAddress(email)?.key as string;
  const id = newId(deps.random);
  const password_hash = await deps.hasher.hash(password);
  const now = deps.clock.now();
  const account = { id, pseudonym: newId(deps.random), email, name, roles, created_at: now, password_hash };
  await deps.database.transaction((tx) => insertAccount(tx, account, key, proven ? now : null));
  return { id, email, password };
}

/** What an authenticator app shows now, or `steps` later. */
export function appCode(house: House, secret: string, steps = 0): string {
  return hotp(fromBase32(secret) as Buffer, stepAt(house.clock.now()) + steps);
}

/** The password step. -> the answer to the POST. */
export function enterPassword(
  browser: Browser,
  person: Person,
  fields: Record<string, string> = {},
): Promise<Page> {
  return browser.post('/sign-in', { email: person.email, password: person.password, ...fields });
}

export interface Enrolled {
  readonly secret: string;
  readonly codes: readonly string[];
}

/** What the enrolment page shows: the key to type, and the recovery codes. */
export function readEnrolment(body: string): Enrolled {
  const secret = /data-text="([A-Z2-7]{32})"/.exec(body)?.[1];
  if (!secret) throw new Error('the page shows no key');
  return {
    secret,
    codes: body.match(/[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){3}/g)?.slice(0, 10) ?? [],
  };
}

/** Signed in already: turns 2FA on with an app, then waits for the next step, since the code was spent. */
export async function enableApp(house: House, browser: Browser): Promise<Enrolled> {
  const shown = readEnrolment((await browser.get('/account/security/totp')).body);
  const answer = await browser.post('/account/security/totp', { code: appCode(house, shown.secret) });
  if (answer.status !== 303)
    throw new Error(`enabling answered ${answer.status}: ${answer.body.slice(0, 2000)}`);
  house.clock.advance(30_000);
  return shown;
}

/** A person with 2FA on and a browser that is signed in with it. */
export async function addProtectedPerson(house: House, values: Parameters<typeof addPerson>[1] = {}) {
  const person = await addPerson(house, values);
  const browser = house.browser();
  await enterPassword(browser, person);
  const enrolled = await enableApp(house, browser);
  return { person, browser, ...enrolled };
}

/** Password and a fresh code; the clock then moves on a step. -> the answer to the second step. */
export async function signIn(house: House, browser: Browser, person: Person, secret: string): Promise<Page> {
  await enterPassword(browser, person);
  const answer = await browser.post('/sign-in/factor/totp', { code: appCode(house, secret) });
  house.clock.advance(30_000);
  return answer;
}

/** Password and factor once more, for what needs a step-up. */
export async function stepUp(house: House, browser: Browser, person: Person, secret: string): Promise<void> {
  await browser.submit('/confirm', { password: person.password });
  const answer = await browser.post('/confirm/factor/totp', { code: appCode(house, secret) });
  if (answer.status !== 303) throw new Error(`step-up answered ${answer.status}`);
  house.clock.advance(30_000);
}

/** True when this browser sees the person's own pages. */
export async function isSignedIn(browser: Browser): Promise<boolean> {
  return (await browser.get('/account/security')).status === 200;
}

/** As the operator's command does it. */
export async function suspend({ app: { deps } }: House, { id }: Person): Promise<void> {
  const by = { place: nowhere(deps.clock.now()), actor: 'operator' };
  await deps.database.transaction((tx) => suspendAccount(tx, deps, by, id));
}
