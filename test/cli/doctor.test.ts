import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { openDatabase } from '../../src/database/open.ts';
import { Authenticator } from '../kit/authenticator.ts';
import { SECRET_KEY, startBucket } from '../kit/bucket-server.ts';
import { sample } from '../kit/builds.ts';
import { ENGINES, type EngineName, type House } from '../kit/house.ts';
import { addKey } from '../kit/keys.ts';
import { addProtectedPerson, enterPassword } from '../kit/people.ts';
import { enrolPhone } from '../kit/phones.ts';
import { createDatabase } from '../kit/postgres.ts';
import { type Smtp, startSmtp } from '../kit/smtp.ts';
import { answering, startTextGateway } from '../kit/text-gateway.ts';
import { openOffice, operate, type Run } from './operator.ts';

interface Check {
  name: string;
  ok: boolean;
  message: string;
}

async function examine(
  run: () => ReturnType<Run>,
): Promise<{ code: number; sick: Record<string, string>; checks: Check[] }> {
  const { code, stdout, stderr } = await run();
  expect(stderr).toBe('');
  const { ok, checks } = JSON.parse(stdout) as { ok: boolean; checks: Check[] };
  expect(code).toBe(ok ? 0 : 1);
  const sick = checks.filter((one) => !one.ok).map(({ name, message }) => [name, message]);
  return { code, sick: Object.fromEntries(sick), checks };
}

