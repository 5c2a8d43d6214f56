import type { AdapterPayload } from 'oidc-provider';
import type { FoundToken } from '../clients/token-store.ts';
import type { Deps } from '../deps.ts';
import { DAY } from '../kit/clock.ts';
import { isAlive } from '../sessions/session.ts';

/**
 * What a token says, if it still says anything: its account is not suspended, its grant not revoked, and the session in
 * which it was given goes on, unless it was allowed to outlive it. One that was redeemed or replaced is told as such, also
 * long after its time, so that whoever comes with it again ends the grant (R63).
 */
export function readToken(
  { clock, config, seal }: Pick<Deps, 'clock' | 'config' | 'seal'>,
  found: FoundToken,
  value: string,
): AdapterPayload | undefined {
  const now = clock.now();
  const spent = found.consumed_at !== null;
  if (!spent && (found.expires_at <= now || !holds(found, now, config.lifetimes))) return undefined;
  const said = JSON.parse(seal.open('oidc', found.hash, found.sealed)) as AdapterPayload;
  if (!spent) return { ...said, jti: value };
  const consumed = Math.floor((found.consumed_at as number) / 1000);
  return { ...said, jti: value, consumed, exp: (said.exp ?? 0) + LONG_AFTER };
}

const LONG_AFTER = (3650 * DAY) / 1000;

function holds(found: FoundToken, now: number, lifetimes: Deps['config']['lifetimes']): boolean {
  if (found.account_id === null) return true;
  if (found.suspended_at !== null || found.offline === null) return false;
  // A code is redeemed at once or never.
  if (found.offline === 1 && found.kind !== 'AuthorizationCode') return true;
  const { session_last_used_at: last_used_at, session_expires_at: expires_at } = found;
  if (last_used_at === null || expires_at === null) return false;
  return isAlive({ last_used_at, expires_at }, now, lifetimes);
}
