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

test('words and the beginning of an address are what an index knows; the end of an address is not', () => {
  const words = ['jo', 'martinez'];
  expect(readWanted('jo Martínez @example.org')).toMatchObject({ address: null, words, single: false });
  expect(readWanted('j.martinez@e')).toMatchObject({ address: 'j.martinez@e', words: [], single: true });
  expect(readWanted('@example.org')).toMatchObject({ address: null, words: [], single: false });
  expect(readWanted('  ')).toBeNull();
});
