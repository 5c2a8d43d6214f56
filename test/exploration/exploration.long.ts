import { afterAll, expect, test } from 'vitest';
import { enrolAnn, forSequences, line, withKeys } from './stories.ts';
import { type Walked, walkAll, walkSequences } from './walk.ts';
import { Walker } from './walker.ts';

const HOUR = 60 * 60_000;
const table: ReturnType<typeof line>[] = [];
afterAll(() => console.table(table));

async function walked(
  name: string,
  walk: (walker: Walker) => Promise<Walked>,
  over?: 'http',
): Promise<Walked> {
  const walker = await Walker.open(over);
  try {
    const found = await walk(walker);
    table.push(line(name, found));
    expect(found.complaints).toEqual([]);
    expect(found.complete).toBe(true);
    return found;
  } finally {
    await walker.close();
  }
}

test('R29/R31: one browser, one person, with keys, passkeys and trust: to the fixpoint', {
  timeout: HOUR,
}, async () => {
  const { tried } = await walked('1 x 1 with keys', (walker) => walkAll(walker, withKeys([0], ['ann'])));
  expect([...tried].filter(([, times]) => times === 0)).toEqual([]);
});

test('R29/R31: two browsers, two people, with keys, passkeys and trust: to the fixpoint', {
  timeout: 6 * HOUR,
}, async () => {
  const { tried } = await walked('2 x 2 with keys', (walker) =>
    walkAll(walker, withKeys([0, 1], ['ann', 'bob']), { tell: true }),
  );
  expect([...tried].filter(([, times]) => times === 0)).toEqual([]);
});

test('R29/R31: two browsers, two people, over HTTP: every sequence of four actions', {
  timeout: 6 * HOUR,
}, async () => {
  await walked(
    'sequences of 4 over HTTP',
    async (walker) => {
      await enrolAnn(walker);
      return walkSequences(walker, forSequences(), 4);
    },
    'http',
  );
});
