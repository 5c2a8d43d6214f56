import { halfSignedIn, type Protected, somebodyProtected, tokenOf } from './attack-kit.ts';
import type { Browser } from './browser.ts';
import type { House } from './house.ts';
import type { Person } from './people.ts';

export const REQUESTS = '/admin/recovery';

export type Administrator = Protected & { readonly browser: Browser };

/** An administrator whose browser has just signed in with both steps. */
export function administrator(house: House, name: string): Promise<Administrator> {
  return somebodyProtected(house, { roles: 'admin', name });
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

/** Proposed by one and countersigned by another, both freshly signed in. -> the pass's token */
export async function givePass(
  house: House,
  person: Person,
  proposer: Browser,
  countersigner: Browser,
): Promise<string> {
  const { id } = await requestOf(house, person);
  const path = `${REQUESTS}/${id}`;
  const proposed = await proposer.post(`${path}/propose`, { reason: 'We met in the office.' });
  if (proposed.status !== 303) throw new Error(`proposing answered ${proposed.status}`);
  const given = await countersigner.post(`${path}/countersign`);
  if (given.location !== REQUESTS) throw new Error(`countersigning answered ${given.status}`);
  return tokenOf(await house.link(person.email, '/temporary-pass'));
}
