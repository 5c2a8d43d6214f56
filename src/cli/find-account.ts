import type { Account } from '../accounts/account.ts';
import { readAddress } from '../accounts/address.ts';
import { findAccountByAddress } from '../accounts/store.ts';
import type { By } from '../audit/by.ts';
import { nowhere, type Place } from '../audit/place.ts';
import type { Db } from '../database/open.ts';
import type { Deps } from '../deps.ts';
import { CommandRefused } from './command.ts';

/** By the address it signs in with, written in whatever way. @throws {CommandRefused} not_found */
export async function findByEmail(db: Db, email: string): Promise<Account> {
  const address = readAddress(email);
  const account = address ? await findAccountByAddress(db, address.key) : null;
  if (!account) throw new CommandRefused('not_found', `There is no account with the address "${email}".`);
  return account;
}

/** Where a record or notice says that a change came from: neither a network nor a browser. */
export function operatorsPlace({ clock }: Pick<Deps, 'clock'>): Place {
  return nowhere(clock.now());
}

export function byOperator(deps: Pick<Deps, 'clock'>): By {
  return { place: operatorsPlace(deps), actor: 'operator' };
}
