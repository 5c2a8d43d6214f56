import { expect, test } from 'vitest';
import { en } from './refusals.en.ts';
import { es } from './refusals.es.ts';

test('a wait of one second is told in the singular', () => {
  const seconds = [0, 1, 2];
  const told = (words: typeof en | typeof es) =>
    seconds.map((retryAfter) => / (\d+ \w+)\./.exec(words.refusals.too_many_attempts({ retryAfter }))?.[1]);
  expect(told(en)).toEqual(['1 second', '1 second', '2 seconds']);
  expect(told(es)).toEqual(['1 segundo', '1 segundo', '2 segundos']);
});
