import { type Locale, regionsOf } from '../../words/locale.ts';

/** What a page knows of where its reader lives. */
export interface Whereabouts {
  /** The zone that they chose for their account. */
  readonly timeZone: string | null;
  readonly acceptLanguage: string | undefined;
  readonly locale: Locale;
}

const HOME: Readonly<Record<Locale, string>> = { en: 'US', es: 'ES' };

/**
 * The country that a phone number is probably of, among `served` (ISO codes): that of the time zone, else a region that the
 * browser's languages name (`es-MX`), else the largest one where the page's language is at home. A guess: the list has all.
 */
export function likelyCountry(
  served: readonly string[],
  { timeZone, acceptLanguage, locale }: Whereabouts,
): string {
  const zoned = timeZone === null ? [] : served.filter((country) => zonesOf(country).includes(timeZone));
  const guesses = [...zoned, ...regionsOf(acceptLanguage), HOME[locale]];
  return guesses.find((country) => served.includes(country)) ?? served[0] ?? '';
}

const zones = new Map<string, readonly string[]>();

function zonesOf(country: string): readonly string[] {
  const known = zones.get(country);
  if (known) return known;
  // The runtime has it; TypeScript's own list of what there is doesn't yet.
  const place = new Intl.Locale('und', { region: country }) as unknown as {
    getTimeZones(): string[] | undefined;
  };
  const found = place.getTimeZones() ?? [];
  zones.set(country, found);
  return found;
}
