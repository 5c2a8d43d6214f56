import { scryptSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toBase32 } from '../../src/kit/encoding.ts';
import { PASSWORD } from '../kit/people.ts';
import { BCRYPT, BETTER_AUTH_APPS, BETTER_AUTH_HASH } from './fixtures.ts';
import { hashOf, type Imports, openImports, reaches, signInWithApp } from './import-kit.ts';

const BASE32 = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

let office: Imports;
beforeAll(async () => {
  office = await openImports('sqlite');
});
afterAll(() => office.house.close());

/** The command goes by the clock of this machine. */
const catchUp = () => office.house.clock.advance(Math.max(0, Date.now() - office.house.clock.now()));

/** Nobody has a recovery code yet; what counts is that the app of old lets them in. */
async function appWorks(email: string, secret: string): Promise<void> {
  catchUp();
  expect((await signInWithApp(office.house, email, secret)).location).toBe('/');
  office.house.clock.advance(30_000);
}

describe('from Auth0', () => {
  const key = scryptSync(PASSWORD, 'peppered', 64, { N: 16384, r: 8, p: 1 });
  const USERS = [
    {
      email: 'ndjson@example.org',
      email_verified: true,
      name: 'Nd Json',
      passwordHash: BCRYPT,
      tenant: 'acme',
    },
    {
      email: 'custom@example.org',
      email_verified: true,
      given_name: 'Cus',
      family_name: 'Tom',
      custom_password_hash: {
        algorithm: 'scrypt',
        hash: { value: key.toString('hex'), encoding: 'hex' },
        salt: { value: 'peppered' },
        keylen: 64,
      },
      mfa_factors: [{ totp: { secret: BASE32 } }, { phone: { value: '+15551234567' } }],
    },
    { email: 'blocked@example.org', email_verified: true, password_hash: BCRYPT, blocked: true },
    { email: 'social@example.org', email_verified: true, nickname: 'soc', user_id: 'google-oauth2|1' },
  ];

  test('one user a line: bcrypt and scrypt, apps, blocked people', async () => {
    const lines = `\ufeff${USERS.map((user) => JSON.stringify(user)).join('\n')}\n\n`;
    const { code, report } = await office.bring('auth0', lines);
    expect([code, report.problems]).toEqual([0, []]);
    expect(report).toMatchObject({ accounts: 4, with_password: 3, with_two_factor: 1, suspended: 1 });
    expect(report.not_kept).toEqual([
      { place: 'line 2', email: 'custom@example.org', what: 'phone for codes' },
    ]);
    expect(await hashOf(office.house, 'ndjson@example.org')).toBe(`$import${BCRYPT}`);
    expect(await reaches(office.house, 'ndjson@example.org')).toBe('/');
    expect(await hashOf(office.house, 'ndjson@example.org')).toMatch(/^\$argon2id/);
    expect(await reaches(office.house, 'blocked@example.org')).toBe(422);
    await appWorks('custom@example.org', BASE32);
  });

  test('an array, as for their import; bad rows are named, and nobody comes in', async () => {
    const { code, report, stderr } = await office.bring('auth0', [
      { email: 'array@example.org', email_verified: true, password_hash: BCRYPT },
      {
        email: 'md5@example.org',
        custom_password_hash: { algorithm: 'md5', hash: { value: 'abcdef', encoding: 'hex' } },
      },
      {
        email: 'scrypt@example.org',
        custom_password_hash: {
          algorithm: 'scrypt',
          hash: { value: 'ab'.repeat(32), encoding: 'hex' },
          salt: { value: 'saltsalt' },
          cost: 2 ** 30,
          keylen: 32,
        },
      },
      {
        email: 'odd@example.org',
        custom_password_hash: {
          algorithm: 'scrypt',
          hash: { value: 'ab'.repeat(32), encoding: 'hex' },
          salt: { value: 'saltsalt' },
          cost: 1000,
          keylen: 32,
        },
      },
      'nobody',
    ]);
    expect(code).toBe(1);
    expect(report.problems).toEqual([
      { place: '[1]', problem: 'the password hash is of an unknown kind' },
      { place: '[2]', problem: 'the password hash takes too much time or memory to check' },
      { place: '[3]', problem: 'the password hash is of an unknown kind' },
      { place: '[4]', problem: 'is not of type object' },
    ]);
    expect(JSON.parse(stderr)).toMatchObject({ code: 'import_refused' });
    expect(await reaches(office.house, 'array@example.org')).toBe(422);
  });

  test('a line ends where JSON lines do, and not at a sign within a text', async () => {
    const user = { email: 'lines@example.org', name: 'Lines', user_metadata: { bio: 'one\u2028two' } };
    const { report } = await office.bring('auth0', `${JSON.stringify(user)}\r\n`, '--dry-run');
    expect(report).toMatchObject({ ok: true, accounts: 1, problems: [] });
  });

  test('a line that is no JSON is told by its number, and quoted nowhere', async () => {
    const { report, stderr } = await office.bring(
      'auth0',
      `{"email":"x@example.org"}\n{"password_hash":"$2b$secret\n`,
    );
    expect(report.problems).toEqual([{ place: 'line 2', problem: 'is not JSON' }]);
    expect(stderr).not.toContain('secret');
  });
});

