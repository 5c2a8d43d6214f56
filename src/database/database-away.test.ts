import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { isAway } from './database-away.ts';

test('R84: a socket that is not there is the database; a file that is not there is not', async () => {
  const socket = connect('/nowhere/.s.PGSQL.5432');
  const refused = await new Promise((resolve) => socket.once('error', resolve));
  expect(refused).toMatchObject({ code: 'ENOENT' });
  expect(isAway(refused)).toBe(true);
  const missing = await readFile('/nowhere/build').catch((error: unknown) => error);
  expect(missing).toMatchObject({ code: 'ENOENT' });
  expect(isAway(missing)).toBe(false);
});
