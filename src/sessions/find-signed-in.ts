import type { Deps } from '../deps.ts';
import { requiredFrom } from '../policy/demand.ts';
import { opens, type SignedIn } from './session.ts';
import { findSession } from './store.ts';

/** Whose session this is, as long as it opens anything: asked of the database each time (R50). */
export async function findSignedIn(
  { database, config }: Pick<Deps, 'database' | 'config'>,
  tokenHash: string,
  now: number,
): Promise<SignedIn | null> {
  const found = await findSession(database.db, tokenHash);
  if (!found) return null;
  // Rules are about those who have none; for the others nothing more is asked of the database.
  const { id, two_factor_at } = found.account;
  const ruledFrom = two_factor_at === null ? await requiredFrom(database.db, id) : null;
  if (!opens({ ...found, ruledFrom }, now, config.lifetimes)) return null;
  return ruledFrom === null ? found : { ...found, requiredFrom: ruledFrom };
}
