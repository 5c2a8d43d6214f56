import { isPlainLine } from '../kit/plain-line.ts';
import { LOCALES, type Locale } from '../words/locale.ts';

const LONGEST = 60;

/** A factor's name as the person typed it; the fallback when empty; null when it can't be one. */
export function readLabel(text: string | undefined, fallback: string): string | null {
  const label = (text ?? '').trim().replace(/\s+/g, ' ');
  if (label === '') return fallback;
  return [...label].length <= LONGEST && isPlainLine(label) ? label : null;
}

/** `2` of "Security key 2": what a second one without a name of its own adds to the name of its kind. Null: it has one. */
export function unnamed(label: string, kindName: (locale: Locale) => string): string | null {
  for (const locale of LOCALES) {
    const name = kindName(locale);
    const rest = label.startsWith(name) ? label.slice(name.length) : null;
    if (rest !== null && /^(?: \d+)?$/.test(rest)) return rest;
  }
  return null;
}

/**
 * A factor's name as it is shown: where its person gave none it is called by its kind, in the language that they read
 * now and not in that of the day on which they added it.
 */
export function labelIn(locale: Locale, label: string, kindName: (locale: Locale) => string): string {
  const rest = unnamed(label, kindName);
  return rest === null ? label : kindName(locale) + rest;
}
