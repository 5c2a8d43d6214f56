import { expect, test } from 'vitest';
import { searchWords } from './search-words.ts';

test.each([
  ['José Ángel Martínez', ['jose', 'angel', 'martinez']],
  ['Jean-Luc O’Brien', ['jean-luc', 'jean', 'luc', 'o’brien', 'o', 'brien']],
  ['j.martinez+shop', ['j.martinez+shop', 'j', 'martinez', 'shop']],
  ['ＪＯＳＥ jose', ['jose']],
  ['山田 太郎', ['山田', '太郎']],
  [' .. ', ['..']],
  ['', []],
])('"%s" is found by %j', (text, words) => {
  expect(searchWords(text)).toEqual(words);
});

test('neither a long word nor many words fill an index', () => {
  expect(searchWords('x'.repeat(500))).toEqual(['x'.repeat(64)]);
  expect(searchWords('🔑'.repeat(500))).toEqual(['🔑'.repeat(64)]);
  expect(searchWords(Array.from({ length: 99 }, (_, n) => `w${n}`).join(' '))).toHaveLength(16);
});
