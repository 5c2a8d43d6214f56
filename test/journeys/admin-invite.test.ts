import { beforeEach, describe, expect, test } from 'vitest';
import { DAY, HOUR, MINUTE, recordsOf, somebodyProtected, tokenOf } from '../kit/attack-kit.ts';
import { type Browser, textOf } from '../kit/browser.ts';
import { ENGINES } from '../kit/house.ts';
import { ANN, accountAt, againPath, INVITE, PEOPLE } from '../kit/invitations.ts';
import {
  enableApp,
  enterPassword,
  isSignedIn,
  PASSWORD,
  type Person,
  signIn,
  stepUp,
} from '../kit/people.ts';
import { freshHouse } from '../kit/shared-house.ts';

describe.each(ENGINES)('an administrator and the people, on %s', (engine) => {
  const house = freshHouse({ engine });
  let boss: Person;
  let browser: Browser;
  let secret: string;
  beforeEach(async () => {
    const values = { email: 'boss@example.org', name: 'Boss', roles: 'admin' };
    ({ person: boss, browser, secret } = await somebodyProtected(house, values));
  });

  const db = () => house.app.database.db;
  const listed = async (query = '', by = browser) => textOf((await by.get(PEOPLE + query)).body);
  const accept = (link: string, by = house.browser()) =>
    by.post('/invitation', { token: tokenOf(link), name: 'Ann Other', password: 'three-green-otters-9' });

  test('invites somebody, who accepts through the mail and signs in', async () => {
    expect((await browser.get('/admin')).body).toContain(`href="${PEOPLE}"`);
    expect(textOf((await browser.get(INVITE)).body)).toContain('a link that works for 7 days');
    const done = await browser.submit(INVITE, ANN);
    expect(textOf(done.body)).toContain('The invitation is on its way.');
    expect(textOf(done.body)).toContain('Ann Example Invited ann@example.org Publisher 2FA off Invite again');
    expect(await listed()).not.toContain('on its way');

    expect(await accountAt(house, ANN.email)).toMatchObject({ password_hash: null, roles: 'publisher' });
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
    const ann = (await accountAt(house, ANN.email))!;
    const { pseudonym } = (await accountAt(house, boss.email))!;
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
    const path = await againPath(house, ANN.email);
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
    const { id } = (await accountAt(house, ANN.email))!;
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
    expect(textOf((await fresh.submit(await againPath(house, ANN.email))).body)).toContain(
      'Ann Example Invited',
    );
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
    expect(await accountAt(house, ANN.email)).toBeUndefined();
    expect(await house.mails(ANN.email)).toEqual([]);
    const json = await browser.post(INVITE, { ...ANN, email: boss.email }, { accept: 'application/json' });
    expect(json.json()).toMatchObject({ code: 'invalid_input', fields: { email: 'email_taken' } });
  });

  test('without a role somebody becomes a member', async () => {
    await browser.submit(INVITE, { email: ANN.email, name: ANN.name });
    expect(await accountAt(house, ANN.email)).toMatchObject({ roles: '' });
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

  test('ten minutes after the last proof the list is still there, but its forms ask for a step-up', async () => {
    await browser.submit(INVITE, ANN);
    house.clock.advance(11 * MINUTE);
    expect(await listed()).toContain('Ann Example');
    const again = await againPath(house, ANN.email);
    const confirm = (path: string) => `/confirm?return_to=${encodeURIComponent(path)}`;
    const other = { ...ANN, email: 'friend@example.org' };
    expect((await browser.get(INVITE)).location).toBe(confirm(INVITE));
    expect((await browser.post(INVITE, other)).location).toBe(confirm(INVITE));
    expect((await browser.get(again)).location).toBe(confirm(again));
    expect((await browser.post(again)).location).toBe(confirm(again));
    const json = await browser.post(INVITE, other, { accept: 'application/json' });
    expect([json.status, json.json<{ code: string }>().code]).toEqual([403, 'step_up_required']);
    expect(await accountAt(house, 'friend@example.org')).toBeUndefined();
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
      await browser.post(await againPath(house, ANN.email)),
    ];
    for (const answer of answers) {
      expect(answer.status).toBe(409);
      expect(textOf(answer.body)).toContain('Security changes are paused for 24 hours');
    }
    expect(await accountAt(house, 'friend@example.org')).toBeUndefined();
    expect(await house.mails(ANN.email)).toHaveLength(1);
  });

  test('nobody’s mailbox is filled: after ten mails in a row the next one waits', async () => {
    await browser.submit(INVITE, ANN);
    const again = await againPath(house, ANN.email);
    for (let count = 0; count < 10; count++) expect((await browser.post(again)).status).toBe(303);
    const last = await house.link(ANN.email, '/invitation');
    const answer = await browser.post(again);
    expect([answer.status, answer.headers['retry-after']]).toEqual([429, '60']);
    expect(textOf(answer.body)).toContain('Too many tries.');
    expect((await accept(last)).status).toBe(303);
  });

  test('a suspended person is told apart and not invited again', async () => {
    await browser.submit(INVITE, ANN);
    const again = await againPath(house, ANN.email);
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
    expect(await accountAt(house, ANN.email)).toMatchObject({ locale: 'en' });
  });
});