describe('from better-auth', () => {
  const { bare, versioned, secrets } = BETTER_AUTH_APPS;
  const dump = (name: string, more: Record<string, unknown> = {}) => ({
    user: [
      {
        id: 'u1',
        name: 'Bare',
        email: `${name}-bare@example.org`,
        emailVerified: true,
        twoFactorEnabled: true,
      },
      {
        id: 'u2',
        name: 'Vers',
        email: `${name}-versioned@example.org`,
        emailVerified: true,
        twoFactorEnabled: true,
      },
      { id: 'u3', name: '', email: `${name}-social@example.org`, emailVerified: true, banned: true },
      {
        id: 'u4',
        name: 'Half',
        email: `${name}-half@example.org`,
        emailVerified: true,
        twoFactorEnabled: false,
      },
    ],
    account: ['u1', 'u2', 'u4'].map((userId) => ({
      userId,
      providerId: 'credential',
      password: BETTER_AUTH_HASH,
    })),
    twoFactor: [
      { userId: 'u1', secret: bare.sealed, backupCodes: 'x' },
      { userId: 'u2', secret: versioned.sealed, backupCodes: 'x' },
      { userId: 'u4', secret: bare.sealed, backupCodes: 'x' },
    ],
    ...more,
  });

  test('tables in JSON, with the secrets: passwords and apps go on working', async () => {
    const secretFile = office.write(`${secrets}\n`);
    const { code, report } = await office.bring('better-auth', dump('json'), '--secret-file', secretFile);
    expect([code, report.problems, report.not_kept]).toEqual([0, [], []]);
    expect(report).toMatchObject({ accounts: 4, with_password: 3, with_two_factor: 2, suspended: 1 });
    expect(await hashOf(office.house, 'json-half@example.org')).toMatch(
      /^\$import\$scrypt\$ln=14,r=16,p=1\$/,
    );
    expect(await reaches(office.house, 'json-half@example.org')).toBe('/');
    await appWorks('json-bare@example.org', toBase32(Buffer.from(bare.text)));
    await appWorks('json-versioned@example.org', toBase32(Buffer.from(versioned.text)));
  });

  test('an app that was shown there and never confirmed is not kept: nobody may have it', async () => {
    const secretFile = office.write(`${secrets}\n`);
    const { sealed } = bare;
    const twoFactor = [
      { userId: 'u1', secret: sealed, verified: 0 },
      { userId: 'u2', secret: versioned.sealed, verified: true },
    ];
    const { report } = await office.bring(
      'better-auth',
      dump('unconfirmed', { twoFactor }),
      '--dry-run',
      '--secret-file',
      secretFile,
    );
    expect(report).toMatchObject({ accounts: 4, with_two_factor: 1 });
    expect(report.not_kept.map(({ place, what }) => [place, what])).toEqual([
      ['user[0]', 'second step of the other system'],
    ]);
  });

  test('without the secret, or with another one, apps are not kept, and it says whose', async () => {
    const none = await office.bring('better-auth', dump('none'), '--dry-run');
    expect(none.report.not_kept.map(({ place, what }) => [place, what])).toEqual([
      ['user[0]', 'authenticator app, without --secret-file'],
      ['user[1]', 'authenticator app, without --secret-file'],
    ]);
    const other = await office.bring(
      'better-auth',
      dump('other'),
      '--dry-run',
      '--secret-file',
      office.write('wrong'),
    );
    expect(other.report.not_kept).toHaveLength(2);
    const older = await office.bring(
      'better-auth',
      dump('older'),
      '--dry-run',
      '--secret-file',
      office.write(bare.secret),
    );
    expect(older.report.not_kept.map(({ place }) => place)).toEqual(['user[1]']);
  });

  test('who is banned until some day is suspended, and that it would have ended is told', async () => {
    const user = [
      {
        id: 'u1',
        name: 'Away',
        email: 'away@example.org',
        emailVerified: true,
        banned: true,
        banExpires: '2026-01-01',
      },
      {
        id: 'u2',
        name: 'Back',
        email: 'back@example.org',
        emailVerified: true,
        banned: false,
        banExpires: null,
      },
    ];
    const { report } = await office.bring('better-auth', { user }, '--dry-run');
    expect(report).toMatchObject({ accounts: 2, suspended: 1 });
    expect(report.not_kept).toEqual([
      { place: 'user[0]', email: 'away@example.org', what: 'the day on which the suspension ends' },
    ]);
  });

  test('ids of nineteen digits tell people apart: from JSON, where they can’t, nobody gets another’s password', async () => {
    // Both would be read as ….992.
    const [one, two] = ['9007199254740992', '9007199254740993'];
    const people = [one, two].map(
      (id) => `{"id":${id},"name":"P","email":"p${id}@example.org","emailVerified":true}`,
    );
    const password = `{"userId":${two},"providerId":"credential","password":"${BCRYPT}"}`;
    const json = `{"user":[${people.join(',')}],"account":[${password}],"twoFactor":[]}`;
    const { report } = await office.bring('better-auth', json, '--dry-run');
    expect(report.ok).toBe(false);
    expect(report.problems).toContainEqual({ place: 'user[1]', problem: 'id: is not as expected' });

    const path = join(office.house.app.deps.config.dataDir, 'big-ids.db');
    const database = new DatabaseSync(path);
    database.exec(`create table user (id integer, name text, email text, email_verified integer);
      create table account (user_id integer, provider_id text, password text);
      insert into user values (${one}, 'One', 'one@example.org', 1), (${two}, 'Two', 'two@example.org', 1);
      insert into account values (${two}, 'credential', '${BCRYPT}')`);
    database.close();
    const done = await office.bring('better-auth', readFileSync(path));
    expect([done.stderr, done.code]).toEqual(['', 0]);
    expect(await hashOf(office.house, 'one@example.org')).toBeNull();
    expect(await hashOf(office.house, 'two@example.org')).toBe(`$import${BCRYPT}`);
  });

  test('a SQLite file that is damaged is told of as such', async () => {
    const { code, stderr } = await office.bring(
      'better-auth',
      Buffer.from('SQLite format 3\0'.padEnd(4096, 'x')),
    );
    expect(code).toBe(1);
    expect(JSON.parse(stderr)).toMatchObject({ code: 'bad_file' });
  });

  test('the SQLite file itself, in snake case', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'countersign-better-auth-'));
    try {
      const database = new DatabaseSync(join(folder, 'auth.db'));
      database.exec(`
        create table user (id text, name text, email text, email_verified integer, two_factor_enabled integer);
        create table account (id text, user_id text, provider_id text, password text);
        create table two_factor (id text, user_id text, secret text);
        insert into user values ('1', 'Lite', 'lite@example.org', 1, 1);
        insert into account values ('a', '1', 'credential', '${BETTER_AUTH_HASH}');
        insert into two_factor values ('t', '1', '${bare.sealed}');`);
      database.close();
      const file = readFileSync(join(folder, 'auth.db'));
      const secretFile = office.write(bare.secret);
      const { code, report } = await office.bring('better-auth', file, '--secret-file', secretFile);
      expect([code, report.problems]).toEqual([0, []]);
      await appWorks('lite@example.org', toBase32(Buffer.from(bare.text)));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('what is no such file at all', () => {
  test.each([
    ['keycloak', '{"realm":"acme"}', /export the realm with `--users realm_file`/],
    ['keycloak', '{"realm":\n"acme",\n}', /not JSON: look at line 3/],
    ['better-auth', '{"users":[]}', /no table “user”/],
    ['auth0', '[{"email":]', /not JSON/],
    ['auth0', '', /The file is empty/],
    ['auth0', ' \n\n', /The file is empty/],
    ['csv', '', /its first line must name the columns/],
    ['csv', 'name,mail\nAnn,ann@example.org\n', /first line must name the columns: email/],
    ['csv', 'email,email\na,b\n', /once each/],
    ['csv', 'email;name\nann@example.org;Ann\n', /commas between the columns, not semicolons/],
    ['csv', 'email,password\na,b\n', /first line must name the columns/],
    ['csv', Buffer.from('email,name\nana@example.org,Jos\xe9\n', 'latin1'), /not UTF-8/],
    ['csv', Buffer.from('email,name\nana@example.org,Jos\xc3', 'latin1'), /not UTF-8/],
    ['keycloak', Buffer.from('{"users":[{"firstName":"Jos\xe9"}]}', 'latin1'), /not UTF-8/],
    ['auth0', Buffer.from('{"email":"a@example.org","name":"Jos\xe9"}\n', 'latin1'), /not UTF-8/],
  ])('%s: %s', async (from, content, message) => {
    const { code, stderr } = await office.bring(from, content);
    expect(code).toBe(1);
    expect(JSON.parse(stderr)).toMatchObject({ code: 'bad_file', message: expect.stringMatching(message) });
  });

  test('a wrong name, a folder, a wrong system', async () => {
    const { run, house } = office;
    const { dataDir } = house.app.deps.config;
    expect(await run('import', join(dataDir, 'no-such-file'), '--from', 'csv')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('There is no such file'),
    });
    expect(await run('import', dataDir, '--from', 'keycloak')).toMatchObject({ code: 1 });
    expect(await run('import', dataDir, '--from', 'csv')).toMatchObject({ code: 1 });
    expect(await run('import', dataDir, '--from', 'okta')).toMatchObject({ code: 2 });
    expect(await run('import', dataDir, '--from', 'toString')).toMatchObject({ code: 2 });
    expect(await run('import', '--from', 'csv')).toMatchObject({ code: 2 });
    expect(await run('import', dataDir)).toMatchObject({ code: 2 });
    expect(await run('import', dataDir, '--from', 'csv', '--secret-file', 'x')).toMatchObject({ code: 2 });
  });
});
