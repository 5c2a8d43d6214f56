import { expect, test } from 'vitest';
import { normalizeCode } from './typed-code.ts';

test.each([
  ['123456', '123456'],
  [' 123 456 ', '123456'],
  ['123-456', '123456'],
  ['123\u202f456', '123456'],
  ['123\u2013456', '123456'],
  ['\u200b123\u2009456', '123456'],
  ['12345', null],
  ['1234567', null],
  ['１２３４５６', null],
  ['1e5', null],
  ['', null],
  ['12345a', null],
  ['123\n456', null],
])('typed %j is read as %j', (typed, code) => {
  expect(normalizeCode(typed)).toBe(code);
});
