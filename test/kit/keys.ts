import { expect } from 'vitest';
import { openKey, sealKey } from '../../src/factors/webauthn/keys.ts';
import { tokenHash } from '../../src/kit/encoding.ts';
import { type Protected, somebodyProtected } from './attack-kit.ts';
import { Authenticator, type Options, type Traits, type Twist } from './authenticator.ts';
import { type Browser, type Page, textOf } from './browser.ts';
import type { House } from './house.ts';
import { enterPassword, type Person } from './people.ts';

/** What a page asks the browser for, from the form that takes the answer. */
export function optionsOf(page: Page, action: string): Options {
  const form = new RegExp(`<form[^>]*action="${action}"[^>]*>`).exec(page.body)?.[0] ?? '';
  const text = /data-options="([^"]*)"/.exec(form)?.[1];
  if (text === undefined) throw new Error(`no form to ${action} asks for a key: ${page.status}`);
  return JSON.parse(text.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&'));
}

const KEYS = '/account/security/keys';

/** Signed in, with another factor: adds the key. -> the answer to the POST */
export async function addKey(
  browser: Browser,
  key: Authenticator,
  fields: Record<string, string> = {},
  twist: Twist = {},
): Promise<Page> {
  const query = fields['replaces'] ? `?replaces=${fields['replaces']}` : '';
  const options = optionsOf(await browser.get(KEYS + query), KEYS);
  return browser.post(KEYS, { credential: key.create(options, twist), ...fields });
}

/** What the second step asks a key to sign. */
export async function askedAtFactor(browser: Browser, base = '/sign-in/factor'): Promise<Options> {
  return optionsOf(await browser.get(`${base}?method=webauthn`), `${base}/webauthn`);
}

/** The password has passed: answers with the key. */
export async function answerKey(browser: Browser, key: Authenticator, twist: Twist = {}): Promise<Page> {
  const options = await askedAtFactor(browser);
  return browser.post('/sign-in/factor/webauthn', { credential: key.get(options, twist) });
}

/** Password and key, in a new browser. */
export async function signInWithKey(
  house: House,
  person: Person,
  key: Authenticator,
  twist: Twist = {},
): Promise<{ browser: Browser; answer: Page }> {
  const browser = house.browser();
  await enterPassword(browser, person);
  return { browser, answer: await answerKey(browser, key, twist) };
}

/** The sign-in page's button, or the list of its e-mail field. */
export async function usePasskey(
  browser: Browser,
  key: Authenticator,
  twist: Twist = {},
  fields: Record<string, string> = {},
): Promise<Page> {
  const options = optionsOf(await browser.get('/sign-in'), '/sign-in/passkey');
  return browser.post('/sign-in/passkey', { credential: key.get(options, twist), ...fields });
}

export async function keyRow(house: House, key: Authenticator) {
  const { db } = house.app.database;
  const row = await db.selectFrom('factor').selectAll().where('external_id', '=', key.id).executeTakeFirst();
  return row ?? null;
}

export const KEY_REFUSED = 'That key was not accepted';
export const PASSKEY_REFUSED = 'That passkey was not accepted';

/** Somebody with an app and a key called Blue, signed in. */
export async function withKey(
  house: House,
  traits: Traits = {},
): Promise<Protected & { browser: Browser; key: Authenticator }> {
  const someone = await somebodyProtected(house);
  const key = new Authenticator(traits);
  expect((await addKey(someone.browser, key, { label: 'Blue' })).status).toBe(303);
  return { ...someone, key };
}

/** How many of the five tries of this browser's pending sign-in are gone. */
export async function triesOf(house: House, browser: Browser): Promise<number> {
  const hash = tokenHash(browser.cookies.get('pending') ?? '');
  const { db } = house.app.database;
  const query = db.selectFrom('pending_sign_in').select('attempts').where('token_hash', '=', hash);
  return (await query.executeTakeFirstOrThrow()).attempts;
}

/** 422, with this one sentence. */
export function expectRefused(page: Page, sentence: string): void {
  expect(page.status, textOf(page.body)).toBe(422);
  expect(textOf(page.body)).toContain(sentence);
}

/** Every key of the house, as if it had moved to another host name since. */
export async function boundElsewhere({ app: { deps, database } }: House): Promise<void> {
  const rows = await database.db.selectFrom('factor').selectAll().where('kind', '=', 'webauthn').execute();
  for (const row of rows) {
    const { data } = openKey(deps, row);
    const sealed_data = sealKey(deps, row.account_id, row.id, { ...data, rpId: 'old.example.org' });
    await database.db.updateTable('factor').set({ sealed_data }).where('id', '=', row.id).execute();
  }
}
