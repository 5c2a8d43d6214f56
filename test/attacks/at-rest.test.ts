import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { fromBase32 } from '../../src/kit/encoding.ts';
import {
  answerRecovery,
  answerTotp,
  countOf,
  factorIdOf,
  halfSignedIn,
  planted,
  securityOf,
  seesAccount,
  somebody,
  somebodyProtected,
  tokenOf,
  tryCode,
  wrongCode,
} from '../kit/attack-kit.ts';
import { dump } from '../kit/dump.ts';
import { ENGINES, exceptSignIns } from '../kit/house.ts';
import { appCode, enterPassword, readEnrolment } from '../kit/people.ts';
import { askForHelp, requestOf } from '../kit/recovery-kit.ts';
import { sharedHouse } from '../kit/shared-house.ts';

const CODE = /[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){3}/g;

describe.each(ENGINES)('what a dump tells, on %s', (engine) => {
  const house = sharedHouse({ engine });

  test('A27/R12/R25/R50: no password, secret, code or token of any kind is in the database or its log', async () => {
    const password = 'tidal-quartz-ember-93';
    const person = await somebody(house, { password });
    const browser = house.browser();
    await enterPassword(browser, person);
    const shown = readEnrolment((await browser.get('/account/security/totp')).body);
    await browser.post('/account/security/totp', { code: appCode(house, shown.secret) });
    house.clock.advance(30_000);
    const proposed =
      (await browser.get('/account/security/recovery-codes')).body.match(CODE)?.slice(0, 10) ?? [];
    const second = readEnrolment((await browser.get('/account/security/totp')).body);
    const half = await halfSignedIn(house, person);
    const recovered = await halfSignedIn(house, person);
    await answerRecovery(recovered, shown.codes[1] as string);
    const wrong = wrongCode(house, shown.secret);
    await answerTotp(half, wrong);
    await house.browser().post('/forgot-password', { email: person.email });
    await house.browser().post('/sign-up', { name: 'New One', email: 'new-one@example.org' });
    await browser.post('/account/email', { email: 'ann.other@example.org' });
    const boss = await somebody(house, { roles: 'admin' });
    const enrolling = house.browser();
    await enterPassword(enrolling, boss);
    const links = {
      reset: tokenOf(await house.link(person.email, '/reset-password')),
      invitation: tokenOf(await house.link('new-one@example.org', '/invitation')),
      email: tokenOf(await house.link('ann.other@example.org', '/email-change')),
      notMe: tokenOf(await house.link(person.email, '/not-me')),
      enrol: tokenOf(await house.link(boss.email, '/enrol')),
    };
    const id = await factorIdOf(house, person);
    const replacing = readEnrolment((await browser.get(`/account/security/totp?replaces=${id}`)).body);
    await browser.post('/account/security/totp', { code: appCode(house, replacing.secret), replaces: id });

    const secrets: Record<string, string | Buffer> = { password, ...links };
    for (const [name, secret] of Object.entries({
      live: shown.secret,
      second: second.secret,
      replacing: replacing.secret,
    })) {
      const raw = fromBase32(secret) as Buffer;
      secrets[`${name} base32`] = secret;
      secrets[`${name} raw`] = raw;
      secrets[`${name} hex`] = raw.toString('hex');
      secrets[`${name} base64`] = raw.toString('base64').replace(/=+$/, '');
    }
    for (const [index, code] of [...shown.codes, ...proposed].entries()) {
      secrets[`recovery code ${index}`] = code;
      secrets[`bare recovery code ${index}`] = code.replaceAll('-', '');
    }
    for (const [name, one] of Object.entries({ browser, half, recovered, enrolling })) {
      for (const [cookie, value] of one.cookies) {
        if (value.length < 30) continue;
        secrets[`${name}'s ${cookie}`] = value;
        secrets[`${name}'s ${cookie}, raw`] = Buffer.from(value, 'base64url');
      }
    }
    expect(Object.keys(secrets).length).toBeGreaterThan(60);
    expect(Object.values(secrets).every((secret) => secret.length >= 16)).toBe(true);
    const bytes = await dump(house);
    expect(bytes.length).toBeGreaterThan(1_000);
    expect(bytes.includes(person.email)).toBe(true);
    const found = Object.entries(secrets).filter(([, secret]) => bytes.includes(secret as Buffer));
    expect(found.map(([name]) => name)).toEqual([]);
  });

  test('R76: the record of a sign-in names no code, address or password', async () => {
    const { person, secret } = await planted(house);
    const wrong = wrongCode(house, secret);
    await tryCode(house, person, wrong);
    await house.browser().post('/sign-in', { email: person.email, password: 'a wrong one' });
    const rows = await house.app.database.db.selectFrom('audit_event').selectAll().execute();
    const text = JSON.stringify(rows);
    for (const secret of [wrong, person.email, person.password, 'a wrong one'])
      expect(text).not.toContain(`"${secret}"`);
    expect(text).not.toContain(person.email);
  });

  test('R12: secrets moved to another account or another factor do not open: closed, and no session', async () => {
    const ann = await planted(house);
    const bob = await planted(house);
    const { db } = house.app.database;
    const [annsId, bobsId] = [await factorIdOf(house, ann.person), await factorIdOf(house, bob.person)];
    const sealed = async (id: string) =>
      (await db.selectFrom('factor').select('sealed_data').where('id', '=', id).executeTakeFirstOrThrow())
        .sealed_data;
    const [annsSeal, bobsSeal] = [await sealed(annsId), await sealed(bobsId)];
    await db.updateTable('factor').set({ sealed_data: bobsSeal }).where('id', '=', annsId).execute();
    await db.updateTable('factor').set({ sealed_data: annsSeal }).where('id', '=', bobsId).execute();
    for (const [victim, secret] of [
      [ann, bob.secret],
      [bob, ann.secret],
      [ann, ann.secret],
    ] as const) {
      const browser = await halfSignedIn(house, victim.person);
      const answer = await answerTotp(browser, appCode(house, secret));
      expect(answer.status).not.toBe(303);
      expect(answer.body).not.toContain(secret);
      expect(await seesAccount(browser)).toBe(false);
    }
    expect(await countOf(house, 'session', ann.person)).toBe(0);
    // The way out of it stays open.
    expect(
      (await answerRecovery(await halfSignedIn(house, ann.person), ann.codes[0] as string)).location,
    ).toBe('/');
  });

  test('R12: a factor row moved to another account does not open there', async () => {
    const ann = await planted(house);
    const mallory = await planted(house);
    const { db } = house.app.database;
    // Whoever can write to the table but has no keys puts their own app beside Ann's.
    await db
      .updateTable('factor')
      .set({ account_id: ann.person.id })
      .where('id', '=', await factorIdOf(house, mallory.person))
      .execute();
    const browser = await halfSignedIn(house, ann.person);
    const answer = await answerTotp(browser, appCode(house, mallory.secret));
    expect(answer.status).not.toBe(303);
    expect(await countOf(house, 'session', ann.person)).toBe(0);
  });

  test('R60: when the success cannot be written, nobody is in and the try stays spent', async () => {
    const { person, secret } = await planted(house);
    const browser = await halfSignedIn(house, person);
    const code = appCode(house, secret);
    await withoutRecords('sign_in.completed', async () => {
      const answer = await answerTotp(browser, code);
      expect(answer.status).toBe(500);
      expect(answer.body).not.toMatch(/no such|does not exist|sqlite|postgres|refused/i);
    });
    expect(await seesAccount(browser)).toBe(false);
    expect(await countOf(house, 'session', person)).toBe(0);
    const { db } = house.app.database;
    const pending = await db
      .selectFrom('pending_sign_in')
      .select('attempts')
      .where('account_id', '=', person.id)
      .execute();
    expect(pending.map(({ attempts }) => attempts)).toEqual([1]);
    const budget = await db
      .selectFrom('guess_budget')
      .selectAll()
      .where('account_id', '=', person.id)
      .execute();
    expect([budget[0]?.block, budget[0]?.run]).toEqual([1, 1]);
    // Nothing was spent but the try: the same code signs in.
    expect((await answerTotp(browser, code)).location).toBe('/');
  });

  test('R60: a wrong code is spent even when its failure cannot be recorded', async () => {
    const { person, secret } = await planted(house);
    const browser = await halfSignedIn(house, person);
    await withoutRecords('sign_in.factor', async () => {
      for (let n = 0; n < 7; n++) {
        const answer = await answerTotp(browser, wrongCode(house, secret, n));
        expect(answer.status === 500 || answer.location === '/sign-in').toBe(true);
      }
    });
    expect((await answerTotp(browser, appCode(house, secret))).location).toBe('/sign-in');
    expect(await countOf(house, 'session', person)).toBe(0);
  });

  test('R72: no record, no change: password, factor, codes, disabling, sessions, profile', async () => {
    const { person, browser } = await somebodyProtected(house);
    const shown = readEnrolment((await browser.get('/account/security/totp')).body);
    await browser.get('/account/security/recovery-codes');
    await browser.post('/account/email', { email: 'wanted@example.org' });
    const id = await factorIdOf(house, person);
    const state = await securityOf(house, person);
    const changes: readonly [event: string, path: string, fields: Record<string, string>][] = [
      [
        'password.changed',
        '/account/password',
        { current_password: person.password, new_password: 'brisk-teal-heron-7' },
      ],
      ['factor.added', '/account/security/totp', { code: appCode(house, shown.secret) }],
      ['factor.renamed', `/account/security/factors/${id}`, { label: 'Renamed' }],
      ['factor.preferred', `/account/security/factors/${id}/prefer`, {}],
      ['recovery_codes.regenerated', '/account/security/recovery-codes', {}],
      ['session.ended', '/account/sessions/end-others', {}],
      ['account.profile_changed', '/account', { name: 'Somebody Else' }],
      ['email.change_requested', '/account/email', { email: 'elsewhere@example.org' }],
      ['email.change_cancelled', '/account/email/cancel', {}],
      ['two_factor.disabled', '/account/security/disable', { password: person.password }],
    ];
    for (const [event, path, fields] of changes) {
      await withoutRecords(event, async () => {
        const answer = await browser.post(path, fields);
        expect(answer.status, path).toBe(500);
      });
      expect(await securityOf(house, person), path).toEqual(state);
    }
    expect(exceptSignIns(await house.mails(person.email)).map(({ subject }) => subject)).toEqual([]);
  });

  test('R72/R46: no record, no request for help, and no end of one', async () => {
    const { person } = await planted(house);
    const half = await halfSignedIn(house, person);
    await withoutRecords('recovery.requested', async () => {
      expect((await half.post('/recover', {})).status).toBe(500);
    });
    expect(await countOf(house, 'recovery_request', person)).toBe(0);
    await askForHelp(house, person);
    const token = tokenOf(await house.link(person.email, '/recover/cancel'));
    await withoutRecords('recovery.cancelled', async () => {
      expect((await house.browser().post('/recover/cancel', { token })).status).toBe(500);
    });
    expect((await requestOf(house, person)).cancelled_at).toBeNull();
    expect(await house.mails(person.email)).toHaveLength(1);
    expect((await house.browser().post('/recover/cancel', { token })).status).toBe(303);
  });

  /** Runs `work` while the database refuses to record this event. */
  async function withoutRecords(event: string, work: () => Promise<void>): Promise<void> {
    const { db } = house.app.database;
    const run = (text: string) => sql.raw(text).execute(db);
    if (engine === 'sqlite') {
      await run(`create trigger no_record before insert on audit_event when new.event = '${event}'
        begin select raise(abort, 'refused'); end`);
    } else {
      await run(`create function no_record() returns trigger language plpgsql as
        $$ begin if new.event = '${event}' then raise exception 'refused'; end if; return new; end $$`);
      await run(
        'create trigger no_record before insert on audit_event for each row execute function no_record()',
      );
    }
    try {
      await work();
    } finally {
      await run(engine === 'sqlite' ? 'drop trigger no_record' : 'drop trigger no_record on audit_event');
      if (engine === 'postgres') await run('drop function no_record');
    }
  }
});
