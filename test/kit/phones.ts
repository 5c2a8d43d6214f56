import { changeSecurity, lockAccount } from '../../src/accounts/store.ts';
import { insertFactor } from '../../src/factors/store.ts';
import { newId } from '../../src/kit/random.ts';
import { rowOwner } from '../../src/kit/seal.ts';
import { halfSignedIn, MINUTE, type Protected, planted } from './attack-kit.ts';
import type { Browser, Page } from './browser.ts';
import type { House } from './house.ts';
import type { Person } from './people.ts';

export const PHONE = '+34600123456';

let phones = 0;

/** Houses are shared by the tests of a file, so everybody in them has a number of their own. */
export function someNumber(): string {
  return `+3460000${String(++phones).padStart(4, '0')}`;
}

/** The text messages to a number, newest first. */
export async function textsTo(house: House, number: string): Promise<string[]> {
  const entries = await house.mails(number);
  return entries.filter(({ channel }) => channel === 'sms').map(({ text }) => text);
}

export function codeOf(text: string | undefined): string {
  const runs = text?.match(/\d+/g)?.filter((run) => run.length >= 6) ?? [];
  if (runs.length !== 1 || runs[0]?.length !== 6)
    throw new Error('the message has not one run of six digits');
  return runs[0];
}

/** The code in the newest message to a number. */
export async function codeFor(house: House, number: string): Promise<string> {
  return codeOf((await textsTo(house, number))[0]);
}

/** A code that this one isn't. */
export function otherCode(code: string): string {
  return String((Number(code) + 1) % 1_000_000).padStart(6, '0');
}

/** Signed in and stepped up: number and code. -> the recovery codes that were shown, if this was the first factor */
export async function enrolPhone(
  house: House,
  browser: Browser,
  number: string,
  fields: Record<string, string> = {},
): Promise<string[]> {
  const shown = await browser.submit('/account/security/sms', { phone: number });
  const answer = await browser.post('/account/security/sms/confirm', {
    code: await codeFor(house, number),
    ...fields,
  });
  if (answer.status !== 303) throw new Error(`enrolling answered ${answer.status}`);
  // The next message to this number may go out.
  house.clock.advance(MINUTE);
  return recoveryCodesIn(shown.body);
}

export function recoveryCodesIn(body: string): string[] {
  return body.match(/[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){3}/g)?.slice(0, 10) ?? [];
}

export interface WithPhone extends Protected {
  readonly number: string;
}

/** A person with an app and a phone, put into the database without a browser. */
export async function plantedPhone(house: House, number = someNumber()): Promise<WithPhone> {
  const enrolled = await planted(house);
  const { deps } = house.app;
  const id = newId(deps.random);
  const account_id = enrolled.person.id;
  const now = deps.clock.now();
  await deps.database.transaction(async (tx) => {
    const account = await lockAccount(tx, account_id);
    if (!account) throw new Error('the person is not there');
    await insertFactor(tx, {
      id,
      account_id,
      kind: 'sms',
      label: 'Phone',
      sealed_data: deps.seal.seal('sms', rowOwner(account_id, id), number),
      counter: 0,
      created_at: now,
    });
    await changeSecurity(tx, account, {});
  });
  return { ...enrolled, number };
}

export function sendText(browser: Browser): Promise<Page> {
  return browser.post('/sign-in/factor/sms/send');
}

export function answerText(browser: Browser, code: string): Promise<Page> {
  return browser.post('/sign-in/factor/sms', { code });
}

/** The password and a message asked for. -> the browser and the code */
export async function textedCode(
  house: House,
  person: Person,
  number: string,
): Promise<{ browser: Browser; code: string }> {
  const browser = await halfSignedIn(house, person);
  const answer = await sendText(browser);
  if (answer.status !== 303) throw new Error(`sending answered ${answer.status}`);
  return { browser, code: await codeFor(house, number) };
}
