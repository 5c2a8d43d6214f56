import type { FieldComplaint, Refusal } from '../kit/refusal.ts';
import type { Locale } from './locale.ts';
import { en } from './refusals.en.ts';
import { es } from './refusals.es.ts';

const words = { en, es };

/** What a person is told: what happened, and what to do next. null: a fault, of which only the number is told. */
export function refusalSentence(locale: Locale, refusal: Refusal | null, requestId: string): string {
  if (!refusal) return words[locale].fault(requestId);
  return words[locale].refusals[refusal.code](refusal.detail);
}

/** The sentence under a field. `minLength` is only looked at for short passwords. */
export function fieldSentence(locale: Locale, complaint: FieldComplaint, minLength: number): string {
  const sentence = words[locale].fields[complaint];
  return typeof sentence === 'string' ? sentence : sentence(minLength);
}

/** Field name -> sentence, for a form that is shown again. */
export function fieldSentences(
  locale: Locale,
  refusal: Refusal | null,
  minLength: number,
): Record<string, string> {
  const fields = refusal?.detail.fields ?? {};
  return Object.fromEntries(
    Object.entries(fields).map(([name, complaint]) => [name, fieldSentence(locale, complaint, minLength)]),
  );
}
