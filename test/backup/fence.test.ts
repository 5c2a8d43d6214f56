import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as client from 'openid-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifyAudit } from '../../src/audit/verify.ts';
import { readEncrypted } from '../../src/backup/backup-file.ts';
import { ownerOf } from '../../src/builds/owner.ts';
import { KEPT_TABLES } from '../../src/database/backup-tables.ts';
import { withSnapshot } from '../../src/database/snapshot.ts';
import { fromBase32 } from '../../src/kit/encoding.ts';
import { answerRecovery, answerTotp, tokenOf, wrongCode } from '../kit/attack-kit.ts';
import { Authenticator, type Options } from '../kit/authenticator.ts';
import type { Browser } from '../kit/browser.ts';
import { ENGINES, type House } from '../kit/house.ts';
import { addKey, answerKey, optionsOf } from '../kit/keys.ts';
import { addProtectedPerson, appCode, enterPassword, isSignedIn, PASSWORD, signIn } from '../kit/people.ts';
import { ask, openRelyingParty, redeem, registerApp, visitApp } from '../kit/relying-party.ts';
import { emptyTarget, moved, openSource, type Target } from './backup-kit.ts';

const pairs = ENGINES.flatMap((from) => ENGINES.map((to) => [from, to] as const));

describe.each(pairs)('a restore, from %s to %s', (from, to) => {
  let source: Awaited<ReturnType<typeof openSource>>;
  let target: Target;
  let folder: string;
  let file: string;
  let ann: Awaited<ReturnType<typeof addProtectedPerson>>;
  let here: House;
  let there: House;
  const key = new Authenticator();
  const before: Record<string, Browser> = {};
  let spentCode: string;
  let resetLink: string;
  let question: Options;
  let tokens: Awaited<ReturnType<typeof redeem>>;
  let openCode: { location: string; asked: Awaited<ReturnType<typeof ask>> };
  let registered: Awaited<ReturnType<typeof registerApp>>;
  let made: { file: string; bytes: number; sha256: string };
  let restored: Record<string, number>;
  let claimed: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'countersign-backup-'));
    file = join(folder, 'house.backup');
    source = await openSource(from);
    here = source.house;
    ann = await addProtectedPerson(here);
    await addKey(ann.browser, key, { label: 'Blue key' });
    registered = await registerApp(here);
    // A run of wrong codes, that must not be forgotten.
    const bob = await addProtectedPerson(here, { email: 'bob@example.org', name: 'Bob' });
    const guesser = here.browser();
    await enterPassword(guesser, bob.person);
    for (let nth = 0; nth < 3; nth++) await answerTotp(guesser, wrongCode(here, bob.secret, nth));
    const trusted = here.browser();
    await enterPassword(trusted, ann.person);
    await trusted.post('/sign-in/factor/totp', { code: appCode(here, ann.secret), trust: 'on' });
    source.clock.advance(30_000);
    before['trusted'] = trusted;
    await signIn(here, ann.browser, ann.person, ann.secret);
    // From here on by the clock of this machine.
    source.catchUp();
    before['signed in'] = ann.browser;
    const rp = await openRelyingParty(here, registered);
    const asked = await ask(rp, { scope: 'openid offline_access', prompt: 'consent' });
    tokens = await redeem(rp, await visitApp(ann.browser, asked), asked);
    const again = await ask(rp);
    openCode = { location: await visitApp(ann.browser, again), asked: again };
    await here.browser().post('/forgot-password', { email: ann.person.email });
    resetLink = await here.link(ann.person.email, '/reset-password');
    const asking = here.browser();
    question = optionsOf(await asking.get('/sign-in'), '/sign-in/passkey');
    before['asked for a passkey'] = asking;
    const half = here.browser();
    await enterPassword(half, ann.person);
    before['half signed in'] = half;

    claimed = await ownerOf(here.app.deps);
    const answer = await source.run('backup', file, '--json');
    expect([answer.code, answer.stderr]).toEqual([0, '']);
    made = answer.json();

    // Since then: a code of the app and a recovery code are used, and a key signs in.
    const later = here.browser();
    await enterPassword(later, ann.person);
    spentCode = appCode(here, ann.secret);
    expect((await answerTotp(later, spentCode)).status).toBe(303);
    const rescued = here.browser();
    await enterPassword(rescued, ann.person);
    expect((await answerRecovery(rescued, ann.codes[3] as string)).status).toBe(303);
    before['signed in since'] = later;

    target = await emptyTarget(to, source.env);
    const done = await target.run('restore', file, '--json');
    expect([done.code, done.stderr]).toEqual([0, '']);
    restored = done.json();
    there = await target.open(source.clock);
  }, 120_000);
  afterAll(async () => {
    await source.house.close();
    await target?.remove();
    rmSync(folder, { recursive: true });
  });

  test('R82: says where the file is, how long and what it is, and it is for its owner’s eyes only', () => {
    const bytes = readFileSync(file);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    expect(made).toEqual({ file, bytes: bytes.length, sha256 });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(restored).toMatchObject({ lost_codes: 2, mails: 2, files: 0 });
  });

  test('A27/R82: neither the file nor what is in it tells a password, a secret, a code or a token', async () => {
    const raw = readFileSync(file);
    const parts: Buffer[] = [];
    for await (const part of readEncrypted(here.app.deps, file)) parts.push(part);
    const inside = Buffer.concat(parts);
    const secret = fromBase32(ann.secret) as Buffer;
    const cookies = Object.values(before).flatMap((browser) => [...browser.cookies.values()]);
    const keys = Object.values(JSON.parse(source.env['KEYS'] as string).keys) as string[];
    const hidden = [
      PASSWORD,
      ann.secret,
      secret.toString('hex'),
      secret,
      ...ann.codes.flatMap((code) => [code, code.replaceAll('-', '')]),
      ...cookies.filter((value) => value.length > 20),
      tokenOf(resetLink),
      registered.clientSecret as string,
      tokens.access_token,
      tokens.refresh_token as string,
      ...keys.flatMap((text) => [text, Buffer.from(text, 'base64')]),
    ];
    for (const value of hidden) expect([raw.includes(value), inside.includes(value)]).toEqual([false, false]);
    for (const value of [ann.person.email, 'Ann Example']) {
      expect(raw.includes(value)).toBe(false);
      expect(inside.includes(value)).toBe(true);
    }
  });

  test.each(['signed in', 'signed in since', 'half signed in', 'trusted'])(
    'R82: a browser that was %s is not',
    async (which) => {
      const browser = moved(before[which] as Browser, there);
      expect(await isSignedIn(browser)).toBe(false);
      expect((await browser.get('/sign-in/factor')).location).toBe('/sign-in');
      // Trusted or not: the second step is asked.
      expect((await enterPassword(browser, ann.person)).location).toBe('/sign-in/factor');
    },
  );

  test('R82: a code of the app that was used since the backup is not taken again, nor an older one', async () => {
    const browser = there.browser();
    await enterPassword(browser, ann.person);
    for (const code of [spentCode, appCode(there, ann.secret, 1), appCode(there, ann.secret, -1)])
      expect((await answerTotp(browser, code)).status).toBe(422);
    expect(await isSignedIn(browser)).toBe(false);
  });

  test('R82: no recovery code works, used or not', async () => {
    const browser = there.browser();
    await enterPassword(browser, ann.person);
    for (const code of [ann.codes[3] as string, ann.codes[0] as string]) {
      await answerRecovery(browser, code);
      expect(await isSignedIn(browser)).toBe(false);
    }
  });

  test('R82: a link to choose a new password is dead', async () => {
    const password = 'velvet-anchor-thirty-9';
    const answer = await there.browser().post('/reset-password', { token: tokenOf(resetLink), password });
    expect(answer.status).toBe(422);
    expect((await enterPassword(there.browser(), { ...ann.person, password })).status).toBe(422);
  });

  test('R82: tokens and codes of apps are dead, and the app itself is still registered', async () => {
    const rp = await openRelyingParty(there, registered);
    await expect(client.refreshTokenGrant(rp, tokens.refresh_token as string)).rejects.toMatchObject({
      error: 'invalid_grant',
    });
    await expect(client.fetchUserInfo(rp, tokens.access_token, ann.person.id)).rejects.toThrow();
    await expect(redeem(rp, openCode.location, openCode.asked)).rejects.toMatchObject({
      error: 'invalid_grant',
    });
    const grants = await there.app.database.db.selectFrom('oidc_grant').selectAll().execute();
    expect(grants).toEqual([]);
  });

  test('R82/R78: files of builds that the first database goes on with are not this one’s to remove', async () => {
    expect(await ownerOf(here.app.deps)).toBe(claimed);
    const restoredOwner = await ownerOf(there.app.deps);
    expect(restoredOwner).not.toBe(claimed);
    expect(await ownerOf(there.app.deps)).toBe(restoredOwner);
  });

  test('R82/R11: wrong codes of before are still counted', async () => {
    const budgetOf = (house: House) =>
      house.app.database.db
        .selectFrom('guess_budget')
        .innerJoin('account', 'account.id', 'guess_budget.account_id')
        .selectAll('guess_budget')
        .where('email', '=', 'bob@example.org')
        .executeTakeFirstOrThrow();
    expect(await budgetOf(there)).toEqual(await budgetOf(here));
    expect((await budgetOf(there)).run).toBe(3);
  });

  test('R82: everybody is told in a mail what happened and what to do', async () => {
    source.catchUp();
    source.clock.advance(1_000);
    const mail = (await there.mails(ann.person.email)).find(({ subject }) => subject.includes('restored'));
    expect(mail?.subject).toBe('Countersign was restored from a backup');
    for (const words of ['signed out everywhere', 'recovery codes no longer work', '/account/security'])
      expect(mail?.text).toContain(words);
    // Nothing that was queued or sent before is sent once more.
    expect(
      (await there.mails(ann.person.email)).filter(({ subject }) => !subject.includes('restored')),
    ).toEqual([]);
  });

  test('R82: a passkey’s answer to a question of before is not taken, a new one is', async () => {
    source.catchUp();
    source.clock.advance(1_000);
    const browser = moved(before['asked for a passkey'] as Browser, there);
    const old = { credential: key.get(question) };
    expect((await browser.post('/sign-in/passkey', old)).status).toBe(422);
    expect(await isSignedIn(browser)).toBe(false);
    const anew = optionsOf(await browser.get('/sign-in'), '/sign-in/passkey');
    expect(anew.challenge).not.toBe(question.challenge);
    expect((await browser.post('/sign-in/passkey', { credential: key.get(anew) })).status).toBe(303);
    expect(await isSignedIn(browser)).toBe(true);
  });

  test('R82: with the password and the next code, or a key, people sign in', async () => {
    source.clock.advance(90_000);
    const browser = there.browser();
    expect((await signIn(there, browser, ann.person, ann.secret)).status).toBe(303);
    expect(await isSignedIn(browser)).toBe(true);
    expect((await browser.get('/account/security')).body).toContain('Blue key');
    const other = there.browser();
    await enterPassword(other, ann.person);
    await answerKey(other, key);
    expect(await isSignedIn(other)).toBe(true);
    // New codes are to be had.
    expect((await browser.get('/account/security/recovery-codes')).status).toBe(200);
    expect((await browser.post('/account/security/recovery-codes')).status).toBe(303);
  });

  test('R73/R82: the records are whole, and the last of them tells of the restore', async () => {
    expect(await verifyAudit(there.app.deps)).toMatchObject({ ok: true, problems: [] });
    const told = await there.app.database.db
      .selectFrom('audit_event')
      .select(['seq', 'actor'])
      .where('event', '=', 'backup.restored')
      .execute();
    expect(told).toEqual([{ seq: expect.any(Number), actor: 'operator' }]);
    const origin = await here.app.database.db
      .selectFrom('audit_event')
      .select('detail')
      .where('event', '=', 'backup.made')
      .executeTakeFirstOrThrow();
    expect(JSON.parse(origin.detail)).toEqual({ bytes: made.bytes, sha256: made.sha256 });
    const doctor = (await target.run('doctor', '--json')).json<{ checks: { name: string; ok: boolean }[] }>();
    const sound = ['schema', 'keys_of_database', 'outbox', 'sessions', 'factors', 'recovery_codes', 'audit'];
    expect(doctor.checks.filter(({ name }) => sound.includes(name)).every(({ ok }) => ok)).toBe(true);
  });

  test('R82: what the fence has no reason to touch is as it was', async () => {
    const changed = ['meta', 'factor', 'recovery_code', 'recovery_code_set', 'recovery_request', 'check_up'];
    const moving = [
      'audit_event',
      'audit_link',
      'guess_budget',
      'guess_day',
      'throttle',
      'known_browser',
      'app_consent',
    ];
    for (const table of KEPT_TABLES.filter((name) => ![...changed, ...moving, 'signing_key'].includes(name)))
      expect([table, await rowsOf(there, table)]).toEqual([table, await rowsOf(here, table)]);
  });

  async function rowsOf(house: House, table: string): Promise<string[]> {
    const { database, config } = house.app.deps;
    return withSnapshot(database, config.databaseUrl, async (snapshot) => {
      const rows: string[] = [];
      const columns = [...(await snapshot.columns(table))].sort();
      for await (const some of snapshot.rows(table, columns))
        rows.push(...some.map((row) => JSON.stringify(row)));
      return rows.sort();
    });
  }
});
