import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeSetUpLink, setUpLink } from '../../src/sign-in/set-up-link.ts';
import { type Browser, textOf } from '../kit/browser.ts';
import { ENGINES, type House, openHouse } from '../kit/house.ts';
import { addPerson, enableApp, PASSWORD } from '../kit/people.ts';

const HOUR = 3_600_000;

describe.each(ENGINES)('the first administrator, on %s', (engine) => {
  let house: House;
  let browser: Browser;
  beforeEach(async () => {
    house = await openHouse({ engine });
    browser = house.browser();
  });
  afterEach(() => house.close());

  /** As a path on this origin. */
  const printed = async () =>
    ((await setUpLink(house.app.deps)) ?? '').replace(house.app.deps.config.baseUrl, '');
  const breakGlass = async () =>
    (await makeSetUpLink(house.app.deps)).replace(house.app.deps.config.baseUrl, '');
  const tokenOf = (path: string) => path.split('token=')[1] ?? '';
  const form = (path: string, more: Record<string, string> = {}) => ({
    token: tokenOf(path),
    name: 'Ada Admin',
    email: 'ada@example.org',
    password: PASSWORD,
    ...more,
  });
  const countAccounts = async () =>
    (await house.app.database.db.selectFrom('account').select('id').execute()).length;

  test('the link leads to the enrolment of a second step and, with it, into a session', async () => {
    const link = await printed();
    expect(link).toMatch(/^\/setup\?token=[\w-]{43}$/);
    const shown = await browser.get(link);
    expect(shown.status).toBe(200);
    expect(textOf(shown.body)).toContain('Set up Countersign');

    const answer = await browser.post('/setup', form(link));
    expect([answer.status, answer.location]).toEqual([303, '/account/security']);
    expect([...browser.cookies.keys()]).toEqual(['enrolment']);
    expect(await setUpLink(house.app.deps)).toBeNull();

    // Proven already: no mail is needed before the second step is set up.
    expect(await house.mails()).toEqual([]);
    await enableApp(house, browser);
    expect(browser.cookies.has('session')).toBe(true);
    const account = await house.app.database.db.selectFrom('account').selectAll().executeTakeFirstOrThrow();
    expect(account).toMatchObject({ email: 'ada@example.org', name: 'Ada Admin', roles: 'admin' });
    const events = await house.app.database.db
      .selectFrom('audit_event')
      .select(['event', 'actor', 'subject'])
      .execute();
    expect(events.map(({ event }) => event)).toEqual(
      expect.arrayContaining(['setup.link_made', 'account.created', 'setup.completed', 'two_factor.enabled']),
    );
    expect(events.find(({ event }) => event === 'setup.link_made')?.actor).toBe('system');
  });

  test('opening it spends nothing, using it works once', async () => {
    const link = await printed();
    for (let count = 0; count < 3; count++) expect((await browser.get(link)).status).toBe(200);
    expect((await browser.send('HEAD', link, undefined, {})).status).toBe(200);
    expect((await browser.post('/setup', form(link))).status).toBe(303);

    const late = house.browser();
    for (const answer of [
      await late.get(link),
      await late.post('/setup', form(link, { email: 'eve@example.org' })),
    ]) {
      expect(answer.status).toBe(422);
      expect(textOf(answer.body)).toContain('This link has been used already');
    }
    expect(late.cookies.size).toBe(0);
    expect(await countAccounts()).toBe(1);
  });

  test('of ten who use it at once, one becomes the administrator', async () => {
    const link = await printed();
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        house.browser().post('/setup', form(link, { email: `a${index}@example.org` })),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([303, ...Array(9).fill(422)]);
    expect(await countAccounts()).toBe(1);
  });

  test('the link that one instance printed works although another has started since and printed its own', async () => {
    const first = await printed();
    const second = await printed();
    expect((await browser.get(first)).status).toBe(200);
    expect((await browser.get(second)).status).toBe(200);
    expect((await browser.post('/setup', form(first))).status).toBe(303);
    for (const link of [first, second]) {
      const answer = await house.browser().post('/setup', form(link, { email: 'eve@example.org' }));
      expect(answer.status).toBe(422);
    }
    expect(await countAccounts()).toBe(1);
  });

  test('of ten who use the links of ten instances at once, one becomes the administrator', async () => {
    const links: string[] = [];
    for (let count = 0; count < 10; count++) links.push(await printed());
    const answers = await Promise.all(
      links.map((link, index) =>
        house.browser().post('/setup', form(link, { email: `a${index}@example.org` })),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([303, ...Array(9).fill(422)]);
    expect(await countAccounts()).toBe(1);
  });

  test('it lives 24 hours, and one that the operator asks for replaces it', async () => {
    const older = await printed();
    const newer = await breakGlass();
    expect((await browser.get(older)).status).toBe(422);
    house.clock.advance(24 * HOUR - 1);
    expect((await browser.get(newer)).status).toBe(200);
    house.clock.advance(1);
    expect((await browser.get(newer)).status).toBe(422);
    expect((await browser.post('/setup', form(newer))).status).toBe(422);
    for (const path of [
      '/setup',
      '/setup?token=',
      '/setup?token=x',
      `/setup?token=${'A'.repeat(43)}`,
      '/setup?token=a&token=b',
    ])
      expect((await browser.get(path)).status).toBe(422);
  });

  test('the printed link is worth nothing once there is an administrator; the break-glass one is', async () => {
    const atStart = await printed();
    await addPerson(house, { email: 'first@example.org', roles: 'admin' });
    expect((await browser.get(atStart)).status).toBe(422);
    expect((await browser.post('/setup', form(atStart))).status).toBe(422);
    expect(await setUpLink(house.app.deps)).toBeNull();

    const link = await breakGlass();
    expect((await browser.get(link)).status).toBe(200);
    expect((await browser.post('/setup', form(link))).status).toBe(303);
    expect((await browser.post('/setup', form(link))).status).toBe(422);
  });

  test('a suspended administrator is none: the next start prints a link', async () => {
    const { id } = await addPerson(house, { roles: 'admin' });
    await house.app.database.db
      .updateTable('account')
      .set({ suspended_at: 1 })
      .where('id', '=', id)
      .execute();
    expect(await printed()).not.toBe('');
  });

  test('mistakes come back beside their fields, and the link stays good', async () => {
    await addPerson(house, { email: 'taken@example.org' });
    const link = await printed();
    const complaints: [Record<string, string>, string][] = [
      [{ email: 'Taken@EXAMPLE.org' }, 'This e-mail address can’t be used.'],
      [{ email: 'no address' }, 'Type one e-mail address'],
      [{ name: ' \t ' }, 'Type a name of up to 100 characters.'],
      [{ name: 'x'.repeat(101) }, 'Type a name of up to 100 characters.'],
      [{ name: 'Ada\u202eAdmin' }, 'Type a name of up to 100 characters.'],
      [{ password: 'password1234' }, 'everybody tries first'],
      [{ password: 'short' }, 'Use at least 12 characters.'],
      [{ password: 'ada@example.org' }, 'Don’t build it from your name'],
      [{ password: '' }, 'Fill this in.'],
    ];
    for (const [field, complaint] of complaints) {
      const answer = await browser.post('/setup', form(link, field));
      expect([answer.status, Object.keys(field)[0]]).toEqual([422, Object.keys(field)[0]]);
      expect(textOf(answer.body)).toContain(complaint);
      expect(answer.field('token')).toBe(tokenOf(link));
      expect(answer.body).not.toContain('value="password1234"');
    }
    const json = await browser.post('/setup', form(link, { email: 'x' }), { accept: 'application/json' });
    expect([json.status, json.json()]).toEqual([
      422,
      expect.objectContaining({ code: 'invalid_input', fields: { email: 'email_invalid' } }),
    ]);
    expect((await browser.post('/setup', form(link, { role: 'x' }))).status).toBe(400);
    expect((await browser.post('/setup', form(link))).status).toBe(303);
  });

  test('whoever was signed in here is not any more', async () => {
    const person = await addPerson(house, { email: 'bob@example.org' });
    await browser.post('/sign-in', { email: person.email, password: person.password });
    const session = browser.cookies.get('session') ?? '';
    expect(session).not.toBe('');
    await browser.post('/setup', form(await printed()));
    expect([...browser.cookies.keys()].sort()).toEqual(['browser', 'enrolment']);
    const old = house.browser();
    old.cookies.set('session', session);
    expect((await old.get('/account/security')).location).toMatch(/^\/sign-in/);
  });
});
