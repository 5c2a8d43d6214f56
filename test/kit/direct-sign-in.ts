import type { Account } from '../../src/accounts/account.ts';
import { findAccount } from '../../src/accounts/store.ts';
import { tokenHash } from '../../src/kit/encoding.ts';
import { type Completed, completeSignIn, type Proven } from '../../src/sessions/complete.ts';
import { findPending, type Pending } from '../../src/sessions/pending.ts';
import type { Visit } from '../../src/web/visit.ts';
import { halfSignedIn } from './attack-kit.ts';
import type { House } from './house.ts';
import type { Person } from './people.ts';

// Asking completeSignIn itself, past every door.

/** A request from nowhere in particular. */
export function visitOf(house: House, cookies: Record<string, string> = {}): Visit {
  return {
    now: house.clock.now(),
    network: '127.0.0.1',
    browser: 'test',
    requestId: 'r',
    locale: 'en',
    nonce: 'n',
    path: '/',
    cookies,
    wantsJson: false,
    authorization: undefined,
    acceptEncoding: undefined,
  } as unknown as Visit;
}

/** In a transaction of its own, by a browser with these cookies. @throws {Replayed} @throws {Refusal} */
export function completeDirectly(
  house: House,
  person: Person,
  proven: Proven,
  cookies?: Record<string, string>,
): Promise<Completed> {
  const { deps } = house.app;
  const visit = visitOf(house, cookies);
  return deps.database.transaction((tx) => completeSignIn(tx, deps, visit, person.id, proven));
}

/** Somebody's pending sign-in, as a right password leaves it. */
export async function pendingOf(house: House, person: Person): Promise<Pending> {
  const browser = await halfSignedIn(house, person);
  const hash = tokenHash(browser.cookies.get('pending') as string);
  return (await findPending(house.app.database.db, hash, house.clock.now())) as Pending;
}

export async function accountOf(house: House, { id }: Person): Promise<Account> {
  return (await findAccount(house.app.database.db, id)) as Account;
}
