import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readAddress } from '../../src/accounts/address.ts';
import { insertAccount } from '../../src/accounts/store.ts';
import { findPeople } from '../../src/admin/people/find-people.ts';
import { newId } from '../../src/kit/random.ts';
import { DAY, HOUR, MINUTE, recordsOf, tokenOf } from '../kit/attack-kit.ts';
import { type Browser, textOf } from '../kit/browser.ts';
import { ENGINES, type House, openHouse } from '../kit/house.ts';
import {
  addPerson,
  addProtectedPerson,
  enableApp,
  enterPassword,
  isSignedIn,
  PASSWORD,
  type Person,
  signIn,
  stepUp,
} from '../kit/people.ts';

const PEOPLE = '/admin/people';
const INVITE = '/admin/people/invite';
const ANN = { email: 'ann@example.org', name: 'Ann Example', role: 'publisher' };

describe.each(ENGINES)('an administrator and the people, on %s', (engine) => {
  let house: House;
  let boss: Person;
  let browser: Browser;
  let secret: string;
  beforeEach(async () => {
    house = await openHouse({ engine });
    boss = await addPerson(house, { email: 'boss@example.org', name: 'Boss', roles: 'admin' });
    browser = house.browser();
    await enterPassword(browser, boss);
    await browser.post('/enrol', { token: tokenOf(await house.link(boss.email, '/enrol')) });
    ({ secret } = await enableApp(house, browser));
  });
  afterEach(() => house.close());

  const db = () => house.app.database.db;
  const listed = async (query = '', by = browser) => textOf((await by.get(PEOPLE + query)).body);
  const accountOf = (email: string) =>
    db().selectFrom('account').selectAll().where('email', '=', email).executeTakeFirst();
  const againPath = async (email: string) => `${PEOPLE}/${(await accountOf(email))?.id}/invite`;
  const accept = (link: string, by = house.browser()) =>
    by.post('/invitation', { token: tokenOf(link), name: 'Ann Other', password: 'three-green-otters-9' });

  async function demote(id: string, roles: string) {
    await db().updateTable('account').set({ roles }).where('id', '=', id).execute();
  }

  test('invites somebody, who accepts through the mail and signs in', async () => {
    expect((await browser.get('/admin')).body).toContain(`href="${PEOPLE}"`);
    expect(textOf((await browser.get(INVITE)).body)).toContain('a link that works for 7 days');
    const done = await browser.submit(INVITE, ANN);
    expect(textOf(done.body)).toContain('The invitation is on its way.');
    expect(textOf(done.body)).toContain('Ann Example Invited ann@example.org Publisher 2FA off Invite again');
    expect(await listed()).not.toContain('on its way');

    expect(await accountOf(ANN.email)).toMatchObject({ password_hash: null, roles: 'publisher' });
    const address = db().selectFrom('email_address').select('proven_at').where('address', '=', ANN.email);
    expect(await address.executeTakeFirst()).toEqual({ proven_at: null });
    const guest = house.browser();
    expect((await enterPassword(guest, { id: '', email: ANN.email, password: PASSWORD })).status).toBe(422);

    const link = await house.link(ANN.email, '/invitation');
    expect((await guest.get(link)).field('name')).toBe('Ann Example');
    expect((await accept(link, guest)).location).toBe('/sign-in');
    expect((await address.executeTakeFirst())?.proven_at).toBe(house.clock.now());
    const ann = { id: '', email: ANN.email, password: 'three-green-otters-9' };
    expect((await enterPassword(guest, ann)).location).toBe('/');
    expect(await isSignedIn(guest)).toBe(true);
    expect(await listed()).toContain('Ann Other ann@example.org Publisher 2FA off Boss');
  });

  test('the record says who invited whom, and to what', async () => {
    await browser.submit(INVITE, ANN);
    const ann = (await accountOf(ANN.email))!;
    const { pseudonym } = (await accountOf(boss.email))!;
    const person = { id: ann.id, email: ann.email, password: '' };
    expect(await recordsOf(house, person, 'account.created')).toMatchObject([{ actor: pseudonym }]);
    const [invited, ...more] = await recordsOf(house, person, 'account.invited');
    expect(more).toEqual([]);
    expect(invited).toMatchObject({ actor: pseudonym, subject: ann.pseudonym, outcome: 'success' });
    expect(JSON.stringify(invited)).toContain('publisher');
    expect(JSON.stringify(invited)).not.toContain('ann@');
  });

  test('an invited administrator turns on a second factor first, without another mail, then administers', async () => {
    await browser.submit(INVITE, { ...ANN, role: 'admin' });
    const guest = house.browser();
    await accept(await house.link(ANN.email, '/invitation'), guest);
    await enterPassword(guest, { id: '', email: ANN.email, password: 'three-green-otters-9' });
    expect((await guest.get(PEOPLE)).location).toBe('/account/security');
    await enableApp(house, guest);
    expect(await listed('', guest)).toContain('Ann Other ann@example.org Administrator 2FA on');
  });

  test('asked again, a new link goes out and the older one dies', async () => {
    await browser.submit(INVITE, ANN);
    const older = await house.link(ANN.email, '/invitation');
    const path = await againPath(ANN.email);
    expect((await browser.get(PEOPLE)).body).toContain(`href="${path}"`);
    expect(textOf((await browser.get(path)).body)).toContain(
      'Ann Example gets a new link at ann@example.org',
    );
    house.clock.advance(MINUTE);
    expect(textOf((await browser.submit(path)).body)).toContain('The invitation is on its way.');

    const newer = await house.link(ANN.email, '/invitation');
    expect(newer).not.toBe(older);
    expect((await accept(older)).status).toBe(422);
    expect((await accept(newer)).status).toBe(303);
    for (const answer of [await browser.get(path), await browser.post(path)]) {
      expect(textOf(answer.body)).toContain('Ann Other has accepted the invitation already.');
    }
    expect((await browser.post(path)).status).toBe(409);
    const { id } = (await accountOf(ANN.email))!;
    expect(await recordsOf(house, { id, email: '', password: '' }, 'account.invited')).toHaveLength(2);
  });

  test('an invitation is old after seven days, says so, and can be sent again', async () => {
    await browser.submit(INVITE, ANN);
    const link = await house.link(ANN.email, '/invitation');
    house.clock.advance(7 * DAY);
    expect((await accept(link)).status).toBe(422);
    const fresh = house.browser();
    await signIn(house, fresh, boss, secret);
    expect(await listed('', fresh)).toContain('Ann Example Invitation expired');
    expect(textOf((await fresh.submit(await againPath(ANN.email))).body)).toContain('Ann Example Invited');
    expect((await accept(await house.link(ANN.email, '/invitation'))).status).toBe(303);
  });

  test('what can’t be is refused beside its field, and what was typed stays', async () => {
    const refused: [Record<string, string>, string][] = [
      [{ ...ANN, email: 'BOSS@example.org' }, 'Somebody here has this address already.'],
      [{ ...ANN, email: 'ann' }, 'Type one e-mail address'],
      [{ ...ANN, email: '' }, 'Fill this in.'],
      [{ ...ANN, name: '  ' }, 'Type a name'],
      [{ ...ANN, name: 'Ann\r\nBcc: eve@example.org' }, 'Type a name'],
      [{ email: ANN.email }, 'Fill this in.'],
    ];
    for (const [fields, complaint] of refused) {
      const page = await browser.post(INVITE, fields);
      expect([fields, page.status]).toEqual([fields, 422]);
      expect(textOf(page.body)).toContain(complaint);
      expect(page.body).toContain('aria-invalid="true"');
    }
    const taken = await browser.post(INVITE, { ...ANN, email: boss.email });
    expect([taken.field('name'), taken.field('email')]).toEqual(['Ann Example', boss.email]);
    expect(taken.body).toContain('<option value="publisher" selected>');
    expect(await accountOf(ANN.email)).toBeUndefined();
    expect(await house.mails(ANN.email)).toEqual([]);
    const json = await browser.post(INVITE, { ...ANN, email: boss.email }, { accept: 'application/json' });
    expect(json.json()).toMatchObject({ code: 'invalid_input', fields: { email: 'email_taken' } });
  });

  test('without a role somebody becomes a member', async () => {
    await browser.submit(INVITE, { email: ANN.email, name: ANN.name });
    expect(await accountOf(ANN.email)).toMatchObject({ roles: '' });
  });

  test('hears all that is wrong with an invitation at once, and begins at the first of it', async () => {
    const { status, body } = await browser.post(INVITE, { email: 'me', name: '', role: 'member' });
    expect(status).toBe(422);
    expect(textOf(body)).toContain('Type one e-mail address');
    expect(textOf(body)).toContain('Fill this in.');
    const nameless = await browser.post(INVITE, { email: ANN.email, name: '', role: 'member' });
    expect([...nameless.body.matchAll(/<input[^>]* autofocus/g)].map(([input]) => input)).toEqual([
      expect.stringContaining('name="name"'),
    ]);
  });

  test('of two at once who invite one address, one is told that it is taken', async () => {
    const answers = await Promise.all([browser.post(INVITE, ANN), browser.post(INVITE, ANN)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 422]);
    expect(await house.mails(ANN.email)).toHaveLength(1);
  });

  describe('A63: vertical access', () => {
    async function everyRoute(by: Browser, headers: Record<string, string> = {}) {
      const again = await againPath('waiting@example.org');
      return Promise.all([
        by.get(PEOPLE, headers),
        by.get(`${PEOPLE}?q=boss`, headers),
        by.get(INVITE, headers),
        by.post(INVITE, { ...ANN, email: 'friend@example.org' }, headers),
        by.get(again, headers),
        by.post(again, {}, headers),
      ]);
    }
    beforeEach(async () => {
      await browser.submit(INVITE, { email: 'waiting@example.org', name: 'Waiting' });
    });
    afterEach(async () => {
      expect(await accountOf('friend@example.org')).toBeUndefined();
      expect(await house.mails('waiting@example.org')).toHaveLength(1);
    });

    test.each(['', 'publisher'])('for the role "%s" there is no Dashboard, fresh or not', async (roles) => {
      const other = await addProtectedPerson(house, { roles });
      for (const wait of [0, 11 * MINUTE]) {
        house.clock.advance(wait);
        // The first one leads a publisher to the apps: below.
        const from = roles === '' ? 0 : 1;
        const seen = await everyRoute(other.browser);
        for (const answer of seen.slice(from)) expect(answer.status).toBe(404);
        const told = await everyRoute(other.browser, { accept: 'application/json' });
        for (const answer of told.slice(from)) expect(answer.json()).toMatchObject({ code: 'not_found' });
      }
      expect((await other.browser.get('/account')).body).not.toContain('/admin/people');
      // Of the Dashboard a publisher has the apps, and is led there.
      const front = await other.browser.get('/admin');
      expect([front.status, front.location]).toEqual(roles === '' ? [404, ''] : [303, '/admin/apps']);
      if (roles === '') expect((await other.browser.get('/account')).body).not.toContain('/admin');
    });

    test('who is not signed in, or half, is led to the sign-in', async () => {
      const half = house.browser();
      await enterPassword(half, boss);
      for (const stranger of [house.browser(), half]) {
        for (const answer of await everyRoute(stranger)) {
          expect([answer.status, answer.location]).toEqual([303, expect.stringMatching(/^\/sign-in/)]);
        }
      }
      const { location } = await house.browser().get(`${PEOPLE}?q=ann`);
      expect(location).toBe(`/sign-in?return_to=${encodeURIComponent(`${PEOPLE}?q=ann`)}`);
    });

    test('an administrator without a second factor is led to the enrolment', async () => {
      const person = await addPerson(house, { email: 'new@example.org', roles: 'admin' });
      const other = house.browser();
      await enterPassword(other, person);
      for (const answer of await everyRoute(other)) expect(answer.location).toBe('/account/security');
    });

    test('who becomes an administrator keeps a sign-in by password out of the Dashboard', async () => {
      const person = await addPerson(house, { email: 'new@example.org' });
      const other = house.browser();
      await enterPassword(other, person);
      await demote(person.id, 'admin');
      for (const answer of await everyRoute(other)) expect(answer.location).toBe('/account/security');
      await enableApp(house, other);
      expect((await other.get(PEOPLE)).status).toBe(200);
    });

    test('who is an administrator no longer is out with the next request', async () => {
      await demote(boss.id, '');
      for (const answer of await everyRoute(browser)) expect(answer.status).toBe(404);
    });

    test('what nobody asked for is refused, and so is a role that there is not', async () => {
      const form = { ...ANN, email: 'friend@example.org' };
      for (const more of [
        { emailVerified: 'true' },
        { roles: 'admin' },
        { password: PASSWORD },
        { id: '1' },
      ]) {
        expect([more, (await browser.post(INVITE, { ...form, ...more })).status]).toEqual([more, 400]);
      }
      for (const role of ['owner', 'admin publisher', '']) {
        expect([role, (await browser.post(INVITE, { ...form, role })).status]).toEqual([role, 400]);
      }
      const twice = `${new URLSearchParams(form)}&role=admin`;
      expect((await browser.post(INVITE, twice)).status).toBe(400);
      expect((await browser.post(await againPath('waiting@example.org'), { role: 'admin' })).status).toBe(
        400,
      );
    });

    test('an account that there is not is 404', async () => {
      for (const id of ['0'.repeat(32), '..%2f', '%00', "'", 'x'.repeat(150)]) {
        const path = `${PEOPLE}/${id}/invite`;
        expect([id, (await browser.get(path)).status]).toEqual([id, 404]);
        expect([id, (await browser.post(path)).status]).toEqual([id, 404]);
      }
    });

    test('another site can’t invite', async () => {
      const headers = { 'sec-fetch-site': 'cross-site' };
      const form = { ...ANN, email: 'friend@example.org' };
      expect((await browser.post(INVITE, form, headers)).status).toBe(403);
    });
  });

  test('ten minutes after the last proof the list is still there, but its forms ask for a step-up', async () => {
    await browser.submit(INVITE, ANN);
    house.clock.advance(11 * MINUTE);
    expect(await listed()).toContain('Ann Example');
    const again = await againPath(ANN.email);
    const confirm = (path: string) => `/confirm?return_to=${encodeURIComponent(path)}`;
    const other = { ...ANN, email: 'friend@example.org' };
    expect((await browser.get(INVITE)).location).toBe(confirm(INVITE));
    expect((await browser.post(INVITE, other)).location).toBe(confirm(INVITE));
    expect((await browser.get(again)).location).toBe(confirm(again));
    expect((await browser.post(again)).location).toBe(confirm(again));
    const json = await browser.post(INVITE, other, { accept: 'application/json' });
    expect([json.status, json.json<{ code: string }>().code]).toEqual([403, 'step_up_required']);
    expect(await accountOf('friend@example.org')).toBeUndefined();
    expect(await house.mails(ANN.email)).toHaveLength(1);

    await stepUp(house, browser, boss, secret);
    expect((await browser.post(INVITE, other)).status).toBe(303);
    expect((await browser.post(again)).status).toBe(303);
  });

  test('after "This wasn\'t me" nobody is invited in this administrator’s name', async () => {
    await browser.submit(INVITE, ANN);
    const until = house.clock.now() + HOUR;
    await db().updateTable('account').set({ frozen_until_at: until }).where('id', '=', boss.id).execute();
    const answers = [
      await browser.post(INVITE, { ...ANN, email: 'friend@example.org' }),
      await browser.post(await againPath(ANN.email)),
    ];
    for (const answer of answers) {
      expect(answer.status).toBe(409);
      expect(textOf(answer.body)).toContain('Security changes are paused for 24 hours');
    }
    expect(await accountOf('friend@example.org')).toBeUndefined();
    expect(await house.mails(ANN.email)).toHaveLength(1);
  });

  test('nobody’s mailbox is filled: after ten mails in a row the next one waits', async () => {
    await browser.submit(INVITE, ANN);
    const again = await againPath(ANN.email);
    for (let count = 0; count < 10; count++) expect((await browser.post(again)).status).toBe(303);
    const last = await house.link(ANN.email, '/invitation');
    const answer = await browser.post(again);
    expect([answer.status, answer.headers['retry-after']]).toEqual([429, '60']);
    expect(textOf(answer.body)).toContain('Too many tries.');
    expect((await accept(last)).status).toBe(303);
  });

  test('a suspended person is told apart and not invited again', async () => {
    await browser.submit(INVITE, ANN);
    const again = await againPath(ANN.email);
    await db()
      .updateTable('account')
      .set({ suspended_at: house.clock.now() })
      .where('email', '=', ANN.email)
      .execute();
    expect(await listed()).toContain('Ann Example Suspended Invited ann@example.org Publisher 2FA off Boss');
    expect((await browser.post(again)).status).toBe(409);
    expect(textOf((await browser.get(again)).body)).toContain('is suspended and can’t accept');
    expect(await house.mails(ANN.email)).toHaveLength(1);
  });

  test('a Spanish administrator invites in Spanish, and the person keeps their own language', async () => {
    await db().updateTable('account').set({ locale: 'es' }).where('id', '=', boss.id).execute();
    const done = await browser.submit(INVITE, ANN);
    expect(textOf(done.body)).toContain('Personas');
    expect(textOf(done.body)).toContain('Ann Example Invitada ann@example.org Editor Sin 2FA');
    const [mail] = await house.mails(ANN.email);
    expect(mail?.html).toContain('lang="es"');
    await accept(await house.link(ANN.email, '/invitation'));
    expect(await accountOf(ANN.email)).toMatchObject({ locale: 'en' });
  });

  describe('many people', () => {
    beforeEach(async () => {
      const { deps } = house.app;
      await deps.database.transaction(async (tx) => {
        for (let number = 0; number < 120; number++) {
          const name = number % 40 === 7 ? `José Ángel ${number}` : `Somebody ${number}`;
          const email = `p${String(number).padStart(3, '0')}@example.org`;
          const account = { id: newId(deps.random), pseudonym: newId(deps.random), email, name };
          await insertAccount(
            tx,
            { ...account, roles: '', created_at: number, password_hash: 'none' },
            readAddress(email)!.key,
            1,
          );
        }
      });
    });

    const addresses = (body: string) => body.match(/[\w.]+@example\.org(?=<\/div>)/g) ?? [];
    const nextOf = (body: string) =>
      /href="(\/admin\/people\?[^"]*after=[^"]*)"/.exec(body)?.[1]?.replaceAll('&amp;', '&');

    test('fifty on a page, in the order of their addresses, none twice and none left out', async () => {
      const seen: string[] = [];
      let path: string | undefined = PEOPLE;
      const lengths: number[] = [];
      while (path) {
        const { body, status } = await browser.get(path);
        expect(status).toBe(200);
        seen.push(...addresses(body));
        lengths.push(addresses(body).length);
        path = nextOf(body);
      }
      expect(lengths).toEqual([50, 50, 21]);
      expect(seen).toEqual([...new Set(seen)].sort());
      expect(seen).toHaveLength(121);
    });

    test('a search finds in names and addresses, whatever the case and the accents', async () => {
      const find = async (text: string) =>
        addresses((await browser.get(`${PEOPLE}?${new URLSearchParams({ q: text })}`)).body);
      const joses = ['p007@example.org', 'p047@example.org', 'p087@example.org'];
      for (const text of ['jose', 'JOSÉ', ' angel  jose ', 'José']) {
        expect([text, await find(text)]).toEqual([text, joses]);
      }
      expect(await find('P047@Example.org')).toEqual(['p047@example.org']);
      expect(await find('p04')).toHaveLength(10);
      for (const text of ['%', '_', "'", '\\', '\u0000', 'nobody']) expect(await find(text)).toEqual([]);
    });

    test('what was searched for goes on to the next page; nobody found is said', async () => {
      const first = await browser.get(`${PEOPLE}?q=somebody`);
      expect(first.field('q')).toBe('somebody');
      expect(addresses(first.body)).toHaveLength(50);
      const second = await browser.get(nextOf(first.body)!);
      expect(addresses(second.body)).toHaveLength(50);
      const third = await browser.get(nextOf(second.body)!);
      expect(addresses(third.body)).toHaveLength(17);
      expect(nextOf(third.body)).toBeUndefined();
      const none = await browser.get(`${PEOPLE}?q=%3Cb%3Enobody`);
      expect(textOf(none.body)).toContain('Nobody’s name or address begins with “<b>nobody”.');
      expect(none.body).not.toContain('<b>nobody');
    });

    test('a search that has looked far enough stops, and goes on from there', async () => {
      const { db: all } = house.app.database;
      await all.updateTable('account').set({ suspended_at: 1 }).where('email', 'like', 'p11%').execute();
      const found: string[] = [];
      let after = '';
      let requests = 0;
      for (let next: string | null = ''; next !== null; requests++) {
        const { db } = house.app.database;
        const wanted = { text: 'somebody', show: { state: 'suspended' }, after } as const;
        const part = await findPeople(db, wanted, 0, { slice: 7, slices: 3 });
        found.push(...part.people.map(({ email }) => email));
        next = part.next;
        after = next ?? '';
      }
      const those = [110, 111, 112, 113, 114, 115, 116, 117, 118, 119].map((n) => `p${n}@example.org`);
      expect(found.sort()).toEqual(those);
      expect(requests).toBe(6);
    });

    test('words of a name, of the part before the @ and the end of an address go together', async () => {
      const find = async (text: string) =>
        addresses((await browser.get(`${PEOPLE}?${new URLSearchParams({ q: text })}`)).body);
      expect(await find('angel p08')).toEqual(['p087@example.org']);
      expect(await find('p04 @example.org')).toHaveLength(10);
      expect(await find('@example.com')).toEqual([]);
      expect(await find('p11@ex')).toEqual([]);
      expect(await find('p011@ex')).toEqual(['p011@example.org']);
      expect(await find('@example.org')).toHaveLength(50);
    });

    test('who is renamed or changes the address is found by the new one, and no longer by the old', async () => {
      const find = async (text: string) =>
        addresses((await browser.get(`${PEOPLE}?${new URLSearchParams({ q: text })}`)).body);
      const { person, browser: own } = await addProtectedPerson(house, {
        email: 'zoe@example.org',
        name: 'Zoë Q',
      });
      expect(await find('zoe')).toEqual(['zoe@example.org']);
      await own.submit('/account', { name: 'Quentin Tarrant' });
      expect(await find('tarr')).toEqual(['zoe@example.org']);
      await own.post('/account/email', { email: 'quentin@example.org' });
      await own.post('/email-change', {
        token: tokenOf(await house.link('quentin@example.org', '/email-change')),
      });
      expect(await find('quen')).toEqual(['quentin@example.org']);
      expect(await find('zoe')).toEqual([]);
      expect(await find('quentin@')).toEqual(['quentin@example.org']);
      const words = db().selectFrom('account_word').select('word').where('account_id', '=', person.id);
      expect((await words.orderBy('word').execute()).map(({ word }) => word)).toEqual(['quentin', 'tarrant']);
    });

    test('lists of who is without 2FA, suspended, an administrator, invited, or in a group go over pages', async () => {
      const change = (numbers: number[], values: object) =>
        db()
          .updateTable('account')
          .set(values)
          .where(
            'email',
            'in',
            numbers.map((n) => `p${String(n).padStart(3, '0')}@example.org`),
          )
          .execute();
      await change([3, 5], { suspended_at: 1 });
      await change([7, 9], { two_factor_at: 1 });
      await change([9], { roles: 'publisher' });
      await change([11, 12], { password_hash: null });
      const group = { id: newId(house.app.deps.random), name: 'Sales', name_key: 'sales', created_at: 1 };
      await db().insertInto('people_group').values(group).execute();
      const members = await db().selectFrom('account').select('id').where('email', '<', 'p060').execute();
      await db()
        .insertInto('group_member')
        .values(members.map(({ id }) => ({ group_id: group.id, account_id: id, created_at: 1 })))
        .execute();

      async function walk(query: string): Promise<string[]> {
        const seen: string[] = [];
        let path: string | undefined = `${PEOPLE}?${query}`;
        while (path) {
          const { body, status } = await browser.get(path);
          expect(status).toBe(200);
          seen.push(...addresses(body));
          path = nextOf(body);
        }
        expect(seen).toEqual([...new Set(seen)]);
        return seen;
      }
      expect(await walk('show=suspended')).toEqual(['p003@example.org', 'p005@example.org']);
      expect(await walk('show=administrators')).toEqual(['boss@example.org']);
      expect(await walk('show=invited')).toEqual(['p011@example.org', 'p012@example.org']);
      const without = await walk('show=unprotected');
      expect(without).toHaveLength(118);
      expect(without).toEqual([...without].sort());
      expect(without).not.toContain('p007@example.org');
      const inGroup = await walk(`show=group:${group.id}`);
      expect(inGroup).toHaveLength(61);
      expect(inGroup).toEqual([...inGroup].sort());
      expect(await walk(`show=group:${group.id}&q=jose`)).toEqual(['p007@example.org', 'p047@example.org']);
      expect(await walk('show=suspended&q=p00')).toEqual(['p003@example.org', 'p005@example.org']);
      expect(await walk('show=suspended&q=p003@example.org')).toEqual(['p003@example.org']);
      expect(await walk('show=suspended&q=p007@example.org')).toEqual([]);
      expect(await walk('show=group:nosuch')).toEqual([]);
      expect(await walk('show=%00')).toHaveLength(121);
      expect(textOf((await browser.get(`${PEOPLE}?show=group:nosuch`)).body)).toContain(
        'There is nobody of this kind.',
      );
    });

    test('a place that there is not begins at the start', async () => {
      for (const after of ['nobody', '%00', "'", 'x'.repeat(500), '&after=1']) {
        const { status, body } = await browser.get(`${PEOPLE}?after=${after}`);
        expect([after, status, addresses(body)[0]]).toEqual([after, 200, 'boss@example.org']);
      }
    });
  });
});
