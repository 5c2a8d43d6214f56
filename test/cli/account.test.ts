import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ENGINES, type EngineName, exceptSignIns, type House } from '../kit/house.ts';
import { addProtectedPerson, enterPassword, isSignedIn, PASSWORD } from '../kit/people.ts';
import { openOffice, operate, type Run } from './operator.ts';

interface Created {
  id: string;
  email: string;
  name: string;
  roles: string[];
  invitation: string | null;
}

describe.each(ENGINES)(
  'account create, list and show beside a running server on %s',
  (engine: EngineName) => {
    let house: House;
    let run: Run;
    beforeAll(async () => {
      ({ house, run } = await openOffice({ engine }));
    });
    afterAll(() => house.close());

    test('without a password: a link, printed and mailed, with which the person chooses one', async () => {
      const { code, stderr, json, lines } = await run(
        ...['account', 'create', '--email', 'Ann@Example.ORG', '--name', ' Ann ', '--json'],
      );
      expect([code, stderr, lines.length]).toEqual([0, '', 1]);
      const made = json<Created>();
      expect(made).toEqual({
        id: expect.stringMatching(/^[0-9a-f]{32}$/),
        email: 'Ann@example.org',
        name: 'Ann',
        roles: ['member'],
        invitation: expect.stringMatching(/^http:\/\/localhost:3000\/invitation\?token=[\w-]{43}$/),
      });
      const link = await house.link('Ann@example.org', '/invitation');
      expect(`http://localhost:3000${link}`).toBe(made.invitation);

      const browser = house.browser();
      const page = await browser.get(link);
      const fields = { token: page.field('token'), name: 'Ann', password: PASSWORD };
      expect((await browser.post('/invitation', fields)).location).toBe('/sign-in');
      await enterPassword(browser, { id: made.id, email: 'ann@example.org', password: PASSWORD });
      expect(await isSignedIn(browser)).toBe(true);
    });

    test('for people: who has an account, and the link alone on a line', async () => {
      const { code, lines } = await run(
        'account',
        'create',
        '--email',
        'bo@example.org',
        '--name',
        'Bo',
        '--role',
        'admin',
      );
      expect(code).toBe(0);
      expect(lines[0]).toBe('Bo <bo@example.org> has an account.');
      expect(lines[2]).toMatch(/^http:\/\/localhost:3000\/invitation\?token=[\w-]{43}$/);
      expect(lines).toHaveLength(3);
    });

    test('list: one line for each, by address; show: factors by kind and label, never a secret', async () => {
      const { person, secret, codes } = await addProtectedPerson(house, {
        email: 'zoe@example.org',
        name: 'Zoe',
      });
      const { lines } = await run('account', 'list', '--json');
      const listed = lines.map(
        (line) => JSON.parse(line) as Created & { two_factor: boolean; created_at: number },
      );
      expect(listed.map(({ email }) => email.toLowerCase())).toEqual(
        listed.map(({ email }) => email.toLowerCase()).sort(),
      );
      expect(listed.find(({ id }) => id === person.id)).toEqual({
        id: person.id,
        email: 'zoe@example.org',
        name: 'Zoe',
        roles: ['member'],
        two_factor: true,
        suspended: false,
        created_at: expect.any(Number),
      });
      expect((await run('account', 'list')).lines.at(-1)).toBe('zoe@example.org  Zoe  (member, 2FA on)');

      const shown = await run('account', 'show', ' ZOE@example.org', '--json');
      expect(shown.json()).toMatchObject({
        email: 'zoe@example.org',
        password: true,
        addresses: [{ address: 'zoe@example.org', kind: 'primary', proven: true }],
        factors: [{ kind: 'totp', label: expect.any(String), suspended: false }],
        recovery_codes_left: 10,
        sessions: 1,
        holds: [],
      });
      const told = shown.stdout + (await run('account', 'show', 'zoe@example.org')).stdout;
      for (const hidden of [secret, ...codes, '$argon2', PASSWORD]) expect(told).not.toContain(hidden);
    });

    test('more accounts than a page of the query: each once', async () => {
      const before = (await run('account', 'list')).lines.length;
      const { database } = house.app.deps;
      await database.transaction(async (tx) => {
        for (let index = 0; index < 1_200; index++) {
          const id = `many-${String(index).padStart(4, '0')}`;
          const email = `${id}@example.org`;
          await tx
            .insertInto('account')
            .values({ id, pseudonym: id, email, name: id, roles: '', created_at: 1 })
            .execute();
          await tx
            .insertInto('email_address')
            .values({ address_key: email, account_id: id, address: email, kind: 'primary', created_at: 1 })
            .execute();
        }
      });
      const { lines } = await run('account', 'list');
      expect(lines.length).toBe(before + 1_200);
      expect(new Set(lines).size).toBe(lines.length);
    });

    test('an account that is not there', async () => {
      for (const command of ['show', 'suspend', 'restore', 'unlock']) {
        const { code, stdout, stderr } = await run('account', command, 'nobody@example.org', '--json');
        expect([code, stdout]).toEqual([1, '']);
        expect(JSON.parse(stderr).code).toBe('not_found');
      }
      expect((await run('account', 'show', 'no address')).stderr).toContain(
        'no account with the address "no address"',
      );
    });

    test('everything is recorded as the operator’s, and the chain is whole', async () => {
      const rows = (await run('audit', 'export', '--since', '0')).lines.map((line) => JSON.parse(line));
      const made = rows.filter(({ event }) => event === 'account.created' || event === 'account.invited');
      expect(made.map(({ event }) => event)).toEqual([
        'account.created',
        'account.invited',
        'account.created',
        'account.invited',
      ]);
      expect(new Set(made.map(({ actor }) => actor))).toEqual(new Set(['operator']));
      expect(rows.every(({ link }) => link !== null)).toBe(true);
      expect((await run('audit', 'verify')).code).toBe(0);
    });
  },
);

