import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { type App, createApp } from '../../src/app.ts';
import { readConfig } from '../../src/config.ts';
import { createLog } from '../../src/kit/log.ts';
import { createPasswordHasher } from '../../src/kit/password-hash.ts';
import { systemRandom } from '../../src/kit/random.ts';
import {
  answerRecovery,
  answerTotp,
  halfSignedIn,
  planted,
  someEmail,
  wrongCode,
} from '../kit/attack-kit.ts';
import { Browser } from '../kit/browser.ts';
import { ManualClock } from '../kit/clock.ts';
import type { House } from '../kit/house.ts';
import { appCode } from '../kit/people.ts';

/** A house whose log is read, at its most talkative. */
async function talkativeHouse(): Promise<{ house: House; app: App; lines: string[]; folder: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-log-'));
  const lines: string[] = [];
  const clock = new ManualClock();
  const log = createLog('trace', { write: (line: string) => lines.push(line) });
  const app = await createApp(readConfig({ DATA_DIR: folder, LOG_LEVEL: 'trace' }), log, {
    clock,
    hasher: createPasswordHasher({ m: 64, t: 1, p: 1 }, systemRandom),
    database: { durable: false },
  });
  await app.server.ready();
  const house = { app, clock, browser: () => new Browser(app.server) } as unknown as House;
  return { house, app, lines, folder };
}

test('R76: the log holds no password, code, token, cookie, secret or address, not even when something breaks', async () => {
  const { house, app, lines, folder } = await talkativeHouse();
  try {
    const canaries: string[] = [];
    const password = 'canary-copper-walrus-42';
    const { person, secret, codes } = await planted(house, { email: someEmail('canary'), password });
    const half = await halfSignedIn(house, person);
    const wrong = wrongCode(house, secret);
    await answerTotp(half, wrong);
    await answerTotp(half, appCode(house, secret));
    await half.post('/account/password', {
      current_password: password,
      new_password: 'canary-brisk-heron-77',
    });
    await half.get(`/reset-password?token=${'canarytoken'.repeat(4)}`);
    await half.post('/forgot-password', { email: person.email });
    const recovering = await halfSignedIn(house, { ...person, password: 'canary-brisk-heron-77' });
    // Now everything that can go wrong inside goes wrong.
    const { db } = app.database;
    await sql
      .raw(`create trigger no_mail before insert on outbox begin
      select raise(abort, 'canarysql refused'); end`)
      .execute(db);
    const faults = [
      await answerRecovery(recovering, codes[0] as string),
      await half.post('/account/email', { email: 'canary.new@example.org' }),
      await half.post('/account/security/disable', { password: 'canary-brisk-heron-77' }),
    ];
    for (const { status, body } of faults) {
      expect(status).toBe(500);
      expect(body).not.toContain('canary');
    }
    await app.deps.outbox.flush();
    app.deps.log.error(
      { password, token: 'canary-token', deep: { cookie: 'canary-cookie', code: '424242' } },
      'careless',
    );
    canaries.push(
      password,
      'canary',
      wrong,
      secret,
      person.email,
      ...codes,
      ...half.cookies.values(),
      ...recovering.cookies.values(),
    );
    const text = lines.join('\n');
    expect(lines.length).toBeGreaterThanOrEqual(4);
    expect(text).toContain('fault');
    const found = canaries.filter(
      (canary) => canary.length > 5 && text.replaceAll('canarysql refused', '').includes(canary),
    );
    expect(found).toEqual([]);
    expect(text).not.toContain('424242');
  } finally {
    await app.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

test('R76/R83: a request id tells the log line to whoever reports a fault, and is no secret', async () => {
  const { house, app, lines, folder } = await talkativeHouse();
  try {
    const { person } = await planted(house);
    const half = await halfSignedIn(house, person);
    await app.database.db.schema.dropTable('guess_budget').execute();
    const fault = await half.post('/sign-in/factor/totp', { code: '123456' });
    const id = /[0-9a-f]{32}/.exec(fault.body.replace(/nonce="[^"]*"/g, ''))?.[0];
    expect(id).toBeDefined();
    expect(lines.some((line) => line.includes(id as string))).toBe(true);
    for (const line of lines) expect(() => JSON.parse(line)).not.toThrow();
  } finally {
    await app.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

test('R76: at `debug` a line tells of each request by its route; what stood in the address is nowhere', async () => {
  const { app, lines, folder } = await talkativeHouse();
  try {
    const browser = new Browser(app.server);
    await browser.get('/reset-password?token=canarytoken');
    await browser.get('/store/canaryapp?q=canaryquery');
    await browser.get('/canarypath');
    const told = lines.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'answered');
    expect(told.map(({ method, route, level }) => ({ method, route, level }))).toEqual([
      { method: 'GET', route: '/reset-password', level: 'debug' },
      { method: 'GET', route: '/store/:app', level: 'debug' },
      { method: 'GET', route: null, level: 'debug' },
    ]);
    expect(told.map(({ status }) => status)).toEqual([422, 303, 404]);
    for (const { requestId, ms } of told) {
      expect(requestId).toMatch(/^[0-9a-f]{32}$/);
      expect(ms).toBeGreaterThanOrEqual(0);
    }
    expect(lines.join('\n')).not.toContain('canary');
  } finally {
    await app.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

test('R83: whoever goes away in the middle of a form is no fault of ours', async () => {
  const { app, lines, folder } = await talkativeHouse();
  try {
    await app.server.listen({ port: 0, host: '127.0.0.1' });
    const { port } = app.server.server.address() as AddressInfo;
    const socket = connect(port, '127.0.0.1');
    const form = 'content-type: application/x-www-form-urlencoded\r\ncontent-length: 50';
    socket.write(`POST /sign-in HTTP/1.1\r\nhost: localhost\r\n${form}\r\n\r\nemail=a`);
    const asked = new Promise((resolve) => app.server.server.once('request', resolve));
    await asked;
    socket.destroy();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(lines.filter((line) => line.includes('"fault"'))).toEqual([]);
  } finally {
    await app.close();
    rmSync(folder, { recursive: true });
  }
});
