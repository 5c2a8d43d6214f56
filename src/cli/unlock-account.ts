import type { Account } from '../accounts/account.ts';
import { record } from '../audit/record.ts';
import type { Deps } from '../deps.ts';
import { forgetTries } from '../throttle/brake.ts';
import { clearGuesses } from '../throttle/guess-budget.ts';
import { lockByEmail, operatorsPlace } from './find-account.ts';
import { passwordKeys } from './store.ts';

/** Wrong codes and wrong passwords are forgiven: holds and waits end, typed codes open again. @throws {CommandRefused} not_found */
export async function unlockAccount(deps: Deps, email: string): Promise<Account> {
  const place = operatorsPlace(deps);
  return deps.database.transaction(async (tx) => {
    const account = await lockByEmail(tx, email);
    await clearGuesses(tx, account.id);
    await forgetTries(tx, passwordKeys(account.id));
    await record(tx, place, { event: 'account.unlocked', subject: account, actor: 'operator' });
    return account;
  });
}
