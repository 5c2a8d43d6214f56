import { expect, test } from 'vitest';
import { hotp, stepAt } from '../../src/factors/totp/rules.ts';
import { fromBase32 } from '../../src/kit/encoding.ts';
import { operate } from '../cli/operator.ts';
import { HttpClient } from '../kit/http-client.ts';
import { PASSWORD, readEnrolment } from '../kit/people.ts';
import { judgeTrace, startTraced } from './synced.ts';

const ARGON2 = 'm=64,t=1,p=1';

test.runIf(process.platform === 'linux')(
  'R81: each answer that acknowledges a write goes out after the sync of the write',
  {
    timeout: 120_000,
  },
  async () => {
    const server = await startTraced({ ARGON2 });
    const email = 'ann@example.org';
    const args = ['account', 'create', '--email', email, '--name', 'Ann', '--password-stdin'];
    const made = await operate({ DATA_DIR: server.dataDir, ARGON2 }, args, `${PASSWORD}\n`);
    expect([made.code, made.stderr]).toEqual([0, '']);

    const client = new HttpClient(server.url);
    const sent: number[] = [];
    const send = async (path: string, fields: Record<string, string>) => {
      const { status, body } = await client.post(path, fields);
      sent.push(status);
      if (status !== 303) throw new Error(`${path} answered ${status}: ${body.slice(0, 300)}`);
    };
    await send('/sign-in', { email, password: PASSWORD });
    const { secret, codes } = readEnrolment((await client.get('/account/security/totp')).body);
    const code = (later: number) => hotp(fromBase32(secret) as Buffer, stepAt(Date.now()) + later);
    await send('/account/security/totp', { code: code(-1) });
    await send('/account', { name: 'Ann Other' });
    await send('/account/password', { current_password: PASSWORD, new_password: 'brisk-teal-heron-77' });
    await send('/sign-out', {});
    await send('/sign-in', { email, password: 'brisk-teal-heron-77' });
    await send('/sign-in/factor/totp', { code: code(1) });
    await send('/sign-in', { email, password: 'brisk-teal-heron-77' });
    await send('/sign-in/factor/recovery-code', { code: codes[0] as string });
    await send('/account/security/disable', { password: 'brisk-teal-heron-77' });

    const judged = judgeTrace(await server.stop());
    expect(judged.unsynced).toEqual([]);
    expect(judged.answers).toBe(sent.length);
    // None was answered before anything was written.
    expect(judged.writing).toBe(sent.length);
  },
);

test('the proof sees an answer that was faster than the disk', () => {
  const wal = '7 pwrite64(22</data/countersign.db-wal>, "x", 4096, 0) = 4096';
  const sync = '7 fdatasync(22</data/countersign.db-wal>) = 0';
  const answer =
    '7 writev(30<socket:[1]>, [{iov_base="HTTP/1.1 303 See Other\\r\\n", iov_len=900}], 1) = 900';
  expect(judgeTrace([wal, sync, answer])).toEqual({ answers: 1, writing: 1, unsynced: [] });
  expect(judgeTrace([wal, answer, sync]).unsynced).toHaveLength(1);
  expect(judgeTrace([wal, sync, wal, answer]).unsynced).toHaveLength(1);
  const [begun, ended] = [
    '7 fdatasync(22</data/countersign.db-wal> <unfinished ...>',
    '7 <... fdatasync resumed>) = 0',
  ];
  expect(judgeTrace([wal, begun, '8 write(1<pipe:[2]>, "x", 1) = 1', ended, answer]).unsynced).toEqual([]);
  expect(judgeTrace([wal, begun, answer.replace('7 ', '8 '), ended]).unsynced).toHaveLength(1);
});
