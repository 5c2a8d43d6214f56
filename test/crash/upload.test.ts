import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, statSync, utimesSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hotp, stepAt } from '../../src/factors/totp/rules.ts';
import { fromBase32 } from '../../src/kit/encoding.ts';
import { operate } from '../cli/operator.ts';
import { zipOf } from '../kit/archive.ts';
import { MULTIPART, multipart } from '../kit/builds.ts';
import { HttpClient } from '../kit/http-client.ts';
import { PASSWORD, readEnrolment } from '../kit/people.ts';
import { type ServerProcess, startServer } from '../kit/server-process.ts';

const MIB = 1024 * 1024;
const bytes = zipOf([{ name: 'data', content: randomBytes(12 * MIB) }]);
const email = 'publisher@example.org';

let server: ServerProcess;
let client: HttpClient;
beforeAll(async () => {
  server = await startServer();
  const args = [
    'account',
    'create',
    '--email',
    email,
    '--name',
    'Pia',
    '--role',
    'publisher',
    '--password-stdin',
  ];
  const made = await operate({ DATA_DIR: server.dataDir }, args, PASSWORD);
  expect(made.stderr).toBe('');
  client = new HttpClient(server.url);
  await client.post('/sign-in', { email, password: PASSWORD });
  const { secret } = readEnrolment((await client.get('/account/security/totp')).body);
  const code = hotp(fromBase32(secret) as Buffer, stepAt(Date.now()));
  await client.post('/account/security/totp', { code });
  await client.submit('/store/manage/new', { name: 'Notes', slug: 'notes', description: '' });
}, 120_000);
afterAll(() => server.remove());

const folder = () => join(server.dataDir, 'builds');
const kept = () => readdirSync(folder()).filter((name) => name !== 'incoming');
const incoming = () => readdirSync(join(folder(), 'incoming'));

function rows(): { id: string; version: string; sha256: string }[] {
  const database = new DatabaseSync(`${server.dataDir}/countersign.db`, { readOnly: true });
  const found = database.prepare('select id, version, sha256 from build').all();
  database.close();
  return found as ReturnType<typeof rows>;
}

/** Sends as fast as it is taken. -> the status; 0 where the connection broke */
function upload(version: string, onSent: (sent: number) => void): Promise<number> {
  const body = multipart({ version }, { name: 'notes.zip', bytes });
  const cookie = [...client.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const headers = { 'content-type': MULTIPART, 'content-length': body.length, cookie, origin: server.url };
  return new Promise((resolve) => {
    const sending = request(
      `${server.url}/store/manage/notes/upload`,
      { method: 'POST', headers },
      (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      },
    );
    sending.on('error', () => resolve(0));
    let sent = 0;
    const more = (): void => {
      while (sent < body.length) {
        const piece = body.subarray(sent, sent + MIB);
        sent += piece.length;
        onSent(sent);
        if (!sending.write(piece)) return void sending.once('drain', more);
      }
      sending.end();
    };
    more();
  });
}

test('A60: an upload cut off by SIGKILL leaves no build; what it left is swept; the next one is whole', {
  timeout: 180_000,
}, async () => {
  // In the middle of the bytes; right behind the last one, while the file is looked at and kept; after the answer.
  for (const [round, moment] of [6, 13, 'answered'].entries()) {
    let kill: Promise<void> | undefined;
    const sending = upload(`1.${round}`, (sent) => {
      if (typeof moment === 'number' && sent >= Math.min(moment * MIB, bytes.length))
        kill ??= sleep(moment === 6 ? 0 : 30).then(() => server.kill());
    });
    const status = await sending;
    await (kill ?? server.kill());
    const listed = rows();
    if (moment === 6) expect([status, listed]).toEqual([0, []]);
    if (moment === 'answered')
      expect([status, listed.map(({ version }) => version)]).toEqual([303, expect.arrayContaining(['1.2'])]);
    // Whatever is listed is there in whole: the row comes last.
    for (const { id } of listed) expect(statSync(join(folder(), id)).size).toBe(bytes.length);
    server = await server.restart();
  }
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const listed = rows();
  expect(new Set(listed.map((row) => row.sha256))).toEqual(new Set([sha256]));
  for (const { id } of listed) {
    const answer = await fetch(`${server.url}/store/notes/builds/${id}/download`, {
      headers: { cookie: [...client.cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
    });
    const got = Buffer.from(await answer.arrayBuffer());
    expect(createHash('sha256').update(got).digest('hex')).toBe(sha256);
  }

  // The upkeep at the next start, hours later.
  const left = [
    ...incoming().map((name) => join(folder(), 'incoming', name)),
    ...kept().map((name) => join(folder(), name)),
  ];
  const old = Date.now() / 1000 - 7 * 3600;
  for (const path of left) utimesSync(path, old, old);
  await server.kill();
  server = await server.restart();
  for (let tries = 0; tries < 200 && incoming().length > 0; tries++) await sleep(50);
  expect(incoming()).toEqual([]);
  expect(kept().sort()).toEqual(listed.map(({ id }) => id).sort());
});
