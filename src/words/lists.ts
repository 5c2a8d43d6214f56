import type { Locale } from './locale.ts';

/** Making a format costs more than the rest of a page does. */
const formats = new Map<string, Intl.ListFormat>();

/** `and`: "a, b, and c"; `or`: "a, b, or c". */
export function listOf(locale: Locale, names: readonly string[], joint: 'and' | 'or' = 'and'): string {
  const key = `${locale} ${joint}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.ListFormat(locale, { type: joint === 'and' ? 'conjunction' : 'disjunction' });
    formats.set(key, format);
  }
  return format.format(names);
}
