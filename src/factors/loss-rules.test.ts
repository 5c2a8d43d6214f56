import { expect, test } from 'vitest';
import { lossesOf, outcomeOf } from './loss-rules.ts';

const app = { id: 'app', carrier: 'phone' };
const text = { id: 'text', carrier: 'phone' };
const key = { id: 'key', carrier: 'key' };
const synced = { id: 'synced', carrier: null };

test('app and text messages go with the phone; a key is a thing of its own', () => {
  expect(lossesOf([app, text, key])).toEqual([
    { carrier: 'phone', gone: ['app', 'text'], left: ['key'] },
    { carrier: 'key', gone: ['key'], left: ['app', 'text'] },
  ]);
});

test('what lives in a cloud is lost with nothing, and is left after every loss', () => {
  expect(lossesOf([synced])).toEqual([]);
  expect(lossesOf([app, synced])).toEqual([{ carrier: 'phone', gone: ['app'], left: ['synced'] }]);
});

test.each([
  [[app, key], 0, 'other'],
  [[app, text], 10, 'codes'],
  [[app], 1, 'last-code'],
  [[app, text], 0, 'locked-out'],
] as const)('%j with %i codes: %s', (factors, codes, outcome) => {
  expect(outcomeOf(lossesOf(factors)[0]!, codes)).toBe(outcome);
});
