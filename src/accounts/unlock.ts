import type { By } from '../audit/by.ts';
import { record } from '../audit/record.ts';
import type { Tx } from '../database/open.ts';
import { Refusal } from '../kit/refusal.ts';
import { forgetTries } from '../throttle/brake.ts';
import { clearGuesses } from '../throttle/guess-budget.ts';
import type { Account } from './account.ts';
import { passwordKeys } from './password-waits.ts';
import { lockAccount } from './store.ts';

/** Wrong codes and wrong passwords are forgiven: holds and waits end, typed codes open again. @throws {Refusal} not_found */
export async function unlockAccount(tx: Tx, { place, actor }: By, id: string): Promise<Account> {
  const account = await lockAccount(tx, id);
  if (!account) throw new Refusal('not_found');
  await clearGuesses(tx, account.id);
  await forgetTries(tx, passwordKeys(account.id));
  await record(tx, place, { event: 'account.unlocked', subject: account, actor });
  return account;
}