describe('account create: what is typed', () => {
  let house: House;
  let env: Record<string, string>;
  let run: Run;
  beforeAll(async () => {
    ({ house, env, run } = await openOffice());
    await run('account', 'create', '--email', 'ann@example.org', '--name', 'Ann');
  });
  afterAll(() => house.close());

  test.each([
    ['no line break', 'quiet-lemon-harbour-77', 'quiet-lemon-harbour-77'],
    ['\\n', 'quiet-lemon-harbour-77\n', 'quiet-lemon-harbour-77'],
    ['\\r\\n', 'quiet-lemon-harbour-77\r\n', 'quiet-lemon-harbour-77'],
    ['two of them: one stays', 'quiet-lemon-harbour-77\n\n', 'quiet-lemon-harbour-77\n'],
    ['a space before it', 'quiet-lemon-harbour-77 \n', 'quiet-lemon-harbour-77 '],
    ['letters beyond ASCII', 'stille-zitröne-häfen-77\n', 'stille-zitröne-häfen-77'],
  ])('--password-stdin drops the final line break only: %s', async (name, typed, password) => {
    const email = `p${Buffer.from(name).toString('hex')}@example.org`;
    const args = ['account', 'create', '--email', email, '--name', 'Pat', '--password-stdin', '--json'];
    const { code, json } = await operate(env, args, typed);
    expect([code, json<Created>().invitation]).toEqual([0, null]);
    const browser = house.browser();
    const person = { id: '', email, password };
    expect((await enterPassword(browser, person)).location).toBe('/');
    const other = password.endsWith('77') ? `${password} ` : password.trimEnd();
    expect((await enterPassword(house.browser(), { ...person, password: other })).status).toBe(422);
    expect(exceptSignIns(await house.mails(email))).toEqual([]);
  });

  test.each([
    [
      'an address that is taken',
      'ann@example.org',
      'Ann',
      null,
      'address_taken',
      'There is already an account with this',
    ],
    [
      'the same in other letters',
      'ANN@EXAMPLE.org',
      'Ann',
      null,
      'address_taken',
      'There is already an account with this',
    ],
    ['two addresses', 'a@example.org,b@example.org', 'A', null, 'invalid_input', 'email: '],
    [
      'an address with a line break',
      'a@example.org\nBcc: b@example.org',
      'A',
      null,
      'invalid_input',
      'email: ',
    ],
    ['a name of nothing', 'c@example.org', ' ', null, 'invalid_input', 'name: '],
    ['a name of two lines', 'c@example.org', 'A\nB', null, 'invalid_input', 'name: '],
    [
      'a short password',
      'c@example.org',
      'Cy',
      'short\n',
      'invalid_input',
      'password: Use at least 12 characters',
    ],
    [
      'no password at all',
      'c@example.org',
      'Cy',
      '',
      'invalid_input',
      'password: Use at least 12 characters',
    ],
    [
      'a famous one',
      'c@example.org',
      'Cy',
      'correct horse battery staple',
      'invalid_input',
      'password: This is one of',
    ],
    [
      'their own address',
      'calliope@example.org',
      'Cy',
      'calliope@example.org',
      'invalid_input',
      'password: Don’t build it',
    ],
    [
      'one beyond 1,024 bytes',
      'c@example.org',
      'Cy',
      'é'.repeat(513),
      'malformed_request',
      'password: Use at most',
    ],
    [
      'bytes that are no text',
      'c@example.org',
      'Cy',
      Buffer.from('ff'.repeat(20), 'hex'),
      'invalid_input',
      'UTF-8',
    ],
  ])('refuses %s and makes nothing', async (_name, email, name, password, code, message) => {
    const before = await run('account', 'list');
    const mails = (await house.mails()).length;
    const args = ['account', 'create', '--email', email, '--name', name, '--json'];
    const done = await operate(env, password === null ? args : [...args, '--password-stdin'], password ?? '');
    expect([done.code, done.stdout]).toEqual([1, '']);
    expect(JSON.parse(done.stderr)).toEqual({ code, message: expect.stringContaining(message) });
    expect(await run('account', 'list')).toMatchObject({ stdout: before.stdout });
    expect((await house.mails()).length).toBe(mails);
  });
});
