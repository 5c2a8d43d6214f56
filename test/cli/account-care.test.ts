import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ENGINES, type EngineName, type House } from '../kit/house.ts';
import {
  addPerson,
  addProtectedPerson,
  appCode,
  enterPassword,
  isSignedIn,
  PASSWORD,
  signIn,
} from '../kit/people.ts';
import { openOffice, type Run } from './operator.ts';

describe.each(ENGINES)(
  'the operator looks after accounts beside a running server on %s',
  (engine: EngineName) => {
    let house: House;
    let run: Run;
    beforeAll(async () => {
      ({ house, run } = await openOffice({ engine }));
    });
    afterAll(() => house.close());

    async function eventsOf(id: string): Promise<{ event: string; actor: string; detail: object }[]> {
      const { pseudonym } = await house.app.deps.database.db
        .selectFrom('account')
        .select('pseudonym')
        .where('id', '=', id)
        .executeTakeFirstOrThrow();
      const { lines } = await run('audit', 'export', '--since', '0');
      return lines.map((line) => JSON.parse(line)).filter(({ subject }) => subject === pseudonym);
    }

    const versionOf = async (id: string) =>
      (
        await house.app.deps.database.db
          .selectFrom('account')
          .select('security_version')
          .where('id', '=', id)
          .executeTakeFirstOrThrow()
      ).security_version;

    test('suspend: sessions, half-finished sign-ins and links end at once; restore lets the person in again', async () => {
      const { person, browser, secret } = await addProtectedPerson(house, { email: 'sue@example.org' });
      const half = house.browser();
      await enterPassword(half, person);
      const before = await versionOf(person.id);

      const { code, json } = await run('account', 'suspend', 'Sue@example.org', '--json');
      expect([code, json()]).toEqual([
        0,
        { id: person.id, email: person.email, suspended: true, sessions: 1 },
      ]);
      expect(await isSignedIn(browser)).toBe(false);
      expect((await half.post('/sign-in/factor/totp', { code: appCode(house, secret) })).location).toBe(
        '/sign-in',
      );
      expect((await enterPassword(house.browser(), person)).status).toBe(422);
      expect(await versionOf(person.id)).toBeGreaterThan(before);
      expect((await run('account', 'show', person.email, '--json')).json()).toMatchObject({
        suspended: true,
        sessions: 0,
      });

      expect((await run('account', 'suspend', person.email)).lines).toEqual([
        'sue@example.org was already suspended.',
      ]);
      expect((await run('account', 'restore', person.email)).lines).toEqual([
        'sue@example.org can sign in again.',
      ]);
      expect((await run('account', 'restore', person.email)).lines).toEqual([
        'sue@example.org was not suspended.',
      ]);
      expect(await isSignedIn(browser)).toBe(false);
      expect((await signIn(house, house.browser(), person, secret)).status).toBe(303);
      const told = (await eventsOf(person.id)).filter(({ actor }) => actor === 'operator');
      expect(told.map(({ event }) => event)).toEqual(['account.suspended', 'account.restored']);
    });

    test('the last active administrator stays, also when the last two are suspended at the same time', async () => {
      const one = await addPerson(house, { email: 'one@example.org', roles: 'admin' });
      const two = await addPerson(house, { email: 'two@example.org', roles: 'admin' });
      const answers = await Promise.all(
        [one, two].map(({ email }) => run('account', 'suspend', email, '--json')),
      );
      expect(answers.map(({ code }) => code).sort()).toEqual([0, 1]);
      const refused = answers.find(({ code }) => code === 1);
      expect(JSON.parse(refused?.stderr ?? '')).toEqual({
        code: 'last_administrator',
        message:
          'This is the last administrator. Make somebody else one first; who is only invited does not count yet.',
      });
    });

    test('R70: who was invited as administrator and has not come yet is none to leave the house to', async () => {
      // Of the test before one administrator is left, who has a password.
      const all = (await run('account', 'list', '--json')).lines.map((line) => JSON.parse(line));
      const last = all.find(({ roles, suspended }) => roles.includes('admin') && !suspended);
      await run('account', 'create', '--email', 'new@example.org', '--name', 'New', '--role', 'admin');
      for (const [verb, ...rest] of [['suspend'], ['delete', '--reason', 'Left']] as const) {
        const refused = await run('account', verb, last.email, ...rest, '--json');
        expect([refused.code, JSON.parse(refused.stderr || '{}').code]).toEqual([1, 'last_administrator']);
      }
      expect((await run('account', 'suspend', 'new@example.org')).code).toBe(0);
    });

    test('reset-two-factor: every factor and code goes, every session ends, and the person is told why', async () => {
      const { person, browser, secret, codes } = await addProtectedPerson(house, {
        email: 'roy@example.org',
      });
      const half = house.browser();
      await enterPassword(half, person);
      const before = await versionOf(person.id);

      const long = await run('account', 'reset-two-factor', person.email, '--reason', 'a'.repeat(241));
      expect([long.code, long.stderr]).toEqual([2, expect.stringContaining('at most 240 characters')]);
      const reason = 'Lost his phone, called from his desk';
      const { code, json } = await run(
        'account',
        'reset-two-factor',
        person.email,
        '--reason',
        reason,
        '--json',
      );
      expect([code, json()]).toEqual([
        0,
        { id: person.id, email: person.email, two_factor: false, sessions: 1 },
      ]);
      expect(await isSignedIn(browser)).toBe(false);
      expect(await versionOf(person.id)).toBeGreaterThan(before);
      for (const answer of [
        half.post('/sign-in/factor/totp', { code: appCode(house, secret) }),
        half.post('/sign-in/factor/recovery-code', { code: codes[0] as string }),
      ]) {
        expect((await answer).location).toBe('/sign-in');
      }
      const title = 'An administrator reset your two-factor authentication';
      const mail = (await house.mails(person.email)).find(({ subject }) => subject === title);
      expect(mail?.text).toContain(reason);
      expect((await run('account', 'show', person.email, '--json')).json()).toMatchObject({
        two_factor: false,
        factors: [],
        recovery_codes_left: 0,
      });
      expect(await eventsOf(person.id)).toContainEqual(
        expect.objectContaining({
          event: 'two_factor.reset_by_operator',
          actor: 'operator',
          detail: { reason, factors: 1, sessions: 1 },
        }),
      );
      expect((await enterPassword(house.browser(), person)).location).toBe('/');

      const again = await run('account', 'reset-two-factor', person.email, '--reason', reason, '--json');
      expect([again.code, JSON.parse(again.stderr).code]).toEqual([1, 'no_two_factor']);
    });

    test('unlock: a hold on codes and a wait for the password end; both are shown before', async () => {
      const { person, secret } = await addProtectedPerson(house, { email: 'una@example.org' });
      for (let round = 0; round < 2; round++) {
        const guesser = house.browser();
        await enterPassword(guesser, person);
        for (let guess = 0; guess < 5; guess++)
          await guesser.post('/sign-in/factor/totp', { code: '000000' });
      }
      const stranger = house.browser();
      stranger.network = '192.0.2.7';
      for (let guess = 0; guess < 10; guess++)
        await enterPassword(stranger, { ...person, password: 'wrong' });
      expect((await enterPassword(stranger, person)).status).toBe(429);
      const locked = await run('account', 'show', person.email, '--json');
      expect(locked.json()).toMatchObject({
        holds: [
          { on: 'codes', until: expect.any(Number) },
          { on: 'password', from: 'network', until: expect.any(Number) },
        ],
      });
      expect((await run('account', 'show', person.email)).stdout).toMatch(
        /on hold +one-time codes, until 20/,
      );

      expect((await run('account', 'unlock', person.email)).code).toBe(0);
      expect((await run('account', 'show', person.email, '--json')).json()).toMatchObject({ holds: [] });
      expect((await enterPassword(stranger, person)).location).toBe('/sign-in/factor');
      expect((await stranger.post('/sign-in/factor/totp', { code: appCode(house, secret) })).status).toBe(
        303,
      );
      expect(await eventsOf(person.id)).toContainEqual(
        expect.objectContaining({ event: 'account.unlocked', actor: 'operator' }),
      );
    });

    test('setup-link: a new one works, also beside an administrator, and the one before is dead', async () => {
      const first = (await run('setup-link')).stdout.trim();
      const { code, json } = await run('setup-link', '--json');
      expect(code).toBe(0);
      const { url } = json<{ url: string }>();
      expect(url).toMatch(/^http:\/\/localhost:3000\/setup\?token=[\w-]{43}$/);
      const path = (link: string) => link.slice('http://localhost:3000'.length);
      const browser = house.browser();
      expect((await browser.get(path(first))).status).toBe(422);
      const page = await browser.get(path(url));
      expect(page.status).toBe(200);
      const fields = {
        token: page.field('token'),
        name: 'Eve',
        email: 'eve@example.org',
        password: PASSWORD,
      };
      expect((await browser.post('/setup', fields)).location).toBe('/account/security');
      expect((await run('account', 'show', 'eve@example.org', '--json')).json()).toMatchObject({
        roles: ['admin'],
      });
    });

    test('an account that is suspended keeps its invitation closed', async () => {
      await run('account', 'create', '--email', 'ivy@example.org', '--name', 'Ivy');
      await run('account', 'suspend', 'ivy@example.org');
      expect((await house.browser().get(await house.link('ivy@example.org', '/invitation'))).status).toBe(
        422,
      );
    });
  },
);
