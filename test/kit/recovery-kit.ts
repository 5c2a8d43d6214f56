import { DAY, halfSignedIn, type Protected, signInAgain, somebodyProtected, tokenOf } from './attack-kit.ts';
import type { Browser } from './browser.ts';
import type { House } from './house.ts';
import type { Person } from './people.ts';

export const REQUESTS = '/admin/recovery';

export type Administrator = Protected & { readonly browser: Browser };

/** An administrator whose browser has just signed in with both steps. */
export function administrator(house: House, name: string): Promise<Administrator> {
  return somebodyProtected(house, { roles: 'admin', name });
}

export async function twoAdministrators(house: House): Promise<[Administrator, Administrator]> {
  return [await administrator(house, 'Bea Boss'), await administrator(house, 'Carl Chief')];
}

/** The waiting time is over, and these administrators have signed in anew. */
export async function dayLater(house: House, ...people: readonly Administrator[]): Promise<Browser[]> {
  house.clock.advance(DAY);
  const browsers: Browser[] = [];
  for (const one of people) browsers.push(await signInAgain(house, one));
  return browsers;
}

/** Asks for help from a browser that got as far as the second step. -> that browser */
export async function askForHelp(house: House, person: Person, reason = 'My bag was stolen.') {
  const browser = await halfSignedIn(house, person);
  const answer = await browser.post('/recover', { reason });
  if (answer.location !== '/recover') throw new Error(`asking for help answered ${answer.status}`);
  return browser;
}

/** The account's newest request. */
export async function requestOf(house: House, person: Person) {
  return house.app.database.db
    .selectFrom('recovery_request')
    .selectAll()
    .where('account_id', '=', person.id)
    .orderBy('created_at', 'desc')
    .executeTakeFirstOrThrow();
}

/** Where administrators decide about it. */
export async function requestPath(house: House, person: Person): Promise<string> {
  return `${REQUESTS}/${(await requestOf(house, person)).id}`;
}

/** Proposed by one and countersigned by another, both freshly signed in. -> the pass's token */
export async function givePass(
  house: House,
  person: Person,
  proposer: Browser,
  countersigner: Browser,
): Promise<string> {
  const path = await requestPath(house, person);
  const proposed = await proposer.post(`${path}/propose`, { reason: 'We met in the office.' });
  if (proposed.status !== 303) throw new Error(`proposing answered ${proposed.status}`);
  const given = await countersigner.post(`${path}/countersign`);
  if (given.location !== REQUESTS) throw new Error(`countersigning answered ${given.status}`);
  return tokenOf(await house.link(person.email, '/temporary-pass'));
}

/** Asked for and a day later given, by these two administrators. -> the pass's token */
export async function passAfterDay(
  house: House,
  person: Person,
  [proposer, countersigner]: readonly [Administrator, Administrator],
): Promise<string> {
  await askForHelp(house, person);
  const [one, other] = (await dayLater(house, proposer, countersigner)) as [Browser, Browser];
  return givePass(house, person, one, other);
}
