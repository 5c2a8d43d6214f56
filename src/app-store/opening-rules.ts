import type { AnswerMethod } from '../factors/factor.ts';
import { type Acr, meets } from '../sessions/session.ts';

/** What a web app will ask for before it opens. */
export type Opening =
  | { readonly kind: 'nothing' }
  /** The second step, with this method first. */
  | { readonly kind: 'factor'; readonly method: string }
  /** There is none yet. */
  | { readonly kind: 'enrol' }
  | { readonly kind: 'key' };

type Method = Pick<AnswerMethod, 'kind' | 'phishingResistant'>;

/** `methods`: what the person can answer with, the preferred one first; a recovery code is none (screen 2). */
export function openingOf(demanded: Acr, proven: Acr, methods: readonly Method[]): Opening {
  if (meets(proven, demanded)) return { kind: 'nothing' };
  const suited = demanded === 'phr' ? methods.filter(({ phishingResistant }) => phishingResistant) : methods;
  const [method] = suited;
  if (method !== undefined) return { kind: 'factor', method: method.kind };
  return { kind: demanded === 'phr' ? 'key' : 'enrol' };
}
