import type { Deps } from '../deps.ts';
import { SealBroken } from '../kit/seal.ts';
import type { SetCookie } from '../web/answer.ts';
import type { Visit } from '../web/visit.ts';
import { FORGET_WAY } from '../web/way-back.ts';
import type { Begun } from './exchange.ts';
import { INTERACTION } from './lifetimes.ts';

interface Open extends Omit<Begun, 'locale'> {
  readonly until: number;
}

/** One in each of so many tabs; the oldest is forgotten first. */
const MOST = 5;
const OWNER = 'interaction';

/**
 * Sign-ins for apps that began in this very browser, newest first: what was begun elsewhere is not gone on with here
 * (R66). Sealed, since forms may lead to what stands in it.
 */
export function openInteractions({ seal }: Pick<Deps, 'seal'>, { cookies, now }: Visit): Open[] {
  const value = cookies[OWNER];
  if (!value) return [];
  try {
    const open = JSON.parse(seal.open('cookie', OWNER, value)) as Open[];
    return open.filter(({ until }) => now < until);
  } catch (error) {
    if (error instanceof SealBroken) return [];
    throw error;
  }
}

export function beganHere(deps: Pick<Deps, 'seal'>, visit: Visit, uid: string): boolean {
  return openInteractions(deps, visit).some((open) => open.uid === uid);
}

/** Cookies to set: none where nothing began and nothing ended. */
export function openAfterwards(
  deps: Pick<Deps, 'seal'>,
  visit: Visit,
  { began, ended }: { readonly began: Begun | null; readonly ended: string | null },
): SetCookie[] {
  if (!began && ended === null) return [];
  const others = openInteractions(deps, visit).filter(({ uid }) => uid !== ended);
  const first = began ? [{ uid: began.uid, target: began.target, until: visit.now + INTERACTION }] : [];
  const way = ended !== null && visit.cookies['way'] !== undefined ? [FORGET_WAY] : [];
  return [asCookie(deps, [...first, ...others].slice(0, MOST)), ...askedLanguage(visit, began), ...way];
}

/** Of the app that asked last. */
function askedLanguage({ cookies }: Visit, began: Begun | null): SetCookie[] {
  const locale = began?.locale ?? null;
  if (locale === null) return cookies['language'] === undefined ? [] : [{ name: 'language', value: null }];
  return [{ name: 'language', value: locale, maxAge: INTERACTION / 1000 }];
}

function asCookie({ seal }: Pick<Deps, 'seal'>, open: readonly Open[]): SetCookie {
  if (open.length === 0) return { name: OWNER, value: null };
  const value = seal.seal('cookie', OWNER, JSON.stringify(open));
  return { name: OWNER, value, maxAge: INTERACTION / 1000 };
}
