import type { Locale } from './locale.ts';

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;
const STEP = 1000;

/** Making a format costs more than using it a thousand times. */
const formats = new Map<string, Intl.NumberFormat>();

function format(locale: Locale, unit: string, digits: number): Intl.NumberFormat {
  const key = `${locale} ${unit} ${digits}`;
  let known = formats.get(key);
  if (!known) {
    known = new Intl.NumberFormat(locale === 'en' ? 'en-GB' : 'es-ES', {
      style: 'unit',
      unit,
      unitDisplay: unit === 'byte' ? 'long' : 'short',
      maximumFractionDigits: digits,
    });
    formats.set(key, known);
  }
  return known;
}

/** `84.2 MB`, `2 kB`, `512 bytes`: in thousands, as file managers and phones count. */
export function formatBytes(bytes: number, locale: Locale): string {
  let [value, unit] = [bytes, 0];
  // What would be rounded to a thousand is one of the next unit.
  while (value >= STEP - 0.5 && unit < UNITS.length - 1) {
    value /= STEP;
    unit++;
  }
  return format(locale, UNITS[unit] as string, value < 100 && unit > 1 ? 1 : 0).format(value);
}
