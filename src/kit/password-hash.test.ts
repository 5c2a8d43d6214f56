import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { createPasswordHasher } from './password-hash.ts';

const cores = availableParallelism();

/** In a process of its own, because a pool of threads keeps the size with which it began. Prints how many hashes were done. */
const HASHES_AND_A_FILE = `
  import { stat } from 'node:fs/promises';
  const { createPasswordHasher } = await import(${JSON.stringify(new URL('./password-hash.ts', import.meta.url).href)});
  const { systemRandom } = await import(${JSON.stringify(new URL('./random.ts', import.meta.url).href)});
  const hasher = createPasswordHasher({ m: 19456, t: 2, p: 1 }, systemRandom);
  await hasher.hash('the first');
  let done = 0;
  const all = Array.from({ length: 60 }, async () => { await hasher.hash('one of many'); done++; });
  await new Promise((resolve) => setTimeout(resolve, 20));
  const before = done;
  const backlog = hasher.backlog();
  await stat(process.execPath);
  console.log(JSON.stringify({ during: done - before, backlog, left: 60 - done }));
  await Promise.all(all);
  console.log(JSON.stringify(hasher.backlog()));`;

test('R3: where hashes have all the threads of the pool and queue, a file waits for about one of them', async () => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '--eval', HASHES_AND_A_FILE],
    { env: { ...process.env, UV_THREADPOOL_SIZE: String(cores) } },
  );
  const [busy, idle] = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(busy.left).toBeGreaterThan(cores);
  // It waits for one of those that run; the rest is what the event loop had not heard of yet.
  expect(busy.during).toBeLessThanOrEqual(3 * cores);
  expect(busy.backlog).toBeGreaterThan(0);
  expect(idle).toBe(0);
});

test('R55: checking where there is no password takes one hash, the first time too', async () => {
  const bytes = () => {
    throw new Error('nothing new is hashed');
  };
  const hasher = createPasswordHasher({ m: 64, t: 1, p: 1 }, { bytes });
  expect(await hasher.verify(null, 'whatever they type')).toBe(false);
});
