import { expect, test } from 'vitest';
import { whileUnchanged } from './while-unchanged.ts';

/** A read that counts how often it was made, and a version that the test moves. */
function stage(most = 10) {
  let version: number | null = 1;
  let reads = 0;
  const ask = whileUnchanged<number | null>({ version: () => version }, most);
  return {
    ask: (key: string, during = () => {}) =>
      ask(key, async () => {
        reads++;
        during();
        return reads;
      }),
    move: (to: number | null) => {
      version = to;
    },
  };
}

test('the same is read once until something is committed', async () => {
  const { ask, move } = stage();
  expect(await ask('a')).toBe(1);
  expect(await ask('a')).toBe(1);
  expect(await ask('b')).toBe(2);
  move(2);
  expect(await ask('a')).toBe(3);
});

test('what was read while somebody committed serves nobody else', async () => {
  const { ask, move } = stage();
  expect(await ask('a', () => move(2))).toBe(1);
  move(1);
  expect(await ask('a')).toBe(2);
});

test('where the engine cannot tell, everything is read each time', async () => {
  const { ask, move } = stage();
  move(null);
  expect([await ask('a'), await ask('a')]).toEqual([1, 2]);
});

test('no more is remembered than was said', async () => {
  const { ask } = stage(2);
  for (const key of ['a', 'b', 'c', 'a']) await ask(key);
  expect(await ask('a')).toBe(4);
});