describe.each(ENGINES)('doctor beside a running server on %s', (engine: EngineName) => {
  let house: House;
  let run: Run;
  let env: Record<string, string>;
  beforeAll(async () => {
    ({ house, run, env } = await openOffice({ engine }));
  });
  afterAll(() => house.close());
  const doctor = () => examine(() => run('doctor', '--json'));
  /** The tests' own PostgreSQL trades durability for speed, and the doctor says so. */
  const always =
    engine === 'postgres' ? { durability: expect.stringContaining('fsync is off and should be on') } : {};

  test('a house in order', async () => {
    await addProtectedPerson(house);
    await run('audit', 'verify');
    const { sick, checks } = await doctor();
    expect(sick).toEqual(always);
    expect(checks.map(({ name }) => name)).toEqual([
      ...[
        'configuration',
        'variables',
        'base_url',
        'data_directory',
        'disk',
        'key_ring',
        'trusted_proxies',
        'public_address',
        'password_hash',
        'database',
        'schema',
        'durability',
      ],
      ...[
        'clock',
        'keys_of_database',
        'key_rotation',
        'connections',
        'administrators',
        'security_keys',
        'phones',
        'key_models',
        'visitors',
        'builds',
        'outbox',
        'sessions',
        'factors',
      ],
      ...['recovery_codes', 'imported_passwords', 'audit', 'mail', 'text_messages', 'metrics', 'traces'],
    ]);
    const { lines } = await run('doctor');
    expect(lines).toContain('ok     schema: up to date');
    expect(lines.at(-1)).toBe(engine === 'sqlite' ? 'All is well.' : `1 of ${checks.length} are not well.`);
  });

  if (engine === 'postgres')
    test('a commit that waits for no disk is told, one that waits for replicas is not', async () => {
      const durability = async (value: string) => {
        const options = encodeURIComponent(`-c synchronous_commit=${value}`);
        const DATABASE_URL = `${env['DATABASE_URL']}?options=${options}`;
        return (await examine(() => operate({ ...env, DATABASE_URL }, ['doctor', '--json']))).sick[
          'durability'
        ];
      };
      expect(await durability('local')).toContain('synchronous_commit is local and should be on');
      expect(await durability('remote_apply')).not.toContain('synchronous_commit');
    });

  test('whose security keys would die under another BASE_URL is told, with a few addresses', async () => {
    for (const name of ['kim', 'lee']) {
      const { browser } = await addProtectedPerson(house, { email: `${name}@example.org` });
      expect((await addKey(browser, new Authenticator())).status).toBe(303);
    }
    expect((await doctor()).sick).toEqual(always);
    const moved = {
      BASE_URL: 'https://id.example.org',
      SMTP_URL: 'smtp://127.0.0.1:1',
      SUPPORT_EMAIL: 'help@example.org',
    };
    const { sick } = await examine(() => operate({ ...env, ...moved }, ['doctor', '--json']));
    expect(sick['security_keys']).toContain(
      '2 of 2 are bound to localhost and do not work at https://id.example.org: 2 people, kim@example.org, lee@example.org',
    );
  });

  test('whose phones get no codes where SMS_URL was left out is told', async () => {
    const { browser } = await addProtectedPerson(house, { email: 'mia@example.org' });
    await enrolPhone(house, browser, '+34600000009');
    const off = {
      BASE_URL: 'http://localhost:3000',
      SMTP_URL: 'smtp://127.0.0.1:1',
      SUPPORT_EMAIL: 'help@example.org',
    };
    const phones = async () =>
      (await examine(() => operate({ ...env, ...off }, ['doctor', '--json']))).sick['phones'];
    const told = '1 person would get codes by text message, and get none since SMS_URL is not set: ';
    expect(await phones()).toBe(`${told}all have another method`);
    const { db } = house.app.deps.database;
    await db.updateTable('factor').set({ suspended_at: 1 }).where('kind', '=', 'totp').execute();
    expect(await phones()).toBe(`${told}1 of them only recovery codes besides`);
    await db.updateTable('factor').set({ suspended_at: null }).where('kind', '=', 'totp').execute();
    const here = (await doctor()).checks.find(({ name }) => name === 'phones');
    expect(here).toMatchObject({ ok: true, message: '1 person can get codes by text message' });
  });

  test('a session without a second factor, a spent code without a record, a mail that waits: each is told', async () => {
    const { db } = house.app.deps.database;
    const { person, browser, codes } = await addProtectedPerson(house, { email: 'eva@example.org' });
    await db.updateTable('session').set({ acr: 'pwd' }).where('account_id', '=', person.id).execute();
    await db
      .updateTable('recovery_code')
      .set({ used_at: 1 })
      .where('account_id', '=', person.id)
      .where('number', '=', 3)
      .execute();
    await db
      .insertInto('outbox')
      .values({
        id: 'old',
        channel: 'mail',
        kind: 'x',
        sealed: '',
        created_at: Date.now() - 16 * 60_000,
        due_at: Date.now() + 60_000,
        attempts: 4,
      })
      .execute();
    expect((await doctor()).sick).toEqual({
      ...always,
      sessions: expect.stringMatching(/^1 × session.*\(eva@example\.org\)$/),
      recovery_codes: expect.stringMatching(/^1 × spent/),
      outbox: expect.stringMatching(/^1 mail has waited for a quarter of an hour: is the server running/),
    });
    await db.updateTable('session').set({ acr: 'mfa' }).where('account_id', '=', person.id).execute();
    await db.updateTable('recovery_code').set({ used_at: null }).where('used_at', '=', 1).execute();
    await db.deleteFrom('outbox').where('id', '=', 'old').execute();

    // A code that is spent as it should be leaves nothing to tell.
    await browser.post('/sign-out');
    await enterPassword(browser, person);
    expect((await browser.post('/sign-in/factor/recovery-code', { code: codes[4] as string })).status).toBe(
      303,
    );
    expect((await doctor()).sick).toEqual(always);

    await db.deleteFrom('factor').where('account_id', '=', person.id).execute();
    expect((await doctor()).sick).toEqual({ ...always, factors: expect.stringMatching(/^1 × account/) });
    await db.updateTable('account').set({ two_factor_at: null }).where('id', '=', person.id).execute();
  });

  test('a changed record, or a cut-off chain', async () => {
    const { db } = house.app.deps.database;
    const guards = {
      sqlite: ['audit_event_no_update', 'audit_link_no_delete'].map((name) => `drop trigger ${name}`),
      postgres: ['audit_event_append_only on audit_event', 'audit_link_no_delete on audit_link'].map(
        (name) => `drop trigger ${name}`,
      ),
    };
    for (const statement of guards[engine]) await sql.raw(statement).execute(db);
    await run('audit', 'verify');
    const last = await db
      .selectFrom('audit_link')
      .selectAll()
      .orderBy('position', 'desc')
      .executeTakeFirstOrThrow();
    await db
      .updateTable('audit_event')
      .set({ network: '192.0.2.99' })
      .where('seq', '=', last.event_seq)
      .execute();
    expect((await doctor()).sick).toMatchObject({
      audit: expect.stringContaining(`record ${last.event_seq} `),
    });
    await db.deleteFrom('audit_link').where('position', '=', last.position).execute();
    expect((await doctor()).sick).toMatchObject({ audit: expect.stringContaining('does not end where') });
  });
});

