import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as client from 'openid-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifyAudit } from '../../src/audit/verify.ts';
import { answerRecovery, answerTotp, tokenOf, wrongCode } from '../kit/attack-kit.ts';
import { Authenticator } from '../kit/authenticator.ts';
import type { Browser } from '../kit/browser.ts';
import { ENGINES, type House } from '../kit/house.ts';
import { addKey, answerKey, keyRow, signInWithKey } from '../kit/keys.ts';
import {
  addPerson,
  addProtectedPerson,
  appCode,
  enterPassword,
  isSignedIn,
  signIn,
  suspend,
} from '../kit/people.ts';
import { ask, openRelyingParty, redeem, registerApp, visitApp } from '../kit/relying-party.ts';
import { openSource } from './backup-kit.ts';

/** The house goes on all the while, with its connections to what is replaced. */
describe.each(ENGINES)('R82: a restore over the installation that the backup is of, on %s', (engine) => {
  type Protected = Awaited<ReturnType<typeof addProtectedPerson>>;
  let source: Awaited<ReturnType<typeof openSource>>;
  let house: House;
  let folder: string;
  let file: string;
  let restored: Record<string, number | string | null>;
  let [ann, bob, eve, dan, flo] = [] as unknown as Protected[];
  const key = new Authenticator();
  const before: Record<string, Browser> = {};
  let [spent, next, resetLink] = ['', '', ''];
  let signatures = 0;
  let tokens: Awaited<ReturnType<typeof redeem>>;
  let registered: Awaited<ReturnType<typeof registerApp>>;

  const is = (which: Protected | undefined) => which as Protected;
  const asides = () => {
    const dataDir = house.app.deps.config.dataDir;
    return readdirSync(dataDir).filter((name) => name.startsWith('replaced-'));
  };
  const person = (email: string) => source.run('account', 'show', email, '--json');

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'countersign-backup-'));
    file = join(folder, 'house.backup');
    source = await openSource(engine, 60 * 60_000);
    house = source.house;
    const add = (name: string) => addProtectedPerson(house, { email: `${name}@example.org` });
    ann = await add('ann');
    bob = await add('bob');
    eve = await add('eve');
    dan = await add('dan');
    flo = await add('flo');
    await addKey(ann.browser, key, { label: 'Blue key' });
    registered = await registerApp(house);
    source.catchUp();
    // Within the ten minutes before the backup: no reason to take anybody's codes away.
    await signIn(house, bob.browser, bob.person, bob.secret);
    source.catchUp();
    expect((await source.run('backup', file)).code).toBe(0);

    // Since then. The second code is that of the next step, which is taken too.
    before['signed in since'] = house.browser();
    await enterPassword(before['signed in since'], ann.person);
    spent = appCode(house, ann.secret, 1);
    expect((await answerTotp(before['signed in since'], spent)).status).toBe(303);
    const rescued = house.browser();
    await enterPassword(rescued, ann.person);
    await answerRecovery(rescued, ann.codes[3] as string);
    expect(await isSignedIn(rescued)).toBe(true);
    await signInWithKey(house, ann.person, key);
    signatures = Number((await keyRow(house, key))?.counter);
    before['half signed in'] = house.browser();
    await enterPassword(before['half signed in'], ann.person);
    const rp = await openRelyingParty(house, registered);
    const asked = await ask(rp, { scope: 'openid offline_access', prompt: 'consent' });
    tokens = await redeem(rp, await visitApp(before['signed in since'], asked), asked);
    await house.browser().post('/forgot-password', { email: ann.person.email });
    resetLink = await house.link(ann.person.email, '/reset-password');
    const guesser = house.browser();
    await enterPassword(guesser, eve.person);
    for (let nth = 0; nth < 4; nth++) await answerTotp(guesser, wrongCode(house, eve.secret, nth));
    await suspend(house, dan.person);
    await house.app.database.db.deleteFrom('account').where('id', '=', flo.person.id).execute();
    await addPerson(house, { email: 'new@example.org' });
    source.catchUp();

    const done = await source.run('restore', file, '--json');
    expect([done.stderr, done.code]).toEqual(['', 0]);
    restored = done.json();
    source.catchUp();
    next = appCode(house, is(ann).secret, 2);
  }, 120_000);
  afterAll(async () => {
    await house.close();
    rmSync(folder, { recursive: true });
  });

  test('says what was done, and keeps what was there in a file for its owner’s eyes only', async () => {
    expect(restored).toMatchObject({ lost_codes: 4, mails: 3, suspended: 2, files: 0 });
    const path = restored['replaced'] as string;
    expect(asides().map((name) => join(house.app.deps.config.dataDir, name))).toEqual([path]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect((await person('new@example.org')).code).toBe(1);
  });

  test.each(['signed in since', 'half signed in'])('a browser that was %s is not', async (which) => {
    const browser = before[which] as Browser;
    expect(await isSignedIn(browser)).toBe(false);
    expect((await browser.get('/sign-in/factor')).location).toBe('/sign-in');
  });

  test('codes of the app up to the last that was used are spent, the next one is taken at once', async () => {
    const browser = house.browser();
    await enterPassword(browser, is(ann).person);
    for (const code of [spent, appCode(house, is(ann).secret), appCode(house, is(ann).secret, -1)])
      expect((await answerTotp(browser, code)).status).toBe(422);
    source.clock.advance(30_000);
    expect((await answerTotp(browser, next)).status).toBe(303);
    expect(await isSignedIn(browser)).toBe(true);
  });

  test('who has done nothing since waits for no longer than the code that is shown', async () => {
    const browser = house.browser();
    await enterPassword(browser, is(bob).person);
    expect((await answerTotp(browser, appCode(house, is(bob).secret))).status).toBe(303);
  });

  test('who keeps their recovery codes is not told to make new ones', async () => {
    const told = async (email: string) =>
      (await house.mails(email)).find(({ subject }) => subject.includes('restored'))?.text;
    expect(await told('ann@example.org')).toContain('make new recovery codes');
    const toBob = await told('bob@example.org');
    expect(toBob).toContain('Check your second steps here:');
    expect(toBob).not.toContain('ecovery codes');
  });

  test('a key’s counter goes on from the last signature', async () => {
    expect(Number((await keyRow(house, key))?.counter)).toBe(signatures);
    const browser = house.browser();
    await enterPassword(browser, is(ann).person);
    await answerKey(browser, key);
    expect(await isSignedIn(browser)).toBe(true);
  });

  test('recovery codes work for who was not active since, and for nobody else', async () => {
    for (const [one, works] of [
      [ann, false],
      [bob, true],
      [eve, false],
    ] as const) {
      const browser = house.browser();
      await enterPassword(browser, is(one).person);
      await answerRecovery(browser, is(one).codes[5] as string);
      expect([is(one).person.email, await isSignedIn(browser)]).toEqual([is(one).person.email, works]);
    }
  });

  test('links and tokens are dead', async () => {
    const password = 'velvet-anchor-thirty-9';
    const answer = await house.browser().post('/reset-password', { token: tokenOf(resetLink), password });
    expect(answer.status).toBe(422);
    const rp = await openRelyingParty(house, registered);
    await expect(client.refreshTokenGrant(rp, tokens.refresh_token as string)).rejects.toMatchObject({
      error: 'invalid_grant',
    });
    await expect(client.fetchUserInfo(rp, tokens.access_token, is(ann).person.id)).rejects.toThrow();
  });

  test('R11: wrong codes since are still counted', async () => {
    const { run } = await house.app.database.db
      .selectFrom('guess_budget')
      .select('run')
      .where('account_id', '=', is(eve).person.id)
      .executeTakeFirstOrThrow();
    // Four, and the recovery code of above.
    expect(run).toBeGreaterThanOrEqual(4);
  });

  test('who was suspended or erased since does not come in', async () => {
    for (const one of [dan, flo]) {
      const { email } = is(one).person;
      expect((await person(email)).json<{ suspended_at: unknown }>().suspended_at).not.toBe(null);
      expect((await enterPassword(house.browser(), is(one).person)).location).not.toBe('/sign-in/factor');
    }
  });

  test('the records are whole and go on, and the house tells everybody who can sign in', async () => {
    expect(await verifyAudit(house.app.deps)).toMatchObject({ ok: true, problems: [] });
    expect((await source.run('audit', 'verify')).code).toBe(0);
    source.catchUp();
    source.clock.advance(5_000);
    const told = async (email: string) =>
      (await house.mails(email)).filter(({ subject }) => subject.includes('restored')).length;
    expect([
      await told('ann@example.org'),
      await told('dan@example.org'),
      await told('flo@example.org'),
    ]).toEqual([1, 0, 0]);
  });

  test('the way back: what was there is restored from its file, and what was used since stays used', async () => {
    const again = house.browser();
    await enterPassword(again, is(bob).person);
    source.catchUp();
    const done = await source.run('restore', restored['replaced'] as string, '--json');
    expect([done.stderr, done.code]).toEqual(['', 0]);
    expect((await person('new@example.org')).code).toBe(0);
    expect((await person(is(flo).person.email)).code).toBe(1);
    expect((await source.run('audit', 'verify')).code).toBe(0);
    const browser = house.browser();
    await enterPassword(browser, is(bob).person);
    // Spent between the two restores.
    await answerRecovery(browser, is(bob).codes[5] as string);
    expect(await isSignedIn(browser)).toBe(false);
    // Of the first backup, this database can't tell any more what was used since: all codes are void.
    const third = await source.run('restore', file, '--json');
    expect(third.code).toBe(0);
    expect(third.json()).toMatchObject({ lost_codes: 5 });
    expect(asides().length).toBe(3);
  });
});
