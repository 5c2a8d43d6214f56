import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Role } from '../../src/accounts/account.ts';
import { createAccount, makeInvitation } from '../../src/accounts/create-account.ts';
import { nowhere } from '../../src/audit/place.ts';
import { type Browser, type Page, textOf } from '../kit/browser.ts';
import { ENGINES, type House, openHouse } from '../kit/house.ts';
import { addPerson, enableApp, isSignedIn, PASSWORD } from '../kit/people.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
const SECOND_PASSWORD = 'amber-quilt-penguin-7';

/** What the answer tells, but for what no two answers share. */
function toldBy({ status, headers, body, location }: Page) {
  const { date: _, ...rest } = headers;
  return { status, headers: rest, body: body.replace(/nonce="[^"]*"/g, ''), location };
}

const tokenOf = (path: string) => path.split('token=')[1] ?? '';

describe.each(ENGINES)('an account of one’s own, on %s', (engine) => {
  let house: House;
  let browser: Browser;
  beforeEach(async () => {
    house = await openHouse({ engine });
    browser = house.browser();
  });
  afterEach(() => house.close());

  const accounts = () => house.app.database.db.selectFrom('account').selectAll().execute();
  const signUp = (email: string, name = 'Nora New') => browser.post('/sign-up', { name, email });
  const accept = (path: string, more: Record<string, string> = {}, by = browser) =>
    by.post('/invitation', { token: tokenOf(path), name: 'Nora New', password: PASSWORD, ...more });
  const signIn = (email: string, password = PASSWORD, by = browser) =>
    by.post('/sign-in', { email, password });

  /** As the operator's command does without a password. */
  async function invite(email: string, roles: Role[] = []): Promise<string> {
    const { deps } = house.app;
    const place = nowhere(deps.clock.now());
    const request = {
      email,
      name: 'Ina Invited',
      roles,
      passwordHash: null,
      provenAt: place.now,
      actor: 'operator',
    };
    return deps.database.transaction(async (tx) => {
      const account = await createAccount(tx, deps, place, request);
      return `/invitation?token=${await makeInvitation(tx, deps, account)}`;
    });
  }

  test('signing up, opening the mail, choosing a password, signing in', async () => {
    expect(textOf((await browser.get('/sign-up')).body)).toContain('Create an account');
    const page = await browser.submit('/sign-up', { name: ' Nora  New ', email: 'Nora@Example.org' });
    expect(textOf(page.body)).toContain('Check your mail');
    expect(await accounts()).toEqual([]);

    const link = await house.link('Nora@example.org', '/invitation');
    expect(await accounts()).toEqual([]);
    const shown = await browser.get(link);
    expect([shown.status, shown.field('name')]).toEqual([200, 'Nora New']);
    expect(textOf(shown.body)).toContain('Nora@example.org');
    const answer = await accept(link);
    expect([answer.status, answer.location]).toEqual([303, '/sign-in']);
    expect(await isSignedIn(browser)).toBe(false);
    expect(textOf((await browser.get('/sign-in')).body)).toContain('Your account is ready.');

    expect((await signIn('nora@example.org')).location).toBe('/');
    expect(await isSignedIn(browser)).toBe(true);
    // Proven: a second step can be switched on (R47).
    await enableApp(house, browser);
    expect(await accounts()).toEqual([
      expect.objectContaining({ email: 'Nora@example.org', name: 'Nora New', roles: '' }),
    ]);
  });

  test('the answer is the same for every address; only the mail tells (R55, A47)', async () => {
    await addPerson(house, { email: 'ann@example.org' });
    const known = toldBy(await signUp('ann@example.org'));
    const unknown = toldBy(await signUp('bob@example.org'));
    expect(known).toEqual(unknown);
    expect(known).toMatchObject({ status: 303, location: '/check-email' });
    expect(browser.cookies.size).toBe(0);
    const rows = await house.app.database.db
      .selectFrom('outbox')
      .select(['channel', 'kind', 'account_id'])
      .execute();
    expect(rows).toEqual(Array(2).fill({ channel: 'task', kind: 'sign-up', account_id: null }));

    const [toAnn] = await house.mails('ann@example.org');
    expect(toAnn?.subject).toBe('You already have an account at Countersign');
    expect(toAnn?.text).not.toContain('token=');
    expect((await house.mails('bob@example.org'))[0]?.subject).toBe(
      'Confirm your e-mail address for Countersign',
    );
    expect((await accounts()).length).toBe(1);
    const events = await house.app.database.db
      .selectFrom('audit_event')
      .select(['subject', 'network'])
      .where('event', '=', 'account.sign_up_requested')
      .execute();
    expect(events).toEqual([{ subject: (await accounts())[0]?.pseudonym, network: '127.0.0.1' }]);
  });

  test('the mail carries no word of whoever asked', async () => {
    await signUp('victim@example.org', 'Win a prize at evil.example');
    const [mail] = await house.mails('victim@example.org');
    expect(mail?.text).not.toContain('evil');
    expect(mail?.html).not.toContain('evil');
  });

  test('where accounts are by invitation, both answer 404 whatever is sent', async () => {
    const closed = await openHouse({ engine, env: { SIGN_UP: 'invite' } });
    const visitor = closed.browser();
    for (const answer of [
      await visitor.get('/sign-up'),
      await visitor.post('/sign-up', { name: 'A', email: 'a@example.org' }),
      await visitor.post('/sign-up', 'x=1'),
    ]) {
      expect(answer.status).toBe(404);
      expect(textOf(answer.body)).toContain('Accounts here are by invitation.');
    }
    expect((await visitor.get('/sign-in')).body).not.toContain('/sign-up');
    await closed.close();
  });

  test('opening an invitation spends nothing; it is used once, and lives a day', async () => {
    await signUp('nora@example.org');
    const link = await house.link('nora@example.org', '/invitation');
    for (let count = 0; count < 3; count++) expect((await browser.get(link)).status).toBe(200);
    house.clock.advance(DAY - 1);
    expect((await browser.get(link)).status).toBe(200);
    expect((await accept(link, { password: 'password1234' })).status).toBe(422);
    expect((await accept(link)).status).toBe(303);
    for (const answer of [await browser.get(link), await accept(link, { password: SECOND_PASSWORD })])
      expect(answer.status).toBe(422);
    expect((await signIn('nora@example.org', SECOND_PASSWORD)).status).toBe(422);

    await signUp('late@example.org');
    const late = await house.link('late@example.org', '/invitation');
    house.clock.advance(DAY);
    expect((await accept(late)).status).toBe(422);
    expect((await accounts()).length).toBe(1);
  });

  test('two mails to one address: the first that is used makes the account', async () => {
    await signUp('nora@example.org');
    const one = await house.link('nora@example.org', '/invitation');
    house.clock.advance(MINUTE);
    await signUp('Nora@example.org');
    const other = await house.link('Nora@example.org', '/invitation');
    const answers = await Promise.all([
      accept(one, {}, house.browser()),
      accept(other, { password: SECOND_PASSWORD }, house.browser()),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 422]);
    const refused = answers.find(({ status }) => status === 422) as Page;
    expect(textOf(refused.body)).toContain('This link has been used already');
    expect((await accounts()).length).toBe(1);
  });

  test('the operator invites somebody; the invitation dies with its use', async () => {
    const link = await invite('ina@example.org');
    expect((await signIn('ina@example.org', '')).status).toBe(422);
    expect((await browser.get(link)).field('name')).toBe('Ina Invited');
    house.clock.advance(7 * DAY - 1);
    expect((await accept(link, { name: 'Ina I.' })).location).toBe('/sign-in');
    expect((await signIn('ina@example.org')).location).toBe('/');
    expect((await accept(link)).status).toBe(422);
    expect((await accounts())[0]).toMatchObject({ name: 'Ina I.', email: 'ina@example.org' });
  });

  test('an invitation that was voided, or whose account is suspended, is no good', async () => {
    const older = await invite('ina@example.org');
    const { deps } = house.app;
    const [account] = await accounts();
    const newer = await deps.database.transaction((tx) =>
      makeInvitation(tx, deps, account as NonNullable<typeof account>),
    );
    expect((await browser.get(older)).status).toBe(422);
    expect((await browser.get(`/invitation?token=${newer}`)).status).toBe(200);
    await deps.database.db.updateTable('account').set({ suspended_at: 1 }).execute();
    expect((await accept(`/invitation?token=${newer}`)).status).toBe(422);
  });

  test('an invited administrator sets up the second step without another mail', async () => {
    const link = await invite('ina@example.org', ['admin']);
    expect((await accept(link)).location).toBe('/sign-in');
    const sent = await house.mails();
    expect((await signIn('ina@example.org')).location).toBe('/account/security');
    expect(await house.mails()).toEqual(sent);
    await enableApp(house, browser);
    expect(await isSignedIn(browser)).toBe(true);
  });

  test('A18: an invitation signs nobody in, and the proof stays in the browser that opened it', async () => {
    const link = await invite('ina@example.org', ['admin']);
    await accept(link);
    const stranger = house.browser();
    expect((await signIn('ina@example.org', PASSWORD, stranger)).location).toBe('/account/security');
    expect((await stranger.get('/account/security/totp')).status).toBe(303);
    expect((await house.mails('ina@example.org'))[0]?.subject).toBe('Set up your second step at Countersign');
  });

  test('whoever was signed in here is not any more', async () => {
    const bob = await addPerson(house, { email: 'bob@example.org' });
    await signIn(bob.email);
    expect(await isSignedIn(browser)).toBe(true);
    await accept(await invite('ina@example.org'));
    expect(await isSignedIn(browser)).toBe(false);
  });

  test('R47: who reads the mail gets an account that somebody planted, without anything of theirs', async () => {
    const { db } = house.app.database;
    const planted = await addPerson(house, { email: 'owner@example.org', password: SECOND_PASSWORD });
    const thief = house.browser();
    await signIn(planted.email, SECOND_PASSWORD, thief);
    await enableApp(house, thief);
    await db
      .insertInto('email_address')
      .values({
        address_key: 'thief@example.org',
        address: 'thief@example.org',
        account_id: planted.id,
        kind: 'recovery',
        proven_at: 1,
        created_at: 1,
      })
      .execute();
    await db.updateTable('email_address').set({ proven_at: null }).where('kind', '=', 'primary').execute();

    await signUp('owner@example.org');
    const link = await house.link('owner@example.org', '/invitation');
    expect((await accept(link, { name: 'The Owner' })).status).toBe(303);

    expect(await isSignedIn(thief)).toBe(false);
    expect((await signIn('owner@example.org', SECOND_PASSWORD, thief)).status).toBe(422);
    expect((await signIn('owner@example.org')).location).toBe('/');
    for (const table of ['factor', 'recovery_code'] as const)
      expect(await db.selectFrom(table).select('account_id').execute()).toEqual([]);
    expect(await db.selectFrom('email_address').select(['kind', 'proven_at']).execute()).toEqual([
      { kind: 'primary', proven_at: house.clock.now() },
    ]);
    expect((await accounts())[0]).toMatchObject({ id: planted.id, name: 'The Owner', two_factor_at: null });
    await enableApp(house, browser);
  });

  test('mistakes come back beside their fields', async () => {
    const complaints: [Record<string, string>, string][] = [
      [{ name: '', email: 'nora@example.org' }, 'Fill this in.'],
      [{ name: 'x'.repeat(101), email: 'nora@example.org' }, 'Type a name of up to 100 characters.'],
      [{ name: 'A\nBcc: x@evil.example', email: 'nora@example.org' }, 'Type a name of up to 100 characters.'],
      [{ name: 'Nora', email: 'nora@example.org, x@evil.example' }, 'Type one e-mail address'],
    ];
    for (const [fields, complaint] of complaints) {
      const answer = await browser.post('/sign-up', fields);
      expect(answer.status).toBe(422);
      expect(textOf(answer.body)).toContain(complaint);
      expect(answer.field('email')).toBe(fields['email']);
    }
    expect(
      (await browser.post('/sign-up', { name: 'N', email: 'n@example.org', role: 'admin' })).status,
    ).toBe(400);
    expect(await house.mails()).toEqual([]);
    const spanish = await browser.get('/sign-up', { 'accept-language': 'es' });
    expect(textOf(spanish.body)).toContain('Crear una cuenta');
  });

  test('an address is written to ten times, its aliases included, then it waits; others do not (A50)', async () => {
    const aliases = [
      'v@example.org',
      'V@example.org',
      'v+a@example.org',
      'v+b@EXAMPLE.org',
      'v@example.org.',
      'ｖ@example.org',
    ];
    const answers = [];
    for (let count = 0; count < 10; count++)
      answers.push((await signUp(aliases[count % 6] as string)).status);
    expect(answers).toEqual(Array(10).fill(303));
    const held = await signUp('v+c@example.org');
    expect([held.status, held.headers['retry-after']]).toEqual([429, '60']);
    expect(textOf(held.body)).toContain('Too many tries.');
    expect((await signUp('w@example.org')).status).toBe(303);
    house.clock.advance(MINUTE);
    expect((await signUp('v@example.org')).status).toBe(303);
    expect((await house.mails()).length).toBe(12);
  });
});
