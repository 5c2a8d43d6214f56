import type { Account } from '../../accounts/account.ts';
import { record } from '../../audit/record.ts';
import type { Tx } from '../../database/open.ts';
import type { Deps } from '../../deps.ts';
import { notify } from '../../notices/notify.ts';
import { endTrust } from '../../sessions/trusted-browser.ts';
import type { Visit } from '../../web/visit.ts';
import type { FactorRow } from '../factor.ts';
import { markSuspended } from './keys.ts';

/**
 * Its counter did not rise: of two that say they are this key, one is a copy, and nobody can tell which (R20). Also where
 * it is the only factor: recovery codes still sign in, a copy must not.
 */
export async function suspendKey(
  tx: Tx,
  deps: Deps,
  visit: Visit,
  account: Account,
  { id, label }: FactorRow,
): Promise<void> {
  if (!(await markSuspended(tx, id, visit.now))) return;
  // Whoever holds the copy may have trusted a browser with it (R37).
  await endTrust(tx, account.id);
  await record(tx, visit, {
    event: 'factor.suspended',
    subject: account,
    actor: 'system',
    method: 'webauthn',
    detail: { reason: 'counter' },
  });
  await notify(tx, deps, visit, account, { kind: 'key_suspended', method: 'webauthn', label });
}
