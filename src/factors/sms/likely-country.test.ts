import { expect, test } from 'vitest';
import { likelyCountry, type Whereabouts } from './likely-country.ts';

const SERVED = ['AR', 'DE', 'ES', 'IN', 'MX', 'US'];
const nothing: Whereabouts = { timeZone: null, acceptLanguage: undefined, locale: 'en' };

test.each<[string, Partial<Whereabouts>, string[]?]>([
  ['MX', { timeZone: 'America/Mexico_City', acceptLanguage: 'es-ES' }],
  ['ES', { timeZone: 'Atlantic/Canary' }],
  ['IN', { timeZone: 'Asia/Calcutta' }],
  ['AR', { acceptLanguage: 'es-AR,es;q=0.9', locale: 'es' }],
  ['DE', { acceptLanguage: 'en;q=0.5, de-Latn-DE;q=0.9' }],
  ['MX', { acceptLanguage: 'fr-FR,es-419,es-MX;q=0.3' }],
  ['MX', { timeZone: 'UTC', acceptLanguage: 'es-mx' }],
  ['ES', { locale: 'es' }],
  ['US', { acceptLanguage: ';;-,q=x' }],
  ['AR', { acceptLanguage: 'en-US' }, ['AR', 'MX']],
  ['', { acceptLanguage: 'en-US' }, []],
])('%s for %o', (country, where, served = SERVED) => {
  expect(likelyCountry(served, { ...nothing, ...where })).toBe(country);
});
