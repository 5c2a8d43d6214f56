import { join } from 'node:path';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { hotp, stepAt } from '../../src/factors/totp/rules.ts';
import { fromBase32 } from '../../src/kit/encoding.ts';
import { operate } from '../cli/operator.ts';
import { ENGINES } from '../kit/house.ts';
import { HttpClient } from '../kit/http-client.ts';
import { PASSWORD, readEnrolment } from '../kit/people.ts';
import { createDatabase } from '../kit/postgres.ts';
import { type ServerProcess, startServer } from '../kit/server-process.ts';

const ANN = { email: 'ann@example.org', password: PASSWORD };

describe.each(ENGINES)('R82: a restore beside a server that runs, on %s', (engine) => {
  let server: ServerProcess;
  let drop = async () => {};
  afterEach(async () => {
    await server?.remove();
    await drop();
  });

  test('everybody is signed out, what was spent stays spent, and the server goes on', async () => {
    const database = engine === 'postgres' ? await createDatabase(inject('postgresUrl')) : null;
    if (database) drop = database.drop;
    const more = { SUPPORT_EMAIL: 'help@example.org', ...(database && { DATABASE_URL: database.url }) };
    server = await startServer(more);
    const env = { ...more, PORT: String(server.port), DATA_DIR: server.dataDir };
    const done = async (args: string[], stdin = '') => {
      const { code, stdout, stderr } = await operate(env, [...args, '--json'], stdin);
      expect([code, stderr]).toEqual([0, '']);
      return JSON.parse(stdout) as Record<string, unknown>;
    };
    await done(['account', 'create', '--email', ANN.email, '--name', 'Ann', '--password-stdin'], PASSWORD);
    const half = async () => {
      const client = new HttpClient(server.url);
      expect((await client.post('/sign-in', ANN)).status).toBe(303);
      return client;
    };
    const first = await half();
    const { secret, codes } = readEnrolment((await first.get('/account/security/totp')).body);
    const codeAt = (steps: number) => hotp(fromBase32(secret) as Buffer, stepAt(Date.now()) + steps);
    await first.submit('/account/security/totp', { code: codeAt(-1) });
    const file = join(server.dataDir, 'before.backup');
    await done(['backup', file]);

    const spent = codeAt(0);
    const [second, third] = [await half(), await half()];
    expect((await second.post('/sign-in/factor/totp', { code: spent })).status).toBe(303);
    const [recovery = ''] = codes;
    expect((await third.post('/sign-in/factor/recovery-code', { code: recovery })).status).toBe(303);

    const restored = await done(['restore', file]);
    expect(restored).toMatchObject({ replaced: expect.stringContaining('.backup'), lost_codes: 1 });
    for (const client of [first, second, third]) expect((await client.get('/account')).status).toBe(303);
    const again = await half();
    expect((await again.post('/sign-in/factor/totp', { code: spent })).status).toBe(422);
    expect((await again.post('/sign-in/factor/recovery-code', { code: recovery })).status).toBe(422);
    // Of the window, the step that comes next is left.
    expect((await again.post('/sign-in/factor/totp', { code: codeAt(1) })).status).toBe(303);
    expect((await again.get('/account')).status).toBe(200);
    expect(await done(['audit', 'verify'])).toMatchObject({ ok: true });
  });
});
