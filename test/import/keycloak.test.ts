import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toBase32 } from '../../src/kit/encoding.ts';
import { textOf } from '../kit/browser.ts';
import { ENGINES } from '../kit/house.ts';
import { appCode } from '../kit/people.ts';
import { keycloakApp, keycloakPassword } from './fixtures.ts';
import { hashOf, type Imports, knock, openImports, reaches, signInWithApp } from './import-kit.ts';

const RAW = 'gYxZ2bQ7rT5uKj9LmN3p';
const BASE32 = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

const user = (name: string, more: Record<string, unknown> = {}) => ({
  id: name,
  username: name,
  email: `${name}@example.org`,
  firstName: 'Ann',
  lastName: name,
  enabled: true,
  emailVerified: true,
  realmRoles: ['default-roles-acme', 'admin'],
  requiredActions: [],
  ...more,
});

const REALM = {
  realm: 'acme',
  roles: {},
  users: [
    user('sha1', { credentials: [keycloakPassword('pbkdf2')] }),
    user('sha256', { credentials: [keycloakPassword('pbkdf2-sha256')], groups: ['/Team', '/Team/North'] }),
    user('sha512', { credentials: [keycloakPassword('pbkdf2-sha512')], attributes: { locale: ['es'] } }),
    user('argon', { credentials: [keycloakPassword('argon2'), keycloakApp(RAW)] }),
    user('base32', {
      credentials: [keycloakPassword('argon2'), keycloakApp(BASE32, { secretEncoding: 'BASE32' }, '')],
    }),
    user('others', {
      credentials: [
        keycloakPassword('pbkdf2-sha256'),
        keycloakApp(RAW, { digits: 8 }),
        keycloakApp(RAW, { algorithm: 'HmacSHA256' }),
        keycloakApp(RAW, { period: 60 }),
        keycloakApp(RAW, { subType: 'hotp' }),
        { type: 'webauthn', secretData: '{}', credentialData: '{}' },
      ],
    }),
    user('off', { enabled: false, credentials: [keycloakPassword('pbkdf2-sha256')] }),
    user('unproven', {
      emailVerified: false,
      credentials: [keycloakPassword('pbkdf2-sha256'), keycloakApp(RAW)],
    }),
    user('federated', { federatedIdentities: [{ identityProvider: 'google' }] }),
    { username: 'service-account-ci', enabled: true, serviceAccountClientId: 'ci' },
  ],
};

