import type { Deps } from '../../deps.ts';
import { SealBroken } from '../../kit/seal.ts';
import { forget, type SetCookie } from '../../web/answer.ts';
import type { Visit } from '../../web/visit.ts';

/** A browser that never loads the next page forgets it by itself. */
const SECONDS = 60;
const COOKIE = 'once';

/**
 * A secret on its way from the form that made it to the page that shows it: sealed, for one session and one app, for a
 * minute. Nothing of it is in an address, in the database or in a page that a reload would post again.
 */
export function handOver(
  { seal }: Pick<Deps, 'seal'>,
  visit: Pick<Visit, 'now'>,
  sessionId: string,
  clientId: string,
  secret: string,
): SetCookie {
  const kept = JSON.stringify({ secret, until: visit.now + SECONDS * 1000 });
  return { name: COOKIE, value: seal.seal('cookie', ownerOf(sessionId, clientId), kept), maxAge: SECONDS };
}

/** To be shown, with the cookies to be set together with the page: it is shown once. */
export function takeOver(
  { seal }: Pick<Deps, 'seal'>,
  visit: Pick<Visit, 'now' | 'cookies'>,
  sessionId: string,
  clientId: string,
): { readonly secret: string | null; readonly cookies: readonly SetCookie[] } {
  const sealed = visit.cookies[COOKIE];
  if (sealed === undefined) return { secret: null, cookies: [] };
  const cookies = forget(COOKIE);
  try {
    const kept = JSON.parse(seal.open('cookie', ownerOf(sessionId, clientId), sealed));
    const { secret, until } = kept as { secret: string; until: number };
    return { secret: visit.now < until ? secret : null, cookies };
  } catch (error) {
    // Of another app or session, or made up.
    if (error instanceof SealBroken) return { secret: null, cookies };
    throw error;
  }
}

const ownerOf = (sessionId: string, clientId: string): string => `${COOKIE}/${sessionId}/${clientId}`;
