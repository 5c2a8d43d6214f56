import type { Account } from '../../accounts/account.ts';
import type { Deps } from '../../deps.ts';
import { type Html, html } from '../../kit/html.ts';
import type { FactorRow } from '../factor.ts';
import { awaitedIds, keysAmong, openKey } from './keys.ts';
import { rpIdOf, userHandleOf } from './rules.ts';

/**
 * For `signalAllAcceptedCredentials` (L3, section 5.1.10): the browser forgets passkeys that were removed here. One that
 * is only suspended stays in the list, and so does one that was replaced while the undo may bring it back: a browser that
 * forgot it could not. Null where keys can't work.
 */
export async function acceptedKeys(
  deps: Pick<Deps, 'seal' | 'config' | 'database' | 'clock'>,
  account: Account,
  factors: readonly FactorRow[],
): Promise<Html | null> {
  const rpId = rpIdOf(deps.config.baseUrl);
  if (rpId === null) return null;
  const ids = keysAmong(factors)
    .filter((factor) => openKey(deps, factor).data.rpId === rpId)
    .map(({ external_id }) => external_id);
  const awaited = await awaitedIds(deps.database.db, account.id, deps.clock.now());
  const accepted = {
    rpId,
    userId: userHandleOf(account.id),
    allAcceptedCredentialIds: [...ids, ...awaited],
  };
  return html`<div hidden data-accepted="${JSON.stringify(accepted)}"></div>`;
}
