import { expect, test } from 'vitest';
import { sideBySide } from './side-by-side.ts';

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

/** Reads, waits for the others, then takes two steps, as a request does. */
async function serve(name: string, told: string[]): Promise<void> {
  told.push(`${name} read`);
  await sideBySide();
  told.push(`${name} begun`);
  await null;
  told.push(`${name} done`);
}

test('what came in together is read first, and then served step by step together', async () => {
  const told: string[] = [];
  await Promise.all([serve('a', told), serve('b', told)]);
  expect(told).toEqual(['a read', 'b read', 'a begun', 'b begun', 'a done', 'b done']);
});

test('who comes in the next turn waits for that one alone', async () => {
  const told: string[] = [];
  const first = serve('a', told);
  await nextTurn();
  const second = serve('b', told);
  await first;
  expect(told).toEqual(['a read', 'a begun', 'a done', 'b read']);
  await second;
  expect(told.slice(4)).toEqual(['b begun', 'b done']);
});
