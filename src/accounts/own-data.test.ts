import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import type { Deps } from '../deps.ts';
import type { Account } from './account.ts';
import { gatherOwnData, type OwnData, ownDataFile } from './own-data.ts';

const DEPS = { config: { baseUrl: 'https://id.example.org' } } as Deps;
const AT = Date.parse('2026-05-03T10:00:05.000Z');

async function fileOf(parts: readonly OwnData[]): Promise<Readable> {
  const { body } = ownDataFile(DEPS, AT, await gatherOwnData(DEPS, parts, {} as Account));
  if (!(body instanceof Readable)) throw new Error('the file lies in memory as a whole');
  return body;
}

const listed = (name: string, ...pages: readonly (readonly unknown[])[]): OwnData => ({
  name,
  async *pages() {
    yield* pages;
  },
});

test('the file is JSON as it would be written in one piece', async () => {
  const account = { name: 'Ann\n"Example"', roles: [], groups: [{ name: 'Staff' }], locale: null };
  const file = await fileOf([
    { name: 'account', read: async () => account },
    listed('activity', [{ at: 1, detail: {} }, { at: 2 }], [], [{ at: 3, detail: { reason: 'a\nb' } }]),
    listed('nothing', []),
    { name: 'sessions', read: async () => [] },
  ]);
  const whole = {
    made_at: '2026-05-03T10:00:05.000Z',
    server: 'https://id.example.org',
    account,
    activity: [{ at: 1, detail: {} }, { at: 2 }, { at: 3, detail: { reason: 'a\nb' } }],
    nothing: [],
    sessions: [],
  };
  expect((await file.toArray()).join('')).toBe(`${JSON.stringify(whole, null, 2)}\n`);
});

test('R83: of somebody’s hundred thousand records no more is read than whoever asked takes', async () => {
  let read = 0;
  const file = await fileOf([
    {
      name: 'activity',
      async *pages() {
        for (; read < 1_000; read++) yield [{ detail: 'x'.repeat(100_000) }];
      },
    },
  ]);
  for await (const _piece of file) break;
  expect(read).toBeLessThan(10);
});
