import { PassThrough, Readable } from 'node:stream';
import { expect, test } from 'vitest';
import type { Entitled } from '../builds/open-download.ts';
import type { BuildDeps } from '../builds/publisher.ts';
import type { Visit } from '../web/visit.ts';
import { serveBuild } from './serve-build.ts';

test('a file that was opened and is not sent after all is closed', async () => {
  const file = Readable.from([Buffer.from('notes')]);
  const deps = {
    files: { read: async () => file },
    database: { transaction: () => Promise.reject(new Error('away')) },
  } as unknown as BuildDeps;
  const build = { id: 'b1', size: 5, sha256: 'x', format: 'apk', file_name: 'notes.apk' };
  const entitled = { build } as unknown as Entitled;
  const sending = serveBuild(deps, { now: 0 } as Visit, { pseudonym: 'p' }, entitled, {
    method: 'GET',
    headers: {},
  });
  await expect(sending).rejects.toThrow('away');
  await new Promise(setImmediate);
  expect(file.destroyed).toBe(true);
});

test('R83: one person holds so many files open at once and no more, until one is read to its end or let go', async () => {
  const deps = {
    files: { read: async () => new PassThrough() },
    database: { transaction: async () => {} },
  } as unknown as BuildDeps;
  const build = { id: 'b1', size: 5, sha256: 'x', format: 'apk', file_name: 'notes.apk' };
  const ask = (pseudonym: string, method = 'GET') =>
    serveBuild(deps, { now: 0 } as Visit, { pseudonym }, { build } as unknown as Entitled, {
      method,
      headers: { range: 'bytes=1-2' },
    });
  const held: Readable[] = [];
  const more = async () => held.push((await ask('ann')).body as Readable);
  for (let n = 0; n < 32; n++) await more();
  await expect(more()).rejects.toMatchObject({ code: 'too_many_attempts' });
  expect((await ask('bob')).status).toBe(206);
  expect((await ask('ann', 'HEAD')).status).toBe(206);
  held.pop()?.destroy();
  await new Promise(setImmediate);
  await more();
  await expect(more()).rejects.toMatchObject({ code: 'too_many_attempts' });
});
