import { expect, test } from 'vitest';
import { createLines } from './lines.ts';

test('each person has their turn, however many times another one has asked before', () => {
  const lines = createLines<string>(3);
  for (const item of ['a1', 'a2', 'a3']) expect(lines.join('ann', item)).toBe(true);
  expect(lines.join('ann', 'a4')).toBe(false);
  expect(lines.join('bob', 'b1')).toBe(true);
  expect(lines.join('cem', 'c1')).toBe(true);
  const served = [lines.next(), lines.next()];
  expect(lines.join('bob', 'b2')).toBe(true);
  for (let item = lines.next(); item !== null; item = lines.next()) served.push(item);
  expect(served).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3']);
  expect(lines.next()).toBeNull();
});

test('whoever is sent away waits no more', () => {
  const lines = createLines<string>(3);
  lines.join('ann', 'a1');
  lines.join('bob', 'b1');
  expect(lines.clear()).toEqual(['a1', 'b1']);
  expect(lines.next()).toBeNull();
});
