import type { Account } from '../../accounts/account.ts';
import { findAccount } from '../../accounts/store.ts';
import type { Deps } from '../../deps.ts';
import { Refusal } from '../../kit/refusal.ts';

/** Somebody else: what is done here, nobody does about themself. @throws {Refusal} not_found, own_account */
export async function findOther(
  { database }: Pick<Deps, 'database'>,
  administrator: Account,
  id: string,
): Promise<Account> {
  const person = await findAccount(database.db, id);
  if (!person) throw new Refusal('not_found');
  if (person.id === administrator.id) throw new Refusal('own_account');
  return person;
}
