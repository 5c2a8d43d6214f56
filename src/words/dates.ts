import { DAY, HOUR, MINUTE, SECOND } from '../kit/clock.ts';
import type { Locale } from './locale.ts';

/** `en` alone would write the month first, as only one country reads it. */
const TAGS: Readonly<Record<Locale, string>> = { en: 'en-GB', es: 'es-ES' };

/** Making a formatter costs more than using it a thousand times. */
const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(locale: Locale, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale} ${JSON.stringify(options)}`;
  let known = formatters.get(key);
  if (!known) {
    if (formatters.size > 200) formatters.clear();
    known = new Intl.DateTimeFormat(TAGS[locale], options);
    formatters.set(key, known);
  }
  return known;
}

/** A zone of the IANA list that this runtime knows: `Europe/Madrid`. */
export function isTimeZone(name: string): boolean {
  if (knownZones.has(name)) return true;
  if (!/^[A-Za-z][\w+/-]{1,63}$/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
  } catch {
    return false;
  }
  knownZones.add(name);
  return true;
}

/** There are about six hundred; asking the runtime for one costs as much as a page. */
const knownZones = new Set<string>();

/** The person's zone; what is unknown or no longer known counts as UTC. */
function zoneOf(timeZone: string | null): string {
  return timeZone !== null && isTimeZone(timeZone) ? timeZone : 'UTC';
}

/** `24 November 2026, 14:05 (UTC)`, `24 November 2026, 15:05 (Europe/Madrid, GMT+1)` */
export function formatInstant(at: number, locale: Locale, timeZone: string | null): string {
  // Most pages show the same few minutes again and again.
  const key = `${Math.floor(at / MINUTE)} ${locale} ${timeZone}`;
  const known = instants.get(key);
  if (known) return known;
  if (instants.size >= INSTANTS_KEPT) instants.clear();
  const text = spellInstant(at, locale, zoneOf(timeZone));
  instants.set(key, text);
  return text;
}

const instants = new Map<string, string>();
const INSTANTS_KEPT = 2000;

function spellInstant(at: number, locale: Locale, zone: string): string {
  const day = formatter(locale, { dateStyle: 'long', timeZone: zone }).format(at);
  const time = formatter(locale, {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone: zone,
  }).format(at);
  return `${day}, ${time} (${spellZone(at, zone)})`;
}

/** `14:05 (UTC)`: where the day goes without saying. */
export function formatTime(at: number, locale: Locale, timeZone: string | null): string {
  const zone = zoneOf(timeZone);
  const time = formatter(locale, {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone: zone,
  }).format(at);
  return `${time} (${spellZone(at, zone)})`;
}

/** `24 Nov 2026, 14:05:12`: for columns, under a line that names the zone. */
export function formatStamp(at: number, locale: Locale, timeZone: string | null): string {
  return formatter(locale, {
    day: '2-digit',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    timeZone: zoneOf(timeZone),
  }).format(at);
}

/** `UTC`, `Europe/Madrid, GMT+1`: beside a stamp that stands alone. */
export function formatZone(at: number, timeZone: string | null): string {
  return spellZone(at, zoneOf(timeZone));
}

function spellZone(at: number, zone: string): string {
  return zone === 'UTC' ? 'UTC' : `${zone}, ${offsetOf(at, zone)}`;
}

/** `24 November 2026` */
export function formatDay(at: number, locale: Locale, timeZone: string | null): string {
  return formatter(locale, { dateStyle: 'long', timeZone: zoneOf(timeZone) }).format(at);
}

function offsetOf(at: number, zone: string): string {
  const parts = formatter('en', { timeZone: zone, timeZoneName: 'shortOffset' }).formatToParts(at);
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? zone;
}

type Unit = 'second' | 'minute' | 'hour' | 'day';

const UNITS: readonly (readonly [Unit, number, number])[] = [
  // Unit, its length, and from how many milliseconds on it is used: "24 hours", but "7 days".
  ['day', DAY, 2 * DAY],
  ['hour', HOUR, HOUR],
  ['minute', MINUTE, MINUTE],
  ['second', SECOND, 0],
];

function inUnits(ms: number): [Unit, number] {
  const [unit, length] = UNITS.find(([, , from]) => ms >= from) as readonly [Unit, number, number];
  return [unit, ms / length];
}

/** `30 minutes`, `24 hours`, `7 days`; rounded up, so that nobody comes back too early. */
export function formatDuration(ms: number, locale: Locale): string {
  const [unit, count] = inUnits(Math.max(ms, SECOND));
  return durationFormat(locale, unit).format(Math.ceil(count));
}

const durationFormats = new Map<string, Intl.NumberFormat>();

/** Making one takes longer than all else of a mail. */
function durationFormat(locale: Locale, unit: Unit): Intl.NumberFormat {
  const key = `${locale} ${unit}`;
  let format = durationFormats.get(key);
  if (!format) {
    format = new Intl.NumberFormat(TAGS[locale], { style: 'unit', unit, unitDisplay: 'long' });
    durationFormats.set(key, format);
  }
  return format;
}
