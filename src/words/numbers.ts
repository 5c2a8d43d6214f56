import type { Locale } from './locale.ts';

const TAGS: Readonly<Record<Locale, string>> = { en: 'en-GB', es: 'es-ES' };

/** Making a format costs more than using it a thousand times. */
const formats = new Map<string, Intl.NumberFormat>();

function formatIn(locale: Locale, style: 'decimal' | 'percent'): Intl.NumberFormat {
  const key = `${locale} ${style}`;
  const format =
    formats.get(key) ??
    new Intl.NumberFormat(TAGS[locale], { style, maximumFractionDigits: 0, useGrouping: 'always' });
  formats.set(key, format);
  return format;
}

/** `12,480` */
export function formatNumber(count: number, locale: Locale): string {
  return formatIn(locale, 'decimal').format(count);
}

/** `62%`. Only all of them are 100%, and only none are 0%. */
export function formatShare(part: number, whole: number, locale: Locale): string {
  if (whole === 0 || part === 0) return formatIn(locale, 'percent').format(0);
  const share = part === whole ? 1 : Math.min(0.99, Math.max(0.01, part / whole));
  return formatIn(locale, 'percent').format(share);
}
