import { expect, test } from 'vitest';
import { readWanted } from './search-rules.ts';

const jose = { name: 'José Ángel Martínez', email: 'j.martinez@example.org' };
const finds = (text: string) => readWanted(text)?.matches(jose);

test.each([
  'jose',
  'ÁNGEL',
  'martinez jose',
  '  j.mart  ',
  'mart @example.org',
  '@EXAMPLE',
  'j.martinez@ex',
  'J.Martinez@example.org',
  'Jose\u0301',
  'ＪＯＳＥ',
])('"%s" finds José Ángel', (text) => {
  expect(finds(text)).toBe(true);
});

test.each(['josef', 'ose', 'jose nobody', 'mart%', 'j_martinez', 'jose\u0000', '@xample', 'martinez@', '@@'])(
  '"%s" does not',
  (text) => {
    expect(finds(text)).toBe(false);
  },
);

test('the longest word that an index knows is asked for; the end of an address is none', () => {
  expect(readWanted('jo Martínez @example.org')?.driver).toEqual({ kind: 'word', prefix: 'martinez' });
  expect(readWanted('jose j.martinez@e')?.driver).toEqual({ kind: 'address', prefix: 'j.martinez@e' });
  expect(readWanted('@example.org')?.driver).toBeNull();
  expect(readWanted('  ')).toBeNull();
});
