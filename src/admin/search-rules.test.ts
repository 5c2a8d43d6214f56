import { expect, test } from 'vitest';
import { matcher } from './search-rules.ts';

const jose = { name: 'José Ángel Martínez', email: 'j.martinez@example.org' };

test.each(['jose', 'ÁNGEL', 'martinez jose', '  j.mart  ', 'example.org angel', 'Jose\u0301', ''])(
  '"%s" finds José Ángel',
  (text) => {
    expect(matcher(text)(jose)).toBe(true);
  },
);

test.each(['josef', 'jose nobody', 'mart%', 'j_martinez', 'jose\u0000'])('"%s" does not', (text) => {
  expect(matcher(text)(jose)).toBe(false);
});

test('no word is found across the end of the name', () => {
  expect(matcher('nezj')(jose)).toBe(false);
});

test('full-width letters are the letters that they look like', () => {
  expect(matcher('ＪＯＳＥ')(jose)).toBe(true);
});