describe.each(ENGINES)('from Keycloak on %s', (engine) => {
  let office: Imports;
  beforeAll(async () => {
    office = await openImports(engine);
    const { code, report, stderr } = await office.bring('keycloak', REALM);
    expect([code, stderr, report.problems]).toEqual([0, '', []]);
    // The command goes by the clock of this machine.
    office.house.clock.advance(Date.now() - office.house.clock.now());
    expect(report).toMatchObject({
      from: 'keycloak',
      ok: true,
      dry_run: false,
      accounts: 9,
      with_password: 8,
      with_two_factor: 2,
      suspended: 1,
      unproven: 1,
      administrators: 0,
      publishers: 0,
      groups: ['Team', 'Team/North'],
    });
    expect(report.not_kept.map(({ place, what }) => `${place} ${what}`)).toEqual([
      'users[5] authenticator app that counts instead of looking at the time',
      'users[5] security key, which is bound to the other system’s address',
      'users[5] authenticator app with 8 digits',
      'users[5] authenticator app with HmacSHA256',
      'users[5] authenticator app with codes of 60 seconds',
      'users[7] authenticator app, because the address is not proven',
    ]);
  });
  afterAll(() => office.house.close());

  test('nobody gets a mail of it', async () => {
    expect(await office.house.mails()).toEqual([]);
  });

  test('R10: a code that the other system may have seen before is worth nothing here', async () => {
    const { house } = office;
    const { browser, answer } = knock(house, 'argon@example.org');
    expect((await answer).location).toBe('/sign-in/factor');
    const code = appCode(house, toBase32(Buffer.from(RAW)), -1);
    expect((await browser.post('/sign-in/factor/totp', { code })).status).toBe(422);
  });

  test.each(['sha1', 'sha256', 'sha512', 'others', 'unproven'])(
    'the password of “%s” signs in, and has a hash of ours from then on',
    async (name) => {
      const email = `${name}@example.org`;
      expect(await hashOf(office.house, email)).toMatch(/^\$import\$pbkdf2-sha/);
      expect(await reaches(office.house, email)).toBe('/');
      expect(await hashOf(office.house, email)).toMatch(/^\$argon2id\$v=19\$m=64,t=1,p=1\$/);
      expect(await reaches(office.house, email)).toBe('/');
    },
  );

  test('an authenticator app works at once, each code once, and nobody enrols again', async () => {
    const { house } = office;
    const secret = toBase32(Buffer.from(RAW));
    const done = await signInWithApp(house, 'argon@example.org', secret);
    expect([done.status, done.location]).toEqual([303, '/']);
    expect((await signInWithApp(house, 'argon@example.org', secret)).status).toBe(422);
    house.clock.advance(30_000);
    expect((await signInWithApp(house, 'argon@example.org', secret)).status).toBe(303);
    house.clock.advance(30_000);
    expect((await signInWithApp(house, 'base32@example.org', BASE32)).status).toBe(303);
  });

  test('without recovery codes: the pages and a mail say so, once', async () => {
    const { house } = office;
    house.clock.advance(30_000);
    const { browser } = await signInWithApp(house, 'base32@example.org', BASE32);
    expect(textOf((await browser.get('/store')).body)).toContain('You have no recovery codes');
    expect(textOf((await browser.get('/account/security')).body)).toContain(
      'Losing your phone would lock you out: you have no recovery codes left.',
    );
    const told = (await house.mails('base32@example.org')).filter(({ subject }) =>
      /recovery codes/.test(subject),
    );
    expect(told).toHaveLength(1);
    const shown = await browser.get('/account/security/recovery-codes');
    expect(shown.status).toBe(200);
    expect((await browser.post('/account/security/recovery-codes')).status).toBe(303);
    expect(textOf((await browser.get('/store')).body)).not.toContain('no recovery codes');
    const doctor = await office.run('doctor', '--json');
    const { checks } = JSON.parse(doctor.stdout) as { checks: { name: string; ok: boolean }[] };
    expect(
      checks.filter(({ name }) => ['factors', 'sessions', 'recovery_codes', 'audit'].includes(name)),
    ).toEqual(
      ['sessions', 'factors', 'recovery_codes', 'audit'].map((name) =>
        expect.objectContaining({ name, ok: true }),
      ),
    );
  });

  test('suspended there, suspended here; without a password, the way to one is a mail', async () => {
    const { house } = office;
    expect(await reaches(house, 'off@example.org')).toBe(422);
    expect(await reaches(house, 'federated@example.org')).toBe(422);
    await house.browser().submit('/forgot-password', { email: 'federated@example.org' });
    const link = await house.link('federated@example.org', '/invitation');
    expect((await house.browser().get(link)).status).toBe(200);
  });

  test('roles of the other system are not ours; groups and language come along', async () => {
    const shown = JSON.parse((await office.run('account', 'show', 'sha256@example.org', '--json')).stdout);
    expect(shown).toMatchObject({ name: 'Ann sha256', roles: ['member'], addresses: [{ proven: true }] });
    const rows = await office.house.app.database.db
      .selectFrom('group_member')
      .innerJoin('people_group', 'people_group.id', 'group_member.group_id')
      .innerJoin('account', 'account.id', 'group_member.account_id')
      .select(['people_group.name', 'account.email'])
      .orderBy('people_group.name')
      .execute();
    expect(rows).toEqual([
      { name: 'Team', email: 'sha256@example.org' },
      { name: 'Team/North', email: 'sha256@example.org' },
    ]);
    const { browser, answer } = knock(office.house, 'sha512@example.org');
    await answer;
    expect((await browser.get('/account')).body).toContain('<html lang="es">');
  });

  test('each has a record in a whole chain', async () => {
    const events = await office.house.app.database.db
      .selectFrom('audit_event')
      .selectAll()
      .where('event', '=', 'account.imported')
      .execute();
    expect(events).toHaveLength(9);
    expect(events[0]).toMatchObject({ actor: 'operator', detail: '{"from":"keycloak"}', outcome: 'success' });
    expect((await office.run('audit', 'verify')).code).toBe(0);
  });

  test('a hash that nobody could check refuses the import, and so does one that would cost too much', async () => {
    const dear = keycloakPassword('argon2');
    const { code, report } = await office.bring('keycloak', {
      users: [
        user('one', {
          credentials: [{ ...dear, credentialData: dear.credentialData.replace('"7168"', '"1048576"') }],
        }),
        user('two', { credentials: [{ type: 'password', secretData: '{}', credentialData: 'x' }] }),
        user('three', { credentials: [{ type: 7 }] }),
        user('four'),
      ],
    });
    expect(code).toBe(1);
    expect(report.problems).toEqual([
      { place: 'users[0]', problem: 'the password hash takes too much time or memory to check' },
      { place: 'users[1]', problem: 'the password hash is of an unknown kind' },
      { place: 'users[2]', problem: 'credentials[0].type: is not of type string' },
    ]);
    expect(await reaches(office.house, 'four@example.org')).toBe(422);
  });
});
