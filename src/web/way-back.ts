import type { SetCookie } from './answer.ts';
import { safeReturnTo } from './return-to.ts';
import type { Visit } from './visit.ts';

/** As long as an app waits for somebody. */
const SECONDS = 60 * 60;

/** The page to come back to after a detour that has its own way: enrolling a factor because an app demands one. */
export function rememberWay(path: string): SetCookie {
  return { name: 'way', value: Buffer.from(path).toString('base64url'), maxAge: SECONDS };
}

/** A path on this origin; null for none. */
export function wayBack({ cookies }: Pick<Visit, 'cookies'>): string | null {
  const path = safeReturnTo(Buffer.from(cookies['way'] ?? '', 'base64url').toString());
  return path === '/' ? null : path;
}

export const FORGET_WAY: SetCookie = { name: 'way', value: null };
