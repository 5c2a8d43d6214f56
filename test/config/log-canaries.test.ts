import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type App, createApp } from '../../src/app.ts';
import { readConfig } from '../../src/config.ts';
import { listMailbox } from '../../src/delivery/mailbox.ts';
import { hotp, stepAt } from '../../src/factors/totp/rules.ts';
import { fromBase32 } from '../../src/kit/encoding.ts';
import { createLog } from '../../src/kit/log.ts';
import { Browser } from '../kit/browser.ts';
import { ENGINES, type EngineName } from '../kit/house.ts';
import { readEnrolment } from '../kit/people.ts';
import { createDatabase } from '../kit/postgres.ts';

describe.each(ENGINES)('R76: no secret in the log at its most talkative, on %s', (engine: EngineName) => {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-canaries-'));
  let app: App;
  let output = '';
  let drop = async () => {};
  /** Everything that must not be found, by what it is. */
  const canaries = new Map<string, string>();

  beforeAll(async () => {
    const env: Record<string, string> = { DATA_DIR: folder, LOG_LEVEL: 'trace' };
    if (engine === 'postgres') {
      const database = await createDatabase(inject('postgresUrl'));
      drop = database.drop;
      env.DATABASE_URL = database.url;
    }
    const listener = new Writable({
      write(chunk, _encoding, next) {
        output += String(chunk);
        next();
      },
    });
    const config = readConfig(env);
    app = await createApp(config, createLog(config.logLevel, listener));
    await app.server.ready();
  });
  afterAll(async () => {
    await app.close();
    await drop();
    rmSync(folder, { recursive: true });
  });

  /** A browser whose every cookie is a canary. */
  class Watched extends Browser {
    override async send(...args: Parameters<Browser['send']>) {
      const page = await super.send(...args);
      for (const [name, value] of this.cookies)
        if (name !== 'notice') canaries.set(`cookie ${name} ${value}`, value);
      return page;
    }
  }

  async function linkIn(to: string, path: string): Promise<string> {
    await app.deps.outbox.flush();
    const mail = (await listMailbox(app.deps)).find((one) => one.to === to && one.text.includes(path));
    const link = new RegExp(`${path}\\?token=([\\w-]+)`).exec(mail?.text ?? '');
    if (!link) throw new Error(`no mail to ${to} holds ${path}`);
    canaries.set(`link ${path}`, link[1] as string);
    return link[0];
  }

  function keep(what: string, value: string): string {
    canaries.set(what, value);
    return value;
  }

  test('through sign-up, enrolment, sign-in, mistakes, a reset, and faults that quote what they were given', async () => {
    const ann = new Watched(app.server);
    const email = 'ann@example.org';
    const password = keep('password', 'canary-copper-walrus-42');
    await ann.post('/sign-up', { name: 'Ann', email });
    const invitation = await ann.get(await linkIn(email, '/invitation'));
    await ann.post('/invitation', { token: invitation.field('token'), name: 'Ann', password });
    await ann.post('/sign-in', { email, password });
    const { secret, codes } = readEnrolment((await ann.get('/account/security/totp')).body);
    keep('TOTP key', secret);
    for (const [index, code] of codes.entries()) keep(`recovery code ${index}`, code);
    const now = app.deps.clock.now();
    const code = keep('one-time code', hotp(fromBase32(secret) as Buffer, stepAt(now)));
    expect((await ann.post('/account/security/totp', { code })).status).toBe(303);

    const other = new Watched(app.server);
    await other.post('/sign-in', { email, password: keep('wrong password', 'canary-wrong-password-1') });
    await other.post('/sign-in', { email, password });
    await other.post('/sign-in/factor/totp', { code: keep('wrong code', '918273') });
    await other.post('/sign-in/factor/totp', { code: `${keep('odd code', 'canary-not-digits')}` });
    await other.post('/sign-in/factor/recovery-code', { code: codes[0] as string });
    await other.post('/forgot-password', { email });
    const reset = await other.get(await linkIn(email, '/reset-password'));
    await other.post('/reset-password', {
      token: reset.field('token'),
      password: keep('new password', 'canary-amber-otter-77'),
    });

    // What no form of ours sends.
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const junk = keep('junk', 'canary-junk-value');
    await other.get(`/sign-in?password=${junk}`);
    await other.post('/sign-in', `email=${email}&password=${junk}&password=${junk}`);
    await other.post('/sign-in', JSON.stringify({ password: junk }), { 'content-type': 'application/json' });
    await other.send('POST', '/sign-in', `password=%E0%A4%A${junk}`, {
      ...form,
      cookie: `session=${junk}; pending=${junk}`,
    });
    await other.get('/account', { authorization: `Bearer ${junk}`, cookie: `session=${junk}` });

    // Faults: the database refuses rows, and says which.
    const { db } = app.deps.database;
    await sql`alter table outbox rename to outbox_elsewhere`.execute(db);
    expect(
      (await other.post('/forgot-password', { email: keep('an address in a fault', 'canary@example.org') }))
        .status,
    ).toBe(500);
    await sql`alter table throttle rename to throttle_elsewhere`.execute(db);
    expect((await other.post('/sign-in', { email, password: junk })).status).toBe(500);
    await sql`alter table session rename to session_elsewhere`.execute(db);
    await ann.get('/account');
    await sql`alter table link rename to link_elsewhere`.execute(db);
    expect(
      (await other.get(`/reset-password?token=${keep('token in a fault', 'canary'.padEnd(43, 'x'))}`)).status,
    ).toBe(500);

    expect(output.split('\n').filter((line) => line.includes('"msg":"fault"'))).toHaveLength(4);
    expect(canaries.size).toBeGreaterThan(20);
    for (const [what, value] of canaries) expect(output.includes(value), `${what} is in the log`).toBe(false);
  });
});
