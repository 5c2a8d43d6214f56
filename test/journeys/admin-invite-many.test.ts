import { describe, expect, test } from 'vitest';
import { pseudonymOf, recordsOf, somebody, someEmail, tokenOf } from '../kit/attack-kit.ts';
import { type Browser, textOf } from '../kit/browser.ts';
import { ENGINES } from '../kit/house.ts';
import { administrator } from '../kit/recovery-kit.ts';
import { sharedHouse } from '../kit/shared-house.ts';

const PATH = '/admin/people/invite-many';

/** A multipart form, as browsers send it (RFC 7578). */
function multipart(parts: readonly { name: string; file?: string; value: string | Buffer }[]) {
  const boundary = '----form7d41b838504d8';
  const body = Buffer.concat([
    ...parts.flatMap(({ name, file, value }) => [
      Buffer.from(
        `--${boundary}\r\ncontent-disposition: form-data; name="${name}"${file === undefined ? '' : `; filename="${file}"\r\ncontent-type: text/csv`}\r\n\r\n`,
      ),
      Buffer.from(value),
      Buffer.from('\r\n'),
    ]),
    Buffer.from(`--${boundary}--\r\n`),
  ]);
  return { body, type: `multipart/form-data; boundary=${boundary}` };
}

const send = (
  browser: Browser,
  parts: Parameters<typeof multipart>[0],
  headers: Record<string, string> = {},
) => {
  const { body, type } = multipart(parts);
  return browser.send('POST', PATH, body as unknown as string, { 'content-type': type, ...headers });
};
const list = (browser: Browser, people: string, confirmed = false) =>
  send(browser, [
    ...(confirmed ? [{ name: 'confirmed', value: 'on' }] : []),
    { name: 'people', value: people },
    { name: 'file', file: '', value: '' },
  ]);

