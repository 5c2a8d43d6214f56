import { DAY, HOUR, MINUTE } from '../kit/clock.ts';
import { type Html, html } from '../kit/html.ts';
import { formatInstant } from '../words/dates.ts';
import type { Locale } from '../words/locale.ts';

/** Unit, its length, and how many of it are told in the next one. */
const SPANS: readonly (readonly [Intl.RelativeTimeFormatUnit, number, number])[] = [
  ['minute', MINUTE, 60],
  ['hour', HOUR, 24],
  ['day', DAY, 30],
  ['month', 30.4375 * DAY, 12],
  ['year', 365.25 * DAY, Number.POSITIVE_INFINITY],
];

/** Making a format costs more than a whole page does. */
const relativeFormats = new Map<string, Intl.RelativeTimeFormat>();

function relativeFormat(locale: Locale, numeric: 'always' | 'auto'): Intl.RelativeTimeFormat {
  const key = `${locale} ${numeric}`;
  const format = relativeFormats.get(key) ?? new Intl.RelativeTimeFormat(locale, { numeric });
  relativeFormats.set(key, format);
  return format;
}

/** "now", "3 minutes ago", "in 2 days". Never "yesterday", which depends on where one is. */
export function relativeTime(at: number, now: number, locale: Locale): string {
  const distance = Math.abs(at - now);
  if (distance < MINUTE / 2) return relativeFormat(locale, 'auto').format(0, 'second');
  const [unit, length] = SPANS.find(([, size, most]) => Math.round(distance / size) < most)!;
  const count = Math.max(1, Math.round(distance / length));
  return relativeFormat(locale, 'always').format(at < now ? -count : count, unit);
}

/** Relative; the exact time with its zone on hover and for screen readers. */
export function time(at: number, now: number, locale: Locale, timeZone: string | null): Html {
  const exact = formatInstant(at, locale, timeZone);
  return html`<time datetime="${new Date(at).toISOString()}" title="${exact}">${relativeTime(at, now, locale)}<span class="unseen">, ${exact}</span></time>`;
}
