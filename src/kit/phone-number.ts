import { createRequire } from 'node:module';

/** A number that text messages can be sent to. */
export interface PhoneNumber {
  /** `+34600123456`: all that is stored and sent to. */
  readonly e164: string;
  /** ISO 3166-1 alpha-2 of the country that the number belongs to: `ES`. */
  readonly country: string;
}

/** The longest written form that makes sense; what is longer isn't even looked at. */
const LONGEST = 40;

type Library = typeof import('libphonenumber-js/max');
let loaded: Library | undefined;

/** Loaded with the first number: its numbering plans cost 20 ms that a start doesn't need. At once: a transaction waits for nothing. */
function library(): Library {
  loaded ??= createRequire(import.meta.url)('libphonenumber-js/max') as Library;
  return loaded;
}

/** Whoever is called there is paid for it, or reached by no message (R15). The smaller plans can't tell. */
const PAID: ReadonlySet<string | undefined> = new Set([
  'PREMIUM_RATE',
  'SHARED_COST',
  'TOLL_FREE',
  'UAN',
  'PAGER',
  'VOICEMAIL',
]);

/**
 * Reads `+34 600 123 456`, or `600 123 456` with the country (`ES`) that it was typed for. A range that the plans don't
 * know yet may have been given out since: the code proves the number. -> null for what can be no number, for
 * extensions, for premium and other service numbers, and for numbers of no country: satellite and shared-cost services,
 * where text messages cost most (R15).
 */
export function readNumber(text: string, country?: string): PhoneNumber | null {
  if (text.length > LONGEST) return null;
  const { parsePhoneNumberFromString, isSupportedCountry } = library();
  const home = country?.toUpperCase();
  const known = home !== undefined && isSupportedCountry(home) ? { defaultCountry: home } : {};
  const number = parsePhoneNumberFromString(text.trim(), { ...known, extract: false });
  if (!number?.isPossible() || number.ext !== undefined || PAID.has(number.getType())) return null;
  const owner = number.country ?? number.getPossibleCountries()[0];
  if (owner === undefined) return null;
  return { e164: number.number, country: owner };
}

/** Every country that has numbers: ISO code and calling code, without the plus sign. */
export function phoneCountries(): readonly { readonly code: string; readonly calling: string }[] {
  const { getCountries, getCountryCallingCode } = library();
  return getCountries().map((code) => ({ code, calling: getCountryCallingCode(code) }));
}
