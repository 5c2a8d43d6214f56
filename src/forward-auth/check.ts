import { acrOf } from '../clients/client.ts';
import { findClientByOrigin } from '../clients/store.ts';
import type { Deps } from '../deps.ts';
import { tokenHash } from '../kit/encoding.ts';
import { meets, opens, touchAfter } from '../sessions/session.ts';
import { touchSession } from '../sessions/store.ts';
import type { Visit } from '../web/visit.ts';
import { type Presence, presenceFinder, touchPresence } from './store.ts';

export type Verdict =
  | { readonly kind: 'enter'; readonly who: Presence }
  /** Signed in, and belongs to none of the groups that may enter. */
  | { readonly kind: 'closed'; readonly app: string }
  /** Not signed in here, or not with what the app demands by now. */
  | { readonly kind: 'sign-in' }
  | { readonly kind: 'unknown-host' };

export type Checker = (
  visit: Pick<Visit, 'now'>,
  origin: string,
  token: string | undefined,
) => Promise<Verdict>;

/**
 * May this request pass? The database is asked each time, so that whatever ends a session, suspends a person, takes them
 * from a group or asks for more holds for the very next request (R50).
 */
export function createChecker(deps: Deps): Checker {
  const { config } = deps;
  const findPresence = presenceFinder(deps.database);
  return async ({ now }, origin, token) => {
    const hash = token && tokenHash(token);
    const who = hash ? await findPresence(hash, origin) : null;
    if (!hash || !who) return judgeStranger(deps, origin);
    const standing = { session: who, account: who, ruledFrom: who.ruled_from };
    if (!opens(standing, now, config.lifetimes)) return { kind: 'sign-in' };
    if (!who.entitled) return { kind: 'closed', app: who.client_name };
    const demand = acrOf({ acr: who.demand, twoFactorFromAt: who.demand_from_at }, now);
    if (!meets(who.acr, demand)) return { kind: 'sign-in' };
    if (now - who.last_used_at > touchAfter(config.lifetimes)) await touch(deps, hash, who, now);
    return { kind: 'enter', who };
  };
}

async function judgeStranger({ database }: Deps, origin: string): Promise<Verdict> {
  return { kind: (await findClientByOrigin(database.db, origin)) ? 'sign-in' : 'unknown-host' };
}

/** Whoever works at the host is there: the session doesn't run idle meanwhile. */
async function touch({ database }: Deps, hash: string, who: Presence, now: number): Promise<void> {
  await database.transaction(async (tx) => {
    await touchSession(tx, who.session_id, now, who.network);
    await touchPresence(tx, hash, now);
  });
}
