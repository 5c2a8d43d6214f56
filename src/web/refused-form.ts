import type { Refusal } from '../kit/refusal.ts';
import { fieldSentences, refusalSentence } from '../words/refusals.ts';
import type { Visit } from './visit.ts';

/** The complaints of a refused form: beside their fields where they have one, else above the form. */
export function told(
  visit: Visit,
  refusal: Refusal,
  minLength = 0,
): { error: string | null; fields: Record<string, string> } {
  const fields = fieldSentences(visit.locale, refusal, minLength);
  const beside = Object.keys(fields).length > 0;
  return { error: beside ? null : refusalSentence(visit.locale, refusal, visit.requestId), fields };
}
