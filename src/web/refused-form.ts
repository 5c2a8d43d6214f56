import type { Refusal } from '../kit/refusal.ts';
import { fieldSentences, refusalSentence } from '../words/refusals.ts';
import type { Visit } from './visit.ts';

/** What a form says of its refusal. */
export interface Complaints {
  /** Above the form; null where every complaint has a field. */
  readonly error: string | null;
  /** Field -> what stands beside it. */
  readonly fields: Readonly<Record<string, string>>;
}

/** Beside their fields where they have one, else above the form; nothing of a form that is shown for the first time. */
export function told(visit: Visit, refusal: Refusal | null, minLength = 0): Complaints {
  const fields = fieldSentences(visit.locale, refusal, minLength);
  const above = refusal !== null && Object.keys(fields).length === 0;
  return { error: above ? refusalSentence(visit.locale, refusal, visit.requestId) : null, fields };
}
