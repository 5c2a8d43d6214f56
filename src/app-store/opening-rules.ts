import { type Acr, meets } from '../sessions/session.ts';

/** What a web app will ask for before it opens. */
export type Opening =
  | { readonly kind: 'nothing' }
  /** The second step, with this method first. */
  | { readonly kind: 'factor'; readonly method: string }
  /** There is none yet. */
  | { readonly kind: 'enrol' }
  | { readonly kind: 'key' };

/** Methods whose answer nobody could have passed on from a look-alike page. */
const RESISTANT = new Set(['webauthn']);

/** `methods`: what the person can answer with, the preferred one first; a recovery code is none (screen 2). */
export function openingOf(demanded: Acr, proven: Acr, methods: readonly string[]): Opening {
  if (meets(proven, demanded)) return { kind: 'nothing' };
  const suited = demanded === 'phr' ? methods.filter((method) => RESISTANT.has(method)) : methods;
  const [method] = suited;
  if (method !== undefined) return { kind: 'factor', method };
  return { kind: demanded === 'phr' ? 'key' : 'enrol' };
}
