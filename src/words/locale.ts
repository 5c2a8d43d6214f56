export const LOCALES = ['en', 'es'] as const;
export type Locale = (typeof LOCALES)[number];

/** Every set of sentences exists in every language: `es` must have the type of `en`. */
export type Words<T> = Readonly<Record<Locale, T>>;

export function isLocale(text: string | null | undefined): text is Locale {
  return LOCALES.includes(text as Locale);
}

const negotiated = new Map<string, Locale>();
const REMEMBERED = 500;

/** The first language of `Accept-Language` that we have, by its quality (RFC 9110 section 12.5.4); else English. */
export function negotiateLocale(acceptLanguage: string | undefined): Locale {
  if (!acceptLanguage) return 'en';
  const header = acceptLanguage.slice(0, 200);
  const known = negotiated.get(header);
  if (known) return known;
  if (negotiated.size >= REMEMBERED) negotiated.clear();
  const locale = firstOfOurs(header);
  negotiated.set(header, locale);
  return locale;
}

function firstOfOurs(header: string): Locale {
  return firstLocale(wishesIn(header)) ?? 'en';
}

/** The first of these language tags (RFC 5646: `es-MX`) that we have; null where we have none. */
export function firstLocale(tags: readonly string[]): Locale | null {
  return tags.map((tag) => tag.toLowerCase().split('-')[0]).find(isLocale) ?? null;
}

/** The countries that `Accept-Language` names (`MX` of `es-MX`), the likeliest first. */
export function regionsOf(acceptLanguage: string | undefined): string[] {
  return wishesIn((acceptLanguage ?? '').slice(0, 200)).flatMap(
    (tag) => /^[a-z]{2,3}(?:-[a-z]{4})?-([a-z]{2})(?:-|$)/.exec(tag)?.[1]?.toUpperCase() ?? [],
  );
}

/** Tags in lower case, by their quality. */
function wishesIn(header: string): string[] {
  return header
    .split(',')
    .map((part) => {
      const [tag = '', quality] = part.trim().split(';q=');
      return { tag: tag.toLowerCase(), quality: quality ? Number(quality) || 0 : 1 };
    })
    .filter(({ quality }) => quality > 0)
    .sort((left, right) => right.quality - left.quality)
    .map(({ tag }) => tag);
}
