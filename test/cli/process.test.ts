import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { openDatabase } from '../../src/database/open.ts';
import type { MailboxEntry } from '../../src/delivery/mailbox.ts';
import { HttpClient } from '../kit/http-client.ts';
import { type ServerProcess, startServer } from '../kit/server-process.ts';
import { type Smtp, startSmtp } from '../kit/smtp.ts';

// The command as its own process, as an operator types it.

// On a machine that does other things besides, a dozen processes take their time.
vi.setConfig({ testTimeout: 120_000 });

const ENTRY = new URL('../../scripts/countersign.js', import.meta.url).pathname;

const SURROUNDINGS = { PATH: process.env.PATH ?? '' };

async function countersign(env: Record<string, string>, args: readonly string[], stdin = '') {
  const start = performance.now();
  const child = spawn(process.execPath, [ENTRY, ...args], {
    env: { ...SURROUNDINGS, ...env },
  });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  child.stdin.on('error', () => {});
  child.stdin.end(stdin);
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, stdout, stderr, ms: performance.now() - start };
}

describe('beside a running server, on the same SQLite file', () => {
  let server: ServerProcess;
  let env: Record<string, string>;
  beforeAll(async () => {
    server = await startServer();
    env = { DATA_DIR: server.dataDir, BASE_URL: server.url, LOG_LEVEL: 'trace' };
  });
  afterAll(() => server.remove());

  const PASSWORD = 'quiet-lemon-harbour-77';

  test('the server sees at once what a command did, and a command what the server did', async () => {
    const args = [
      'account',
      'create',
      '--email',
      'ann@example.org',
      '--name',
      'Ann',
      '--password-stdin',
      '--json',
    ];
    const made = await countersign(env, args, `${PASSWORD}\n`);
    expect([made.code, made.stderr]).toEqual([0, '']);
    expect(JSON.parse(made.stdout)).toMatchObject({ email: 'ann@example.org', invitation: null });

    const ann = new HttpClient(server.url);
    expect((await ann.post('/sign-in', { email: 'ann@example.org', password: PASSWORD })).status).toBe(303);
    expect((await ann.get('/account')).status).toBe(200);
    const shown = await countersign(env, ['account', 'show', 'ann@example.org', '--json']);
    expect(JSON.parse(shown.stdout)).toMatchObject({ sessions: 1 });
    expect((await countersign(env, ['account', 'suspend', 'ann@example.org'])).code).toBe(0);
    expect((await ann.get('/account')).status).toBe(303);
  });

  test('while the server writes, many commands at once all do their work', async () => {
    let busy = true;
    const stranger = new HttpClient(server.url);
    const writing = (async () => {
      for (let index = 0; busy; index++)
        await stranger.post('/forgot-password', { email: `x${index}@example.org` });
    })();
    const names = Array.from({ length: 4 }, (_one, index) => `many${index}@example.org`);
    const done = await Promise.all(
      names.map((email) =>
        countersign(env, ['account', 'create', '--email', email, '--name', 'M', '--json']),
      ),
    );
    busy = false;
    await writing;
    expect(done.map(({ code, stderr }) => [code, stderr])).toEqual(names.map(() => [0, '']));
    const mails = (await (await fetch(`${server.url}/mailbox?format=json`)).json()) as MailboxEntry[];
    for (const [index, email] of names.entries()) {
      const theirs = mails.filter(({ to }) => to === email);
      expect(theirs).toHaveLength(1);
      expect(theirs[0]?.text).toContain(JSON.parse(done[index]?.stdout ?? '').invitation);
    }
    expect((await countersign(env, ['audit', 'verify'])).code).toBe(0);
    expect(server.output()).not.toContain('"level":"error"');
  });

  test('a reader that goes away ends the command without a word', async () => {
    const command = `"${process.execPath}" "${ENTRY}" audit export --since 0 | head -c 10`;
    const child = spawn('sh', ['-c', command], { env: { ...SURROUNDINGS, ...env } });
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
    expect([stdout, stderr]).toEqual(['{"seq":1,"', '']);
  });
});

describe('where no server runs', () => {
  let folder: string;
  let smtp: Smtp | null = null;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'countersign-alone-'));
  });
  afterEach(async () => {
    await smtp?.stop();
    smtp = null;
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const envWith = ({ url }: Smtp) => ({ DATA_DIR: folder, SMTP_URL: url, SUPPORT_EMAIL: 'help@example.org' });
  const create = (email: string) => ['account', 'create', '--email', email, '--name', 'Ann', '--json'];

  test('the first commands at once, before any start: one database, one key ring', async () => {
    const data = join(folder, 'first');
    const names = Array.from({ length: 4 }, (_one, index) => `first${index}@example.org`);
    const done = await Promise.all(names.map((email) => countersign({ DATA_DIR: data }, create(email))));
    expect(done.map(({ code, stderr }) => [code, stderr])).toEqual(names.map(() => [0, '']));
    const { stdout } = await countersign({ DATA_DIR: data }, ['account', 'list', '--json']);
    expect(stdout.split('\n').filter(Boolean)).toHaveLength(4);
  });

  test('the command delivers its mail before it ends', async () => {
    smtp = await startSmtp();
    const { code, stdout, stderr } = await countersign(envWith(smtp), create('ann@example.org'));
    expect([code, stderr]).toEqual([0, '']);
    expect(smtp.received).toHaveLength(1);
    expect(smtp.received[0]?.text).toContain(JSON.parse(stdout).invitation);
  });

  test('a mail server that hangs holds nobody up for long; the mail waits for the next process', async () => {
    smtp = await startSmtp();
    smtp.mode = 'hang';
    const env = envWith(smtp);
    const held = await countersign(env, create('bob@example.org').slice(0, -1));
    expect(held.code).toBe(0);
    expect(held.stdout).toContain('/invitation?token=');
    expect(held.stderr).toContain('A mail could not be delivered yet');
    expect(held.ms).toBeLessThan(15_000);

    smtp.mode = 'accept';
    // The next try is due in 5 seconds; the test won't wait.
    const database = openDatabase(`sqlite:${join(folder, 'countersign.db')}`);
    await database.db.updateTable('outbox').set({ due_at: 0 }).where('sent_at', 'is', null).execute();
    await database.close();
    await countersign(env, create('cyd@example.org'));
    expect(smtp.received.map(({ to }) => [to].flat()[0]?.text).sort()).toEqual([
      expect.stringContaining('bob@example.org'),
      expect.stringContaining('cyd@example.org'),
    ]);
  });

  test('wrong usage, a refusal and success are 2, 1 and 0', async () => {
    const env = { DATA_DIR: join(folder, 'codes') };
    const codes = [];
    for (const args of [['account'], ['account', 'show', 'x@example.org'], ['account', 'list']]) {
      codes.push((await countersign(env, args)).code);
    }
    expect(codes).toEqual([2, 1, 0]);
  });
});