describe('doctor and what stands around the database', () => {
  let folder: string;
  let smtp: Smtp | null = null;
  beforeEach(() => {
    folder = join(mkdtempSync(join(tmpdir(), 'countersign-doctor-')), 'data');
  });
  afterEach(async () => {
    rmSync(join(folder, '..'), { recursive: true });
    await smtp?.stop();
    smtp = null;
  });
  const doctor = (env: Record<string, string> = {}) =>
    examine(() => operate({ DATA_DIR: folder, ...env }, ['doctor', '--json']));
  const start = () => operate({ DATA_DIR: folder }, ['migrate']);

  test('before the first start: says so, and makes nothing', async () => {
    const { sick } = await doctor();
    expect(Object.keys(sick)).toEqual(['data_directory', 'key_ring', 'database']);
    expect(sick.database).toContain('the first start makes it');
    expect(existsSync(folder)).toBe(false);
  });

  test('migrate prints what it applied, once', async () => {
    const { lines } = await start();
    expect(lines.map((line) => /^applied (\d{4})-/.exec(line)?.[1])).toEqual(
      lines.map((_line, index) => String(index + 1).padStart(4, '0')),
    );
    expect(lines.length).toBeGreaterThan(1);
    expect((await start()).lines).toEqual(['The database is up to date.']);
    const again = await operate({ DATA_DIR: folder }, ['migrate', '--json']);
    expect(again.json()).toEqual({ applied: [] });
    expect((await doctor()).sick).toEqual({});
  });

  test('a wrong variable is a line of the report', async () => {
    const { sick, checks } = await doctor({ SESSION_IDLE: 'soon' });
    expect(checks).toHaveLength(1);
    expect(sick).toEqual({ configuration: expect.stringContaining('SESSION_IDLE takes a duration') });
  });

  test('a variable whose name was mistyped, and that nobody would look at', async () => {
    await start();
    const { sick } = await doctor({
      ...{
        SMPT_URL: 'smtp://user:geheim@mail',
        TRUSTED_PROXIE: '10.0.0.5',
        data_dirs: '/x',
        SUPPORT_EMAIL_FILE: '/x',
      },
    });
    expect(sick).toEqual({
      variables:
        'SMPT_URL is not looked at: is SMTP_URL meant?; TRUSTED_PROXIE is not looked at: is TRUSTED_PROXIES meant?; ' +
        'data_dirs is not looked at: is DATA_DIR meant?; SUPPORT_EMAIL_FILE is not looked at: SUPPORT_EMAIL is not read from a file',
    });
    // What machines have set already, and other programs' names.
    const others = {
      PATH: '/bin',
      HOSTNAME: 'a',
      HOSTS: 'b',
      CMS_URL: 'c',
      XDG_DATA_DIRS: '/x',
      KEY: 'd',
      SESSION_ID: 'e',
    };
    expect((await doctor({ ...others, OTEL_SERVICE_NAMES: 'x', LOG_LEVEL: 'warn' })).sick).toEqual({});
  });

  test('a folder or a key ring that others may read', async () => {
    await start();
    chmodSync(folder, 0o755);
    chmodSync(join(folder, 'countersign.db'), 0o644);
    chmodSync(join(folder, 'keys.json'), 0o640);
    expect((await doctor()).sick).toEqual({
      data_directory: expect.stringMatching(/mode 755.*chmod 700/),
      key_ring: expect.stringMatching(/mode 640.*chmod 600/),
    });
  });

  test('a folder that mkdir made before the first start: what comes into it is closed', async () => {
    mkdirSync(folder, { mode: 0o755 });
    await start();
    expect(statSync(join(folder, 'countersign.db')).mode & 0o777).toBe(0o600);
    expect((await doctor()).sick).toEqual({});
    chmodSync(folder, 0o777);
    expect((await doctor()).sick).toEqual({ data_directory: expect.stringMatching(/mode 777.*chmod 700/) });
  });

  test('another database’s key ring', async () => {
    await start();
    const ring = {
      active: 'k1',
      keys: { k1: Buffer.from('0123456789abcdefghijklmnopqrstuv').toString('base64') },
    };
    writeFileSync(join(folder, 'keys.json'), JSON.stringify(ring));
    expect((await doctor()).sick).toEqual({ keys_of_database: 'the key ring belongs to another database' });
  });

  test('another program’s database, and one that needs migrating', async () => {
    await start();
    const path = join(folder, 'other.db');
    const other = openDatabase(`sqlite:${path}`);
    await sql`create table invoice (id integer)`.execute(other.db);
    await other.close();
    const before = readFileSync(path);
    expect((await doctor({ DATABASE_URL: `sqlite:${path}` })).sick).toEqual({
      database: expect.stringContaining('tables of another program (invoice'),
    });
    expect(readFileSync(path).equals(before)).toBe(true);

    const empty = join(folder, 'empty.db');
    await openDatabase(`sqlite:${empty}`).close();
    const { sick } = await doctor({ DATABASE_URL: `sqlite:${empty}` });
    expect(sick).toEqual({ schema: expect.stringContaining('not applied yet: run `migrate`') });
  });

  test('a database server that is away', async () => {
    await start();
    const { sick } = await doctor({ DATABASE_URL: 'postgres://u:geheim@127.0.0.1:1/x' });
    expect(sick).toEqual({ database: 'DATABASE_URL names a database that does not answer' });
  });

  test('R9: a clock that is more than two seconds off the database’s', async () => {
    const { url, drop } = await createDatabase(inject('postgresUrl'));
    const database = openDatabase(url);
    await sql`create schema late`.execute(database.db);
    await sql`create function late.clock_timestamp() returns timestamptz language sql
      as $$ select pg_catalog.clock_timestamp() + interval '3 seconds' $$`.execute(database.db);
    await database.close();
    const env = { DATABASE_URL: `${url}?options=${encodeURIComponent('-c search_path=late,pg_catalog')}` };
    await operate({ DATA_DIR: folder, ...env }, ['migrate']);
    expect((await doctor(env)).sick).toMatchObject({
      clock: expect.stringMatching(/^this machine is [23]\.\d s behind the database: set the clocks by NTP/),
    });
    await drop();
  });

  test('a proxy that nobody named, and an address that leads elsewhere', async () => {
    await start();
    smtp = await startSmtp();
    const elsewhere = await startTextGateway(answering(200, '{"issuer":"https://other.example"}'));
    const here = `http://localhost:${elsewhere.port}`;
    const mails = { SMTP_URL: smtp.url, SUPPORT_EMAIL: 'help@example.org' };
    const closed = await doctor({ ...mails, BASE_URL: 'https://id.example.org', PORT: '1' });
    expect(closed.sick).toEqual({ trusted_proxies: expect.stringContaining('TRUSTED_PROXIES is not set') });
    const named = { ...mails, BASE_URL: 'https://id.example.org', TRUSTED_PROXIES: '10.0.0.5/32', PORT: '1' };
    expect((await doctor(named)).sick).toEqual({});
    // Something answers where the server should; it calls itself by another name.
    const wrong = await doctor({ BASE_URL: here, PORT: String(elsewhere.port) });
    expect(wrong.sick).toEqual({
      public_address: `at ${here} answers something else: an issuer that calls itself https://other.example`,
    });
    const away = await doctor({ BASE_URL: 'http://localhost:1', PORT: String(elsewhere.port) });
    expect(away.sick).toEqual({
      public_address: expect.stringMatching(/^http:\/\/localhost:1 cannot be reached from here: /),
    });
    await elsewhere.stop();
  });

  test('a build whose file is not here, as in a folder that the instances do not share, and a bucket that is away', async () => {
    await start();
    const deb = join(folder, 'notes.deb');
    writeFileSync(deb, sample('deb').bytes);
    const release = (...args: string[]) => operate({ DATA_DIR: folder }, ['store', ...args]);
    expect((await release('create', 'notes', '--name', 'Notes')).code).toBe(0);
    expect((await release('upload', 'notes', deb, '--version', '1.0')).code).toBe(0);
    expect((await doctor()).sick).toEqual({});

    const bucket = await startBucket();
    const other = await doctor({ BUILDS_URL: bucket.url });
    expect(other.sick).toEqual({
      builds: expect.stringMatching(
        /^1 of 1 are not in the bucket the-bucket at http:.*is it the bucket that/,
      ),
    });
    await bucket.close();
    const away = await doctor({ BUILDS_URL: bucket.url });
    expect(away.sick).toEqual({
      builds: expect.stringMatching(
        /^the bucket the-bucket .* can't be read: .*look at the address, the key/,
      ),
    });
    expect(JSON.stringify(away)).not.toContain(SECRET_KEY);

    for (const name of readdirSync(join(folder, 'builds')))
      if (/^[0-9a-f]{32}$/.test(name)) rmSync(join(folder, 'builds', name));
    expect((await doctor()).sick).toEqual({
      builds: expect.stringMatching(/^1 of 1 are not in .*builds: several instances share that folder/),
    });
  });

  test('the private port of the metrics, taken by another program or not listened on by the server that runs', async () => {
    await start();
    const other = await startTextGateway(answering(200, 'hello'));
    const taken = await doctor({ METRICS_PORT: String(other.port) });
    expect(taken.sick).toEqual({
      metrics: expect.stringContaining('METRICS_PORT is in use by another program'),
    });
    const dumb = await doctor({ METRICS_PORT: '1', PORT: String(other.port) });
    expect(dumb.sick.metrics).toMatch(/^nothing answers at .*:1\/metrics, though the server runs/);
    await other.stop();
    const free = await doctor({ METRICS_PORT: String(other.port) });
    expect(free.sick).toEqual({});
  });

  test('traces that nobody collects', async () => {
    await start();
    const collector = await startTextGateway(answering(200));
    const address = `http://user:geheim@127.0.0.1:${collector.port}`;
    const there = await doctor({ OTEL_EXPORTER_OTLP_ENDPOINT: address });
    expect(there.sick).toEqual({});
    await collector.stop();
    const away = await doctor({ OTEL_EXPORTER_OTLP_ENDPOINT: address });
    expect(away.sick).toEqual({
      traces: expect.stringMatching(/^OTEL_EXPORTER_OTLP_ENDPOINT: no collector listens at 127\.0\.0\.1:/),
    });
    expect(JSON.stringify([there, away])).not.toContain('geheim');
  });

  test('R58: everybody comes from one address inside: TRUSTED_PROXIES names another one, or that proxy does not say who asks', async () => {
    await start();
    smtp = await startSmtp();
    const site = {
      ...{ SMTP_URL: smtp.url, SUPPORT_EMAIL: 'help@example.org' },
      ...{ BASE_URL: 'https://id.example.org', PORT: '1' },
    };
    const database = openDatabase(`sqlite:${join(folder, 'countersign.db')}`);
    const come = async (network: string, times: number, people = 3) => {
      for (let n = 0; n < times; n++)
        await database.db
          .insertInto('audit_event')
          .values({
            ...{ at: Date.now(), event: 'sign_in.password', outcome: 'success', actor: null, method: 'pwd' },
            ...{ subject: `person-${n % people}`, network, browser: null, request_id: null, detail: '{}' },
          })
          .execute();
    };
    const seen = async (proxies: string) => (await doctor({ ...site, TRUSTED_PROXIES: proxies })).sick;
    await come('10.0.0.9', 40, 2);
    expect(await seen('10.0.0.5/32')).toEqual({});
    await come('10.0.0.9', 1, 1);
    await come('10.0.0.9', 3);
    expect(await seen('10.0.0.5/32')).toEqual({
      visitors: expect.stringMatching(
        /^the last 44 records, of 3 people, all come from 10\.0\.0\.9, which TRUSTED_PROXIES does not name/,
      ),
    });
    expect(await seen('10.0.0.5/32, 10.0.0.8/30')).toEqual({
      visitors: expect.stringContaining('which TRUSTED_PROXIES names: that proxy sends no X-Forwarded-For'),
    });
    // On one's own machine it is always so.
    expect((await doctor()).sick).toEqual({});
    await come('192.0.2.7', 1);
    expect(await seen('10.0.0.5/32')).toEqual({});
    await database.close();
  });

  test('R3: what a password costs here, and a cost that nobody would wait for', async () => {
    await start();
    const hash = async (env: Record<string, string>) =>
      (await doctor(env)).checks.find(({ name }) => name === 'password_hash');
    expect((await hash({ ARGON2: 'm=64,t=1,p=1' }))?.message).toMatch(
      /^m=64,t=1,p=1 takes \d+ ms; about \d+ sign-ins/,
    );
    const slow = await hash({ ARGON2: 'm=262144,t=16,p=1' });
    expect(slow).toMatchObject({ ok: false, message: expect.stringContaining('Choose less in ARGON2') });
  });

  test('the mail server: greeted without sending anything; away, or refusing', async () => {
    await start();
    smtp = await startSmtp();
    const env = { SMTP_URL: smtp.url, SUPPORT_EMAIL: 'help@example.org' };
    const { sick, checks } = await doctor(env);
    expect(sick).toEqual({});
    const mail = checks.find(({ name }) => name === 'mail');
    expect(mail?.message).toBe(`127.0.0.1:${smtp.port} answers; mails come from no-reply@localhost`);
    expect(smtp.received).toEqual([]);
    const away = await doctor({ ...env, SMTP_URL: 'smtp://user:geheim@127.0.0.1:1' });
    expect(away.sick).toEqual({ mail: expect.stringContaining('SMTP_URL: 127.0.0.1:1 does not take mails') });
    expect(JSON.stringify(away)).not.toContain('geheim');
  });

  test('text messages: off, in the mailbox, or by a gateway that is named and asked for nothing', async () => {
    await start();
    const texts = async (env: Record<string, string>) => {
      const { sick, checks } = await doctor(env);
      return { sick, message: checks.find(({ name }) => name === 'text_messages')?.message };
    };
    expect((await texts({})).message).toBe('local mode: text messages go to http://localhost:3000/mailbox');
    smtp = await startSmtp();
    const mails = { SMTP_URL: smtp.url, SUPPORT_EMAIL: 'help@example.org' };
    expect((await texts(mails)).message).toBe('off: SMS_URL is not set');

    const gateway = await startTextGateway(answering(404));
    const url = `kannel+http://user:geheim@127.0.0.1:${gateway.port}/cgi-bin/sendsms`;
    const there = await texts({ SMS_URL: url });
    expect(there.sick).toEqual({});
    expect(there.message).toMatch(`Kannel at http://127.0.0.1:${gateway.port} answers`);
    expect(gateway.asked).toMatchObject([{ method: 'GET', path: '/', body: '' }]);
    await gateway.stop();
    const away = await texts({ SMS_URL: url });
    expect(away.sick).toEqual({
      text_messages: expect.stringMatching(
        /^SMS_URL: Kannel at .* does not answer: (ECONNREFUSED|UND_ERR_SOCKET)/,
      ),
    });
    const wrong = await texts({ SMS_URL: 'smpp://user:geheim@gw' });
    expect(wrong.sick).toEqual({ text_messages: expect.stringMatching(/^SMS_URL takes twilio/) });
    expect(JSON.stringify([there, away, wrong])).not.toContain('geheim');
  });
});
