import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Authenticator } from '../kit/authenticator.ts';
import { ENGINES, type EngineName, type House } from '../kit/house.ts';
import { addKey } from '../kit/keys.ts';
import { addProtectedPerson, enterPassword } from '../kit/people.ts';
import { enrolPhone } from '../kit/phones.ts';
import { examine } from './doctor-kit.ts';
import { openOffice, operate, type Run } from './operator.ts';

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
    expect(lines.at(-1)).toBe(engine === 'sqlite' ? 'All is well.' : `1 of ${checks.length} checks failed.`);
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
