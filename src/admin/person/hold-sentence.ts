import type { Hold } from '../../accounts/holds.ts';
import { formatInstant } from '../../words/dates.ts';
import type { Locale } from '../../words/locale.ts';
import { personWords } from './words.ts';

/** What keeps a person waiting, and until when in the zone of whoever reads it. */
export function holdSentence(locale: Locale, { on, from, until }: Hold, timeZone: string | null): string {
  const { holds: w } = personWords[locale];
  const end = until === null ? null : formatInstant(until, locale, timeZone);
  if (on === 'codes') return w.codes(end);
  if (on === 'changes') return w.changes(end ?? '');
  if (from === 'network') return w.passwordNetwork(end ?? '');
  return from === 'browser' ? w.passwordBrowser(end ?? '') : w.passwordEverywhere(end ?? '');
}
