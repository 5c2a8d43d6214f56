import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import {
  answerRecovery,
  answerTotp,
  countOf,
  halfSignedIn,
  halfSignedInTimes,
  MINUTE,
  planted,
  recordsOf,
  SECOND,
  seesAccount,
  somebody,
  somebodyProtected,
  tokenOf,
  wrongCode,
} from '../kit/attack-kit.ts';
import type { Page } from '../kit/browser.ts';
import { ENGINES, openHouse } from '../kit/house.ts';
import { appCode, enterPassword, readEnrolment } from '../kit/people.ts';
import { sharedHouse, sharedTwin } from '../kit/shared-house.ts';

const times = <T>(count: number, work: (nth: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, nth) => work(nth)));

function noFaults(answers: readonly Page[]): void {
  for (const { status, body } of answers) expect(status, body.slice(0, 600)).toBeLessThan(500);
}

describe.each(ENGINES)('what comes at the same time, on %s', (engine) => {
  const house = sharedHouse({ engine });
  const twin = sharedTwin(house);

  test('R33/R11: twenty wrong codes at once in one sign-in check five, quickly and without a fault', async () => {
    const { person, secret } = await planted(house);
    const browser = await halfSignedIn(house, person);
    const start = performance.now();
    const answers = await times(20, (n) => answerTotp(browser, wrongCode(house, secret, n)));
    const took = performance.now() - start;
    noFaults(answers);
    expect(answers.filter(({ status }) => status === 422)).toHaveLength(5);
    expect(answers.filter(({ status }) => status === 303)).toHaveLength(15);
    const wrong = (await recordsOf(house, person, 'sign_in.factor')).filter(
      ({ outcome }) => outcome === 'failure',
    );
    expect(wrong).toHaveLength(5);
    // A deadlock on PostgreSQL is found after a second: there must be none.
    expect(took).toBeLessThan(10_000);
  });

  test('R11: a burst over thirty sign-ins on two processes cannot check more than ten', async () => {
    const { person, secret } = await planted(house);
    const browsers = await Promise.all(
      Array.from({ length: 30 }, async (_, n) => halfSignedIn(n % 2 ? twin : house, person)),
    );
    const answers = await Promise.all(
      browsers.flatMap((browser, n) => [
        answerTotp(browser, wrongCode(house, secret, 2 * n)),
        answerTotp(browser, wrongCode(house, secret, 2 * n + 1)),
      ]),
    );
    noFaults(answers);
    expect(answers.filter(({ status }) => status === 422)).toHaveLength(10);
    for (const { status, headers } of answers) {
      if (status !== 422) expect([status, Number(headers['retry-after']) > 0]).toEqual([429, true]);
    }
    const held = await recordsOf(house, person, 'codes.held');
    expect(held).toHaveLength(1);
  });

  test('R11: the right code in the middle of a burst gets in once and excuses only what was decided', async () => {
    const { person, secret } = await planted(house);
    const browsers = await Promise.all(
      Array.from({ length: 12 }, (_, n) => halfSignedIn(n % 2 ? twin : house, person)),
    );
    const answers = await Promise.all(
      browsers.map((browser, n) =>
        answerTotp(browser, n === 4 ? appCode(house, secret) : wrongCode(house, secret, n)),
      ),
    );
    noFaults(answers);
    expect(answers.filter(({ location }) => location === '/').length).toBeLessThanOrEqual(1);
    expect(answers.filter(({ status }) => status === 422).length).toBeLessThanOrEqual(19);
  });

  test('A17: two valid proofs in one sign-in at once make one session, and the loser is unspent', async () => {
    for (let round = 0; round < 4; round++) {
      const { person, secret, codes } = await planted(house);
      const browser = await halfSignedIn(house, person);
      const sessions = await countOf(house, 'session', person);
      const code = appCode(house, secret);
      const answers = await Promise.all([
        answerTotp(browser, code),
        answerRecovery(browser, codes[0] as string),
      ]);
      noFaults(answers);
      expect(await countOf(house, 'session', person)).toBe(sessions + 1);
      const totpWon = answers[0]?.location === '/';
      expect(answers.filter(({ location }) => location === '/')).toHaveLength(1);
      const next = await halfSignedIn(house, person);
      const loser = totpWon ? await answerRecovery(next, codes[0] as string) : await answerTotp(next, code);
      expect(loser.location).toBe('/');
    }
  });

  test('A17: of two sign-ins in two browsers one completes, the other stays pending', async () => {
    const { person, secret } = await planted(house);
    const [one, two] = [await halfSignedIn(house, person), await halfSignedIn(twin, person)];
    expect((await answerTotp(one, appCode(house, secret))).location).toBe('/');
    expect(await seesAccount(two)).toBe(false);
    expect((await two.get('/sign-in/factor')).status).toBe(200);
    house.clock.advance(30 * SECOND);
    expect((await answerTotp(two, appCode(house, secret))).location).toBe('/');
  });

  test('R38: confirming twice at once is no fault', async () => {
    const { person, browser } = await somebodyProtected(house);
    const answers = await times(8, () => browser.post('/confirm', { password: person.password }));
    noFaults(answers);
    expect(answers.filter(({ location }) => location === '/confirm/factor').length).toBeGreaterThan(0);
  });

  test('R38: one step-up answered twice at once is granted once', async () => {
    const { person, browser, secret } = await somebodyProtected(house);
    house.clock.advance(11 * MINUTE);
    await browser.submit('/confirm', { password: person.password });
    const cookie = browser.cookies.get('session') as string;
    const code = appCode(house, secret);
    const clones = Array.from({ length: 10 }, (_, n) => {
      const clone = (n % 2 ? twin : house).browser();
      clone.cookies.set('session', cookie);
      return clone;
    });
    const answers = await Promise.all(clones.map((clone) => clone.post('/confirm/factor/totp', { code })));
    noFaults(answers);
    expect(answers.filter(({ location }) => location === '/').length).toBe(1);
    const seeing = await Promise.all(clones.map(seesAccount));
    expect(seeing.filter(Boolean)).toHaveLength(1);
  });

  test('A17/R38: two valid proofs for one step-up at once are one step-up, and the loser is unspent', async () => {
    for (let round = 0; round < 4; round++) {
      const { person, browser, secret, codes } = await somebodyProtected(house);
      await browser.post('/confirm', { password: person.password });
      const clone = twin.browser();
      for (const [name, value] of browser.cookies) clone.cookies.set(name, value);
      const code = appCode(house, secret);
      const answers = await Promise.all([
        browser.post('/confirm/factor/totp', { code }),
        clone.post('/confirm/factor/recovery-code', { code: codes[0] as string }),
      ]);
      noFaults(answers);
      const granted = answers.map(({ location }) => location === '/' || location === '/account/security');
      expect(granted.filter(Boolean)).toHaveLength(1);
      const next = await halfSignedIn(house, person);
      const loser = granted[0] ? answerRecovery(next, codes[0] as string) : answerTotp(next, code);
      expect((await loser).location).toBe('/');
    }
  });

  test('R50/R83: signing out while confirming, changing the password or disabling is a refusal, never a fault', async () => {
    const actions: readonly ((
      browser: Awaited<ReturnType<typeof halfSignedIn>>,
      password: string,
    ) => Promise<Page>)[] = [
      (browser, password) => browser.post('/confirm', { password }),
      (browser, password) => browser.post('/account/security/disable', { password }),
      (browser, password) =>
        browser.post('/account/password', {
          current_password: password,
          new_password: 'brisk-teal-heron-77',
        }),
    ];
    for (const action of actions) {
      const { person, browser } = await somebodyProtected(house);
      const elsewhere = twin.browser();
      elsewhere.cookies.set('session', browser.cookies.get('session') as string);
      const answers = await Promise.all([action(browser, person.password), elsewhere.post('/sign-out')]);
      noFaults(answers);
      expect(await countOf(house, 'session', person)).toBeLessThanOrEqual(1);
    }
  });

  test('R50/R83: the same for a person without a second step', async () => {
    const person = await somebody(house);
    const browser = house.browser();
    await enterPassword(browser, person);
    const elsewhere = twin.browser();
    elsewhere.cookies.set('session', browser.cookies.get('session') as string);
    const answers = await Promise.all([
      browser.post('/confirm', { password: person.password }),
      elsewhere.post('/sign-out'),
    ]);
    noFaults(answers);
    expect(await seesAccount(elsewhere)).toBe(false);
  });

  test('R41: disabling ten times at once disables once', async () => {
    const { person, browser } = await somebodyProtected(house);
    const cookie = browser.cookies.get('session') as string;
    const clones = Array.from({ length: 6 }, (_, n) => {
      const clone = (n % 2 ? twin : house).browser();
      clone.cookies.set('session', cookie);
      return clone;
    });
    const answers = await Promise.all(
      clones.map((clone) => clone.post('/account/security/disable', { password: person.password })),
    );
    noFaults(answers);
    expect(answers.filter(({ location }) => location === '/account/security')).toHaveLength(1);
    expect(await recordsOf(house, person, 'two_factor.disabled')).toHaveLength(1);
    expect(await countOf(house, 'recovery_code', person)).toBe(0);
  });

  test('R35/R5: a password changed on one process ends a sign-in that is half-way on another', async () => {
    const { person, browser, secret } = await somebodyProtected(house);
    for (let round = 0; round < 3; round++) {
      const half = await halfSignedIn(twin, person);
      const next = `brisk-teal-heron-${round}`;
      const [changed, answered] = await Promise.all([
        browser.post('/account/password', {
          current_password: round === 0 ? person.password : `brisk-teal-heron-${round - 1}`,
          new_password: next,
        }),
        answerTotp(half, appCode(house, secret)),
      ]);
      noFaults([changed, answered]);
      if (changed.status === 303) {
        // Whichever came first: a session that the old password began does not outlive the change.
        expect(await seesAccount(half)).toBe(false);
      }
      Object.assign(person, { password: changed.status === 303 ? next : person.password });
      house.clock.advance(30 * SECOND);
    }
  });

  test('R35: switching 2FA on while the password signs in elsewhere leaves no session that knows the password alone', async () => {
    for (let round = 0; round < 4; round++) {
      const person = await somebody(house);
      const browser = house.browser();
      await enterPassword(browser, person);
      const { secret } = readEnrolment((await browser.get('/account/security/totp')).body);
      const others = [twin, house, twin].map((at) => at.browser());
      const answers = await Promise.all([
        browser.post('/account/security/totp', { code: appCode(house, secret) }),
        ...others.map((other) => enterPassword(other, person)),
      ]);
      noFaults(answers);
      expect(answers[0]?.status).toBe(303);
      for (const other of others) expect(await seesAccount(other)).toBe(false);
      expect(await countOf(house, 'session', person)).toBe(1);
    }
  });

  test('R44/R35: a reset while the second step is answered leaves no session of the old password', async () => {
    for (let round = 0; round < 3; round++) {
      const { person, secret } = await planted(house);
      await house.browser().post('/forgot-password', { email: person.email });
      const token = tokenOf(await house.link(person.email, '/reset-password'));
      const half = await halfSignedIn(twin, person);
      const answers = await Promise.all([
        house.browser().post('/reset-password', { token, password: 'brisk-teal-heron-77' }),
        answerTotp(half, appCode(house, secret)),
      ]);
      noFaults(answers);
      expect(answers[0]?.location).toBe('/sign-in');
      expect(await seesAccount(half)).toBe(false);
      expect(await countOf(house, 'session', person)).toBe(0);
    }
  });

  test('R29: one enrolment pass used five times at once becomes one session and one factor', async () => {
    const boss = await somebody(house, { roles: 'admin' });
    const browser = house.browser();
    await enterPassword(browser, boss);
    const token = tokenOf(await house.link(boss.email, '/enrol'));
    expect((await browser.post('/enrol', { token })).location).toBe('/account/security');
    const { secret } = readEnrolment((await browser.get('/account/security/totp')).body);
    const clones = Array.from({ length: 5 }, (_, n) => {
      const clone = (n % 2 ? twin : house).browser();
      clone.cookies.set('enrolment', browser.cookies.get('enrolment') as string);
      return clone;
    });
    const code = appCode(house, secret);
    const answers = await Promise.all(clones.map((clone) => clone.post('/account/security/totp', { code })));
    noFaults(answers);
    expect(await countOf(house, 'session', boss)).toBe(1);
    expect(await countOf(house, 'factor', boss)).toBe(1);
    expect((await Promise.all(clones.map(seesAccount))).filter(Boolean)).toHaveLength(1);
  });

  test('R81: what is rolled back is never seen by anybody', async () => {
    const { database } = house.app;
    let seen = 0;
    let on = true;
    const reader = (async () => {
      while (on) {
        const row = await database.db
          .selectFrom('meta')
          .select('value')
          .where('key', '=', 'ghost')
          .executeTakeFirst();
        if (row) seen++;
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    for (let round = 0; round < 20; round++) {
      await database
        .transaction(async (tx) => {
          await tx.insertInto('meta').values({ key: 'ghost', value: 'boo' }).execute();
          await tx.selectFrom('meta').select('key').execute();
          throw new Error('rolled back');
        })
        .catch(() => {});
    }
    on = false;
    await reader;
    expect(seen).toBe(0);
  });
});

describe('where PostgreSQL is set to serializable', () => {
  test('A1/A23: a code and a recovery code are still taken once, and nothing is a fault', async () => {
    const house = await openHouse({ engine: 'postgres' });
    try {
      const { db } = house.app.database;
      await sql`do $$ begin
        execute format('alter database %I set default_transaction_isolation = ''serializable''', current_database());
      end $$`.execute(db);
      const twin = await house.twin();
      const { person, secret, codes } = await planted(twin);
      const browsers = await halfSignedInTimes(twin, person, 12);
      const code = appCode(house, secret);
      const answers = await Promise.all(
        browsers.map((browser, n) =>
          n % 2 ? answerTotp(browser, code) : answerRecovery(browser, codes[0] as string),
        ),
      );
      for (const { status } of answers) expect([303, 422, 503]).toContain(status);
      expect(await countOf(twin, 'session', person)).toBeLessThanOrEqual(2);
      const inside = await Promise.all(browsers.map(seesAccount));
      expect(inside.filter((_, n) => n % 2 === 0).filter(Boolean).length).toBeLessThanOrEqual(1);
      expect(inside.filter((_, n) => n % 2 === 1).filter(Boolean).length).toBeLessThanOrEqual(1);
    } finally {
      await house.close();
    }
  });
});
