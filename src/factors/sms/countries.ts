import type { Locale } from '../../words/locale.ts';

/** ISO 3166 codes -> name and calling code, sorted as people of that language sort. */
export function countryOptions(
  countries: readonly { readonly code: string; readonly calling: string }[],
  locale: Locale,
): { value: string; text: string }[] {
  const names = new Intl.DisplayNames([locale], { type: 'region' });
  const order = new Intl.Collator(locale);
  return countries
    .map(({ code, calling }) => ({ value: code, text: `${names.of(code) ?? code} (+${calling})` }))
    .sort((left, right) => order.compare(left.text, right.text));
}
