import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  DAY,
  guessWrong,
  HOUR,
  halfSignedIn,
  MINUTE,
  type Protected,
  planted,
  somebody,
  somebodyProtected,
} from '../kit/attack-kit.ts';
import { type Browser, textOf } from '../kit/browser.ts';
import { ENGINES, type House, openHouse } from '../kit/house.ts';
import { appCode, enterPassword, stepUp } from '../kit/people.ts';
import { plantedPhone } from '../kit/phones.ts';
import { require2fa } from '../kit/rules-kit.ts';

describe.each(ENGINES)('the overview, on %s', (engine) => {
  let house: House;
  let boss: Protected & { readonly browser: Browser };
  beforeEach(async () => {
    house = await openHouse({ engine });
    boss = await somebodyProtected(house, { name: 'Boss', roles: 'admin' });
  });
  afterEach(() => house.close());

  const db = () => house.app.database.db;
  const look = async () => textOf((await boss.browser.get('/admin')).body);
  /** Figures are counted once a minute; on a busy machine those of before are shown until that is done. */
  const lookAgain = () => {
    house.clock.advance(MINUTE);
    return vi.waitFor(async () => {
      const page = await look();
      expect(page).not.toContain('Counted 1 minute ago');
      return page;
    }, 5_000);
  };

  test('R69: administrators see it, publishers are led to their apps, for everybody else it is not there', async () => {
    expect(await look()).toContain('How things stand');
    const publisher = await somebodyProtected(house, { roles: 'publisher' });
    expect((await publisher.browser.get('/admin')).location).toBe('/admin/apps');
    expect((await publisher.browser.get('/admin/overview/at-risk')).status).toBe(404);
    const member = await somebodyProtected(house);
    expect((await member.browser.get('/admin')).status).toBe(404);
    expect((await house.browser().get('/admin')).location).toMatch(/^\/sign-in/);
    expect((await (await halfSignedIn(house, boss.person)).get('/admin')).location).toMatch(/^\/sign-in/);
  });

  test('says how many have two factors, and which; suspended people and factors don’t count', async () => {
    await plantedPhone(house);
    await somebody(house);
    const gone = await planted(house);
    await db().updateTable('account').set({ suspended_at: 1 }).where('id', '=', gone.person.id).execute();
    const page = await look();
    expect(page).toContain('67% of people have it on: 2 of 3.');
    expect(page).toContain(
      'Any second factor 2 (67%) Authenticator app 2 (67%) Phone 1 (33%) Security key 0 (0%)',
    );
    expect(page).toContain('Method People Share Any second factor 2 67% Authenticator app 2 67%');
    await db().updateTable('factor').set({ suspended_at: 1 }).where('kind', '=', 'sms').execute();
    expect(await look()).toContain('Phone 1 (33%)');
    expect(await lookAgain()).toContain('Phone 0 (0%)');
  });

  test('counts sign-ins and refusals by day, with the same in a table', async () => {
    await lookAgain();
    house.clock.advance(DAY);
    const ann = await somebody(house);
    for (let n = 0; n < 3; n++) await enterPassword(house.browser(), ann);
    for (let n = 0; n < 2; n++) await enterPassword(house.browser(), { ...ann, password: 'wrong' });
    house.clock.advance(DAY);
    await enterPassword(boss.browser, boss.person);
    await boss.browser.post('/sign-in/factor/totp', { code: appCode(house, boss.secret) });
    const { body } = await boss.browser.get('/admin');
    const page = textOf(body);
    // The administrator's own two, and three of yesterday.
    expect(page).toContain('Sign-ins 5 in all; most on 4 May 2026: 3.');
    expect(page).toContain(
      'Refused tries Wrong passwords, codes, keys and passkeys. 2 in all; most on 4 May 2026: 2.',
    );
    expect(page).toContain('Day (UTC) Sign-ins 5 May 2026 1 4 May 2026 3 3 May 2026 1 2 May 2026 0');
    expect(page).toContain('Day (UTC) Refused tries 5 May 2026 0 4 May 2026 2 3 May 2026 0');
    expect(body.match(/<svg class="columns good"/g)).toHaveLength(1);
    expect(body).toContain('<title>4 May 2026: 3</title>');
    expect(body).not.toMatch(/ style="/);
    // A day that is over is not counted anew; nothing of it is lost a month later either.
    house.clock.advance(28 * DAY);
    await enterPassword(boss.browser, boss.person);
    await boss.browser.post('/sign-in/factor/totp', { code: appCode(house, boss.secret) });
    expect(await look()).toContain('Sign-ins 5 in all; most on 4 May 2026: 3.');
  });

  test('says who is one loss away from being locked out, by the rules of their own page', async () => {
    expect(await look()).toContain('Nothing is waiting for you.');
    const ann = await planted(house, { name: 'Ann' });
    const bob = await plantedPhone(house);
    const cem = await planted(house, { name: 'Cem' });
    await planted(house, { name: 'Dora' });
    // All of Ann's codes are used, Bob never had a set, Cem has one code left.
    await db()
      .updateTable('recovery_code')
      .set({ used_at: 1 })
      .where('account_id', '=', ann.person.id)
      .execute();
    await db().deleteFrom('recovery_code').where('account_id', '=', bob.person.id).execute();
    await db().deleteFrom('recovery_code_set').where('account_id', '=', bob.person.id).execute();
    await db()
      .updateTable('recovery_code')
      .set({ used_at: 1 })
      .where('account_id', '=', cem.person.id)
      .where('number', '>', 1)
      .execute();
    const page = await lookAgain();
    expect(page).toContain(
      '2 people are one loss away from being locked out One phone or key, and no recovery codes.',
    );
    const list = textOf((await boss.browser.get('/admin/overview/at-risk')).body);
    expect(list).toContain(`Ann ${ann.person.email} Authenticator app`);
    expect(list).toContain(`${bob.person.email} Authenticator app and Phone`);
    expect(list).not.toContain('Cem');
    expect(list).not.toContain('Dora');
    // What their own page says.
    const browser = await halfSignedIn(house, ann.person);
    await browser.post('/sign-in/factor/totp', { code: appCode(house, ann.secret) });
    expect(textOf((await browser.get('/account/security')).body)).toContain(
      'Losing your phone would lock you out',
    );
    await db().updateTable('account').set({ suspended_at: 1 }).where('id', '=', ann.person.id).execute();
    expect(await lookAgain()).toContain('One person is one loss away');
  });

  test('many at risk: a page holds fifty, the next goes on behind', async () => {
    const { database, random } = house.app.deps;
    const names: string[] = [];
    await database.transaction(async (tx) => {
      for (let n = 0; n < 60; n++) {
        const id = random.bytes(16).toString('hex');
        const person = { id, pseudonym: id, email: `r${n}@example.org`, name: `Risky ${n}.`, created_at: 0 };
        const none = { locale: null, time_zone: null, suspended_at: null, frozen_until_at: null };
        const row = { ...person, ...none, roles: '', password_hash: 'x', two_factor_at: 1 };
        await tx.insertInto('account').values(row).execute();
        const factor = { id, account_id: id, kind: 'totp', label: 'App', sealed_data: '', created_at: 0 };
        await tx
          .insertInto('factor')
          .values({ ...factor, suspended_at: null, last_used_at: null })
          .execute();
        names.push(person.name);
      }
    });
    expect(await look()).toContain('60 people are one loss away');
    const first = await boss.browser.get('/admin/overview/at-risk');
    const href = /href="(\/admin\/overview\/at-risk\?after=[^"]*)"/.exec(first.body)?.[1] as string;
    const second = await boss.browser.get(href);
    const found = [first, second].map(({ body }) => [...body.matchAll(/Risky \d+\./g)].map(([name]) => name));
    expect(found.map(({ length }) => length)).toEqual([50, 10]);
    expect(found.flat().sort()).toEqual(names.sort());
  });

  test('holds that run, and those that have run out', async () => {
    expect(await look()).toContain(
      'One-time codes on hold 0 One-time codes closed 0 Waits after wrong passwords 0',
    );
    const ann = await planted(house);
    await guessWrong(house, ann, 10);
    const bob = await somebody(house);
    for (let n = 0; n < 10; n++) await enterPassword(house.browser(), { ...bob, password: 'wrong' });
    expect(await look()).toContain(
      'One-time codes on hold 1 One-time codes closed 0 Waits after wrong passwords 1',
    );
    await db()
      .updateTable('guess_budget')
      .set({ closed_at: 1 })
      .where('account_id', '=', ann.person.id)
      .execute();
    house.clock.advance(20 * MINUTE);
    await stepUp(house, boss.browser, boss.person, boss.secret);
    expect(await look()).toContain(
      'One-time codes on hold 0 One-time codes closed 1 Waits after wrong passwords 0',
    );
  });

  test('mails and texts: sent, waiting, late and given up', async () => {
    await house.mails();
    const now = house.clock.now();
    const parcel = (id: string, change: object) =>
      db()
        .insertInto('outbox')
        .values({
          id,
          channel: 'mail',
          kind: 'x',
          account_id: null,
          sealed: '',
          created_at: now,
          due_at: now + DAY,
          ...change,
        } as never)
        .execute();
    const sentMails = (
      await db()
        .selectFrom('outbox')
        .select('id')
        .where('sent_at', '>', now - DAY)
        .execute()
    ).length;
    await parcel('waits', {});
    await parcel('late', { created_at: now - 6 * MINUTE });
    await parcel('given-up', { failed_at: now - HOUR });
    await parcel('given-up-long-ago', { failed_at: now - 2 * DAY });
    await parcel('text', { channel: 'sms', sent_at: now });
    await parcel('text-of-before', { channel: 'sms', failed_at: now, last_error: 'withdrawn' });
    const page = await look();
    expect(page).toContain(`Mails ${sentMails} sent within a day, 2 waiting (1 late), 1 given up`);
    expect(page).toContain('Text messages 1 sent within a day, 0 waiting (0 late), 0 given up');
    expect(page).toContain('One mail is late');
    expect(page).toContain('One mail was given up within a day');
    expect(page).not.toContain('Nothing is waiting for you.');
    await boss.browser.post('/account', { name: 'Boss', locale: 'es', time_zone: '' });
    const spanish = await look();
    expect(spanish).toContain(
      'Correos 1 enviado en el último día, 2 en cola (1 con retraso), 1 dado por perdido',
    );
    expect(spanish).toContain('Mensajes de texto 1 enviado en el último día, 0 en cola');
  });

  test('the clock, a request for help and a rule that is coming', async () => {
    const ann = await planted(house);
    const browser = await halfSignedIn(house, ann.person);
    expect((await browser.post('/recover', { reason: '' })).status).toBe(303);
    await somebody(house);
    await require2fa(house, house.clock.now() + 10 * DAY);
    house.app.deps.clockOffset.ms = 12_400;
    const page = await look();
    expect(page).toContain('One request for help is open');
    expect(page).toContain(
      'Everyone: two factors required from 13 May 2026 One person has no second factor yet.',
    );
    expect(page).toContain('of this machine is 12 seconds off');
    expect(page).toContain(engine === 'sqlite' ? 'one clock' : '12.4 seconds from the database’s');
    house.clock.advance(32 * DAY);
    await enterPassword(boss.browser, boss.person);
    house.app.deps.clockOffset.ms = 0;
    await boss.browser.post('/sign-in/factor/totp', { code: appCode(house, boss.secret) });
    const later = await look();
    expect(later).not.toContain('request for help');
    expect(later).not.toContain('two factors required from');
    expect(later).not.toContain('seconds off');
  });
});
