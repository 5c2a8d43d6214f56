export const LOCALES = ['en', 'es'] as const;
export type Locale = (typeof LOCALES)[number];

/** Every set of sentences exists in every language: `es` must have the type of `en`. */
export type Words<T> = Readonly<Record<Locale, T>>;

export function isLocale(text: string | null | undefined): text is Locale {
  return LOCALES.includes(text as Locale);
}

/** The first language of `Accept-Language` that we have, by its quality (RFC 9110 section 12.5.4); else English. */
export function negotiateLocale(acceptLanguage: string | undefined): Locale {
  if (!acceptLanguage) return 'en';
  const wishes = acceptLanguage
    .slice(0, 200)
    .split(',')
    .map((part) => {
      const [tag = '', quality] = part.trim().split(';q=');
      return { language: tag.toLowerCase().split('-')[0] ?? '', quality: quality ? Number(quality) || 0 : 1 };
    })
    .sort((left, right) => right.quality - left.quality);
  const found = wishes.find(({ language, quality }) => quality > 0 && isLocale(language));
  return found ? (found.language as Locale) : 'en';
}
