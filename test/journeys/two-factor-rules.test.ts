import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { listStopped } from '../../src/policy/stopped-store.ts';
import {
  DAY,
  HOUR,
  MINUTE,
  type Protected,
  seesAccount,
  somebody,
  somebodyProtected,
  tokenOf,
} from '../kit/attack-kit.ts';
import { type Browser, textOf } from '../kit/browser.ts';
import { ENGINES, type House, openHouse } from '../kit/house.ts';
import { enableApp, enterPassword, isSignedIn, type Person, stepUp } from '../kit/people.ts';
import { join, makeOptional, newGroup, require2fa } from '../kit/rules-kit.ts';

const RULES = '/admin/rules';
const TWO_FACTOR = '/admin/rules/two-factor';
const PREVIEW = '/admin/rules/two-factor/preview';
const NOW = { group: 'everyone', when: 'now', day: '' };

describe.each(ENGINES)('who must use two factors, on %s', (engine) => {
  let house: House;
  let boss: Protected & { readonly browser: Browser };
  beforeEach(async () => {
    house = await openHouse({ engine });
    boss = await somebodyProtected(house, { name: 'Boss', roles: 'admin' });
  });
  afterEach(() => house.close());

  const db = () => house.app.database.db;
  const ask = (query: Record<string, string>) => boss.browser.get(`${PREVIEW}?${new URLSearchParams(query)}`);
  const dayIn = (days: number) => new Date(house.clock.now() + days * DAY).toISOString().slice(0, 10);
  const records = async (event: string) =>
    (await db().selectFrom('audit_event').selectAll().where('event', '=', event).execute()).map(
      ({ detail, actor }) => ({ actor, ...JSON.parse(detail) }),
    );

  async function signedIn(person: Person): Promise<Browser> {
    const browser = house.browser();
    await enterPassword(browser, person);
    return browser;
  }

  test('R69: the report comes first, says who would be stopped, and is what then happens', async () => {
    const ann = await somebody(house, { name: 'Ann' });
    const bob = await somebody(house, { name: 'Bob' });
    const cem = await somebodyProtected(house, { name: 'Cem' });
    await somebody(house, { name: 'Dora' });
    const boxer = await somebody(house, { name: 'Eva', roles: 'admin' });
    const annHere = await signedIn(ann);
    const bobHere = await signedIn(bob);
    await bobHere.post('/sign-out');

    const report = textOf((await ask(NOW)).body);
    expect(report).toContain('Everyone: two factors required from now on.');
    expect(report).toContain(
      'Without a second factor 4 Of them signed in now 1 (their sessions end) Of them never signed in here 2 Of them administrators 1',
    );
    expect(report).toContain(`Ann signed in ${ann.email} Bob ${bob.email} Dora never signed in`);
    expect(report).toContain(`Eva administrator never signed in ${boxer.email}`);
    expect(report).not.toContain('Cem');
    // Nothing has changed by looking.
    expect(await seesAccount(annHere)).toBe(true);

    const done = await boss.browser.submit(TWO_FACTOR, NOW);
    expect(textOf(done.body)).toContain('The rule is set.');
    expect(textOf(done.body)).toContain('Everyone Required since 3 May 2026');
    expect(await seesAccount(annHere)).toBe(false);
    for (const person of [ann, bob, boxer])
      expect((await enterPassword(house.browser(), person)).location).toBe('/account/security');
    expect(await seesAccount(cem.browser)).toBe(true);
    expect(await records('policy.rule_set')).toMatchObject([{ group: null, stopped: 4, before: null }]);
  });

  test('R69: without a fresh step-up nothing is shown that could change it, and nothing changes', async () => {
    house.clock.advance(11 * MINUTE);
    for (const path of [TWO_FACTOR, PREVIEW, `${TWO_FACTOR}/everyone/optional`])
      expect((await boss.browser.get(path)).location).toMatch(/^\/confirm\?return_to=/);
    expect((await boss.browser.post(TWO_FACTOR, NOW)).location).toMatch(/^\/confirm/);
    expect((await boss.browser.get(RULES)).status).toBe(200);
    expect(await db().selectFrom('two_factor_rule').selectAll().execute()).toEqual([]);
    await stepUp(house, boss.browser, boss.person, boss.secret);
    expect((await boss.browser.post(TWO_FACTOR, NOW)).location).toBe(RULES);
  });

  test('a member and a publisher find no rules there', async () => {
    for (const roles of ['', 'publisher']) {
      const { browser } = await somebodyProtected(house, { roles });
      expect((await browser.get(RULES)).status).toBe(404);
      expect((await browser.post(TWO_FACTOR, NOW)).status).toBe(404);
    }
    expect(await db().selectFrom('two_factor_rule').selectAll().execute()).toEqual([]);
  });

  test('from a day on: signing in goes on until then, with a banner on every page, and not a moment longer', async () => {
    await db().updateTable('account').set({ time_zone: 'Europe/Madrid' }).execute();
    const ann = await somebody(house, { name: 'Ann' });
    const chosen = { group: 'everyone', when: 'day', day: dayIn(20) };
    expect(textOf((await ask(chosen)).body)).toContain('required from 23 May 2026');
    await boss.browser.submit(TWO_FACTOR, chosen);
    const [rule] = await db().selectFrom('two_factor_rule').selectAll().execute();
    // Midnight where the administrator is.
    expect(new Date(rule!.required_from_at).toISOString()).toBe('2026-05-22T22:00:00.000Z');

    const browser = await signedIn(ann);
    for (const path of ['/account', '/account/security', '/account/sessions', '/account/password'])
      expect(textOf((await browser.get(path)).body), path).toContain(
        'Your organisation requires two-factor authentication from 22 May 2026. Turn it on now',
      );
    expect(textOf((await boss.browser.get('/account')).body)).not.toContain('Turn it on now');
    expect(textOf((await boss.browser.get('/admin')).body)).toContain(
      'Everyone: two factors required from 23 May 2026 One person has no second factor yet.',
    );

    house.clock.advance(rule!.required_from_at - 1 - house.clock.now());
    const late = await signedIn(ann);
    expect(await seesAccount(late)).toBe(true);
    house.clock.advance(1);
    expect(await seesAccount(late)).toBe(false);
    expect((await late.get('/account')).location).toMatch(/^\/sign-in/);
    expect((await enterPassword(late, ann)).location).toBe('/account/security');
  });

  test('the banner goes with the second factor, and with the rule', async () => {
    const ann = await somebody(house);
    const bob = await somebody(house);
    await require2fa(house, house.clock.now() + DAY);
    const annHere = await signedIn(ann);
    const bobHere = await signedIn(bob);
    expect((await annHere.get('/account')).body).toContain('Turn it on now');
    await enableApp(house, annHere);
    expect((await annHere.get('/account')).body).not.toContain('Turn it on now');
    expect((await bobHere.get('/account')).body).toContain('Turn it on now');
    await makeOptional(house);
    expect((await bobHere.get('/account')).body).not.toContain('Turn it on now');
  });

  test('a group alone: its people are stopped, others are not; joining counts at once, leaving too', async () => {
    const ann = await somebody(house, { name: 'Ann' });
    const bob = await somebody(house, { name: 'Bob' });
    const group = await newGroup(house, 'Accounting', [ann]);
    const chosen = { ...NOW, group: group.id };
    const report = textOf((await ask(chosen)).body);
    expect(report).toContain('Accounting: two factors required from now on. Without a second factor 1');
    expect(report).not.toContain('Bob');
    const bobHere = await signedIn(bob);
    await boss.browser.submit(TWO_FACTOR, chosen);
    expect((await enterPassword(house.browser(), ann)).location).toBe('/account/security');
    expect(await seesAccount(bobHere)).toBe(true);

    await join(house, group, bob);
    expect(await seesAccount(bobHere)).toBe(false);
    expect((await enterPassword(bobHere, bob)).location).toBe('/account/security');
    await db().deleteFrom('group_member').where('account_id', '=', bob.id).execute();
    expect((await enterPassword(bobHere, bob)).location).toBe('/');
  });

  test('R42: under a rule, of everybody or of a group, it can neither be turned off nor emptied', async () => {
    const ann = await somebodyProtected(house);
    const bob = await somebodyProtected(house);
    const group = await newGroup(house, 'Accounting', [ann.person]);
    await require2fa(house, null, group);
    for (const [who, status] of [
      [ann, 409],
      [bob, 303],
    ] as const) {
      const { id } = await db()
        .selectFrom('factor')
        .select('id')
        .where('account_id', '=', who.person.id)
        .executeTakeFirstOrThrow();
      const removal = await who.browser.post(`/account/security/factors/${id}/remove`);
      expect(removal.status).toBe(status);
      expect(
        textOf((await who.browser.get('/account/security')).body).includes('Your organisation requires'),
      ).toBe(status === 409);
      const disabled = await who.browser.post('/account/security/disable', { password: who.person.password });
      expect(disabled.status).toBe(status);
      expect(await isSignedIn(who.browser)).toBe(true);
    }
    const rows = await db().selectFrom('factor').select('account_id').execute();
    expect(rows.map(({ account_id }) => account_id).sort()).toEqual([ann.person.id, boss.person.id].sort());
    // The rule of tomorrow forbids nothing today.
    await makeOptional(house, group);
    await require2fa(house, house.clock.now() + DAY, group);
    const disabled = await ann.browser.post('/account/security/disable', { password: ann.person.password });
    expect(disabled.status).toBe(303);
  });

  test('made optional again after a question; what was asked, answered and by whom is on record', async () => {
    const ann = await somebody(house);
    await boss.browser.submit(TWO_FACTOR, NOW);
    const asked = textOf((await boss.browser.get(`${TWO_FACTOR}/everyone/optional`)).body);
    expect(asked).toContain('Make two factors optional: Everyone');
    expect((await enterPassword(house.browser(), ann)).location).toBe('/account/security');
    const done = await boss.browser.submit(`${TWO_FACTOR}/everyone/optional`);
    expect(textOf(done.body)).toContain('The rule is lifted');
    expect(textOf(done.body)).toContain('Everyone Optional: everybody decides for themselves');
    expect((await enterPassword(house.browser(), ann)).location).toBe('/');
    // Twice is once.
    await boss.browser.post(`${TWO_FACTOR}/everyone/optional`);
    const { pseudonym } = await db()
      .selectFrom('account')
      .select('pseudonym')
      .where('id', '=', boss.person.id)
      .executeTakeFirstOrThrow();
    expect(await records('policy.rule_dropped')).toMatchObject([{ group: null, actor: pseudonym }]);
  });

  test('a day that has begun, is none, or is years away is refused beside its field; so is a day with "now"', async () => {
    for (const day of ['', '2026-05-03', '2026-05-02', '2026-02-30', '2032-01-01', 'soon']) {
      const chosen = { group: 'everyone', when: 'day', day };
      for (const answer of [await ask(chosen), await boss.browser.post(TWO_FACTOR, chosen)]) {
        expect([day, answer.status]).toEqual([day, 422]);
        expect(textOf(answer.body)).toContain('Choose a day from tomorrow on');
      }
    }
    const both = { group: 'everyone', when: 'now', day: dayIn(5) };
    expect((await ask(both)).status).toBe(422);
    expect((await boss.browser.post(TWO_FACTOR, both)).status).toBe(422);
    for (const group of ['nobody', 'x'.repeat(64), "'"]) {
      expect((await ask({ ...NOW, group })).status).toBe(404);
      expect((await boss.browser.post(TWO_FACTOR, { ...NOW, group })).status).toBe(404);
    }
    expect((await boss.browser.post(TWO_FACTOR, { ...NOW, stopped: '0' })).status).toBe(400);
    expect(await db().selectFrom('two_factor_rule').selectAll().execute()).toEqual([]);
  });

  test('set twice it moves; set to what it is already, nothing happens', async () => {
    await boss.browser.submit(TWO_FACTOR, { group: 'everyone', when: 'day', day: dayIn(5) });
    await boss.browser.submit(TWO_FACTOR, { group: 'everyone', when: 'day', day: dayIn(5) });
    const before = await db().selectFrom('two_factor_rule').selectAll().execute();
    await boss.browser.submit(TWO_FACTOR, { group: 'everyone', when: 'day', day: dayIn(9) });
    const after = await db().selectFrom('two_factor_rule').selectAll().execute();
    expect([before.length, after.length]).toEqual([1, 1]);
    expect(after[0]!.required_from_at - before[0]!.required_from_at).toBe(4 * DAY);
    expect(await records('policy.rule_set')).toHaveLength(2);
    await boss.browser.submit(TWO_FACTOR, NOW);
    house.clock.advance(HOUR);
    await stepUp(house, boss.browser, boss.person, boss.secret);
    await boss.browser.submit(TWO_FACTOR, NOW);
    expect(await records('policy.rule_set')).toHaveLength(3);
  });

  test('whoever has just said "This wasn\'t me", or is no administrator any more, sets no rule', async () => {
    const set = (change: object) =>
      db().updateTable('account').set(change).where('id', '=', boss.person.id).execute();
    await set({ frozen_until_at: house.clock.now() + DAY });
    expect((await boss.browser.post(TWO_FACTOR, NOW)).status).toBe(409);
    expect((await boss.browser.post(`${TWO_FACTOR}/everyone/optional`)).status).toBe(409);
    expect((await boss.browser.get(`${PREVIEW}?group=everyone&when=now&day=`)).status).toBe(200);
    await set({ frozen_until_at: null, roles: '' });
    expect((await boss.browser.post(TWO_FACTOR, NOW)).status).toBe(404);
    expect(await db().selectFrom('two_factor_rule').selectAll().execute()).toEqual([]);
  });

  test('of many, the report shows fifty at a time in the order of their addresses, of a group too', async () => {
    const { deps } = house.app;
    const ids: string[] = [];
    await deps.database.transaction(async (tx) => {
      for (let n = 0; n < 120; n++) {
        const id = `p${String((n * 77) % 120).padStart(3, '0')}`;
        const email = `p${String(n).padStart(3, '0')}@example.org`;
        const person = { id, pseudonym: id, email, name: `Person ${n}`, created_at: 0 };
        await tx
          .insertInto('account')
          .values({
            ...person,
            roles: '',
            password_hash: null,
            locale: null,
            time_zone: null,
            suspended_at: null,
            frozen_until_at: null,
            two_factor_at: null,
          })
          .execute();
        ids.push(id);
      }
    });
    const group = await newGroup(house, 'Half');
    const half = ids.filter((_id, index) => index % 2 === 0);
    for (const account_id of half)
      await db()
        .insertInto('group_member')
        .values({ group_id: group.id, account_id, created_at: 0 })
        .execute();
    const listed = (body: string) => [...body.matchAll(/p\d{3}@example\.org/g)].map(([address]) => address);
    for (const [who, all] of [
      ['everyone', ids.map((_id, n) => `p${String(n).padStart(3, '0')}@example.org`)],
      [group.id, half.map((_id, n) => `p${String(2 * n).padStart(3, '0')}@example.org`)],
    ] as const) {
      const found: string[] = [];
      let pages = 0;
      for (let path: string | null = `${PREVIEW}?group=${who}&when=now&day=`; path !== null; pages++) {
        const { body, status } = await boss.browser.get(path);
        expect(status).toBe(200);
        expect(listed(body).length).toBeLessThanOrEqual(50);
        found.push(...listed(body));
        path = /href="([^"]*after=[^"]*)"/.exec(body)?.[1]?.replaceAll('&amp;', '&') ?? null;
      }
      expect([pages, found]).toEqual([Math.ceil(all.length / 50), all]);
    }
    // A group that is too large to be sorted: everybody is gone through, and a page may be short.
    const moment = { now: 0, idleSince: 0 };
    const reach = { sorted: 10, step: 7, looks: 3 };
    const found: string[] = [];
    for (let after: string | null = ''; after !== null; ) {
      const part = await listStopped(db(), group.id, { after, count: 9, moment }, reach);
      expect(part.people.length).toBeLessThanOrEqual(9);
      found.push(...part.people.map(({ email }) => email));
      after = part.next;
    }
    expect(found).toEqual(half.map((_id, n) => `p${String(2 * n).padStart(3, '0')}@example.org`));
    const strange = await listStopped(db(), null, { after: 'nobody', count: 3, moment });
    expect(strange.people.map(({ email }) => email)).toEqual([
      'p000@example.org',
      'p001@example.org',
      'p002@example.org',
    ]);
  });

  test('an invited person under a rule enrols with the proof of the invitation, and then is in', async () => {
    await require2fa(house);
    await boss.browser.submit('/admin/people/invite', {
      email: 'new@example.org',
      name: 'New',
      role: 'member',
    });
    const guest = house.browser();
    const token = tokenOf(await house.link('new@example.org', '/invitation'));
    await guest.post('/invitation', { token, name: 'New', password: 'three-green-otters-9' });
    await enterPassword(guest, { id: '', email: 'new@example.org', password: 'three-green-otters-9' });
    expect(await seesAccount(guest)).toBe(false);
    await enableApp(house, guest);
    expect(await seesAccount(guest)).toBe(true);
  });
});
