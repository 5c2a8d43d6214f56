import type { Deps } from '../deps.ts';
import { requiredFrom } from '../policy/demand.ts';
import { isAlive, type SignedIn } from './session.ts';
import { findSession } from './store.ts';

/** Whose session this is, as long as it opens anything: asked of the database each time (R50). */
export async function findSignedIn(
  { database, config }: Pick<Deps, 'database' | 'config'>,
  tokenHash: string,
  now: number,
): Promise<SignedIn | null> {
  const found = await findSession(database.db, tokenHash);
  if (!found || !isAlive(found.session, now, config.lifetimes)) return null;
  if (found.account.suspended_at !== null) return null;
  if (found.account.two_factor_at !== null) return found;
  const from = await requiredFrom(database.db, found.account.id);
  if (from === null) return found;
  // A rule that came into force meanwhile ends what the password alone had opened: signing in anew leads to enrolment.
  return from <= now ? null : { ...found, requiredFrom: from };
}
