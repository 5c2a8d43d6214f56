import { expect, test } from 'vitest';
import type { Locale } from '../words/locale.ts';
import { labelIn, readLabel, unnamed } from './label.ts';

const name = (locale: Locale) => ({ en: 'Security key', es: 'Llave de seguridad' })[locale];

test.each([
  ['Security key', 'Llave de seguridad', 'Security key'],
  ['Llave de seguridad 2', 'Llave de seguridad 2', 'Security key 2'],
  ['Security key 10', 'Llave de seguridad 10', 'Security key 10'],
  ['Security keys', 'Security keys', 'Security keys'],
  ['Security key of Ann', 'Security key of Ann', 'Security key of Ann'],
  ['YubiKey 5', 'YubiKey 5', 'YubiKey 5'],
])('%s is called %s in Spanish and %s in English', (label, es, en) => {
  expect(labelIn('es', label, name)).toBe(es);
  expect(labelIn('en', label, name)).toBe(en);
  expect(unnamed(label, name) === null).toBe(es === en);
});

test.each([
  [undefined, 'Phone'],
  ['', 'Phone'],
  [' \t ', 'Phone'],
  ['  My \t  phone ', 'My phone'],
  ['k'.repeat(60), 'k'.repeat(60)],
  ['🔑'.repeat(60), '🔑'.repeat(60)],
  ['k'.repeat(61), null],
  ['right-to-left \u202e', null],
  ['a bell \u0007', null],
])('%j is kept as %j', (typed, kept) => {
  expect(readLabel(typed, 'Phone')).toBe(kept);
});
