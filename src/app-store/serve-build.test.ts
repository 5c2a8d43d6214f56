import { Readable } from 'node:stream';
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
