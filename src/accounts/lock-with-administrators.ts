import type { Tx } from '../database/open.ts';
import type { Account } from './account.ts';
import { lockAccount, lockAdministrators } from './store.ts';

/**
 * A person and everybody who administers, as they are and stay until this transaction ends. Administrators in the order
 * of their ids, then the person: two who act about each other never wait for each other.
 */
export async function lockWithAdministrators(
  tx: Tx,
  id: string,
): Promise<{ readonly administrators: readonly Account[]; readonly person: Account | null }> {
  const administrators = await lockAdministrators(tx);
  const person = administrators.find((one) => one.id === id) ?? (await lockAccount(tx, id));
  return { administrators, person };
}

/**
 * Whether nobody could administer any more without this person (R70). Somebody invited who has not come yet is nobody to
 * leave the house to: the invitation may never arrive, and nobody could send another one.
 */
export function isLastAdministrator(administrators: readonly Account[], person: Account): boolean {
  if (!administrators.some(({ id }) => id === person.id)) return false;
  const others = administrators.filter(({ id }) => id !== person.id);
  return hasCome(person) ? !others.some(hasCome) : others.length === 0;
}

const hasCome = ({ password_hash }: Account): boolean => password_hash !== null;