describe.each(ENGINES)('inviting many, on %s', (engine) => {
  const house = sharedHouse({ engine });
  const db = () => house.app.database.db;
  const boss = () => administrator(house, 'Bo Berg');
  const accounts = async () => (await db().selectFrom('account').select('id').execute()).length;
  const group = (id: string, name: string) =>
    db()
      .insertInto('people_group')
      .values({ id, name, name_key: name.toLowerCase(), created_at: 1 })
      .execute();

  test('looks through the list, asks, and invites everybody in one go', async () => {
    const { browser, person: bo } = await boss();
    await group(`sales-${engine}`, 'Sales');
    await group(`madrid-${engine}`, 'Madrid');
    const [ann, bob] = [someEmail('ann'), someEmail('bob')];
    const people = `email,name,role,groups\r\n${ann},Ann Example,publisher,"Sales, madrid"\r\n\r\n${bob},"Bob, the Builder",,\r\n`;
    const before = await accounts();
    const looked = await list(browser, people);
    expect(looked.status).toBe(200);
    expect(textOf(looked.body)).toContain('2 people can be invited.');
    expect(textOf(looked.body)).toContain(`2 ${ann} Ann Example Publisher Sales, Madrid`);
    expect(textOf(looked.body)).toContain(`4 ${bob} Bob, the Builder Member`);
    expect(await accounts()).toBe(before);

    // The question holds the list; a browser sends it back as it stands there.
    const held = looked.field('people');
    expect(held).toBe(people);
    const done = await list(browser, held, true);
    expect(done.location).toBe('/admin/people');
    expect(textOf((await browser.get('/admin/people')).body)).toContain('The invitations are on their way.');
    const made = await db()
      .selectFrom('account')
      .selectAll()
      .where('email', '=', ann)
      .executeTakeFirstOrThrow();
    expect(made).toMatchObject({ name: 'Ann Example', roles: 'publisher', password_hash: null });
    const groups = await db()
      .selectFrom('group_member')
      .select('group_id')
      .where('account_id', '=', made.id)
      .execute();
    expect(groups.map(({ group_id }) => group_id).sort()).toEqual([`madrid-${engine}`, `sales-${engine}`]);
    const token = tokenOf(await house.link(bob, '/invitation'));
    const accepted = await house
      .browser()
      .post('/invitation', { token, name: 'Bob', password: 'brisk-teal-heron-77' });
    expect(accepted.location).toBe('/sign-in');
    const person = { id: made.id, email: ann, password: '' };
    const actor = await pseudonymOf(house, bo);
    expect((await recordsOf(house, person)).map(({ event, actor }) => [event, actor])).toEqual([
      ['account.created', actor],
      ['account.invited', actor],
      ['group.joined', actor],
      ['group.joined', actor],
    ]);
  });

  test('tells every mistake with its line, and invites nobody, asked to or not', async () => {
    const { browser } = await boss();
    const taken = await somebody(house);
    const [ann, bob] = [someEmail('ann'), someEmail('bob')];
    const people = [
      `${ann},Ann`,
      `${taken.email.toUpperCase()},Somebody`,
      'me,,boss,Nowhere',
      `${ann.toUpperCase()},Ann again`,
      `${bob},Bob,member,,more`,
    ].join('\n');
    const before = await accounts();
    for (const confirmed of [false, true]) {
      const answer = await list(browser, people, confirmed);
      expect(answer.status).toBe(422);
      const text = textOf(answer.body);
      expect(text).toContain('Nobody was invited: of 5 rows, 4 are not right yet.');
      expect(text).toContain('2 ');
      for (const told of [
        `2 ${taken.email.toLowerCase().replace(/^[^@]*/, (local) => local.toUpperCase())} Somebody somebody here has this address already`,
        '3 me not an e-mail address no name, or one of more than 100 characters there is no role “boss”: use member, publisher or admin there is no group “Nowhere”',
        'the same address as in line 1',
        'more cells than columns',
      ])
        expect(text).toContain(told);
      expect(text).not.toContain('Invite 5 people');
      expect(answer.body).toContain(`${ann},Ann`);
    }
    expect(await accounts()).toBe(before);
    expect(await house.mails(ann)).toEqual([]);
    const json = await send(browser, [{ name: 'people', value: people }], { accept: 'application/json' });
    expect([json.status, json.json<{ code: string }>().code]).toEqual([422, 'invalid_input']);
  });

  test('takes files as spreadsheets write them, and says which it can’t read', async () => {
    const { browser } = await boss();
    const email = someEmail('zoe');
    const file = (value: string | Buffer) => send(browser, [{ name: 'file', file: 'people.csv', value }]);
    const semicolons = await file(`\ufeffname;email\r\n"Zoë\r\nQ";nobody\r\nZoë;${email}\r\n`);
    expect(textOf(semicolons.body)).toContain('of 2 rows, one is not right yet');
    const tabs = await file(`email\tname\n${email}\tZoë\n\t\n`);
    expect(textOf(tabs.body)).toContain(`1 person can be invited.`);
    for (const [text, complaint] of [
      ['', 'There is nobody on this list.'],
      ['email,name\n', 'There is nobody on this list.'],
      ['email,name,colour\na@example.org,A,red', 'The first row may name these columns'],
      ['email,role\na@example.org,member', 'Email and name must be there.'],
      [`${email},"Zoë\nand more`, 'can’t be read: a quotation mark is missing'],
      [Buffer.from([0xff, 0xfe, 0x61, 0x00]), 'This file isn’t text in UTF-8.'],
      [Array.from({ length: 1_001 }, (_, n) => `p${n}@example.org,P`).join('\n'), 'These are 1,001 people.'],
    ] as const) {
      const answer = await file(text as string);
      expect([String(text).slice(0, 30), answer.status]).toEqual([String(text).slice(0, 30), 422]);
      expect(textOf(answer.body)).toContain(complaint);
      // Beside the list, which has the focus; that a file is no text is said above both.
      if (typeof text === 'string') expect(answer.body).toMatch(/<textarea[^>]*f-people-error[^>]*autofocus/);
    }
  });

  test('R71: parts that nobody asked for, or that come twice, are refused, and what is too much', async () => {
    const { browser } = await boss();
    const row = { name: 'people', value: `${someEmail()},A` };
    for (const parts of [
      [row, { name: 'roles', value: 'admin' }],
      [row, row],
      [row, { name: 'avatar', file: 'a.png', value: 'x' }],
      [row, { name: '__proto__', value: 'x' }],
    ])
      expect((await send(browser, parts)).status).toBe(400);
    expect((await send(browser, [{ name: 'people', value: 'x'.repeat(500_000) }])).status).toBe(413);
    expect((await send(browser, [{ name: 'file', file: 'a.csv', value: 'x'.repeat(500_000) }])).status).toBe(
      413,
    );
    expect((await browser.post(PATH, { people: row.value })).status).toBe(415);
    const broken = await browser.send('POST', PATH, 'no form at all', {
      'content-type': 'multipart/form-data',
    });
    expect(broken.status).toBe(400);
    const cut = multipart([row]).body.subarray(0, 90).toString();
    const type = multipart([row]).type;
    expect((await browser.send('POST', PATH, cut, { 'content-type': type })).status).toBe(400);
    const foreign = await send(browser, [row], { 'sec-fetch-site': 'cross-site' });
    expect(foreign.status).toBe(403);
  });

  test('R83: what is typed and is not UTF-8 is refused, as a file is: no name is garbled', async () => {
    const { browser } = await boss();
    const email = someEmail('broken');
    const value = Buffer.concat([Buffer.from(`${email},Ren`), Buffer.from([0xe9]), Buffer.from('e\n')]);
    for (const more of [[], [{ name: 'confirmed', value: 'on' }]]) {
      const answer = await send(browser, [...more, { name: 'people', value }]);
      expect(answer.status).toBe(400);
      expect(answer.body).not.toContain('\ufffd');
    }
    expect(await house.mails(email)).toEqual([]);
  });

  test('an address that is taken between the question and the answer stops the whole list', async () => {
    const { browser } = await boss();
    const [ann, bob] = [someEmail('ann'), someEmail('bob')];
    const before = await accounts();
    const [one, two] = await Promise.all([
      list(browser, `${ann},Ann\n${bob},Bob`, true),
      browser.post('/admin/people/invite', { email: bob, name: 'Bob' }),
    ]);
    const made = (await accounts()) - before;
    expect([
      [303, 422, 2],
      [422, 303, 1],
    ]).toContainEqual([one.status, two.status, made]);
  });
});
