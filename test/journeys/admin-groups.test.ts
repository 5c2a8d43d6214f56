import { describe, expect, test } from 'vitest';
import { newId } from '../../src/kit/random.ts';
import { pseudonymOf, recordsOf, somebody } from '../kit/attack-kit.ts';
import { type Browser, textOf } from '../kit/browser.ts';
import { ENGINES } from '../kit/house.ts';
import { administrator } from '../kit/recovery-kit.ts';
import { sharedHouse } from '../kit/shared-house.ts';

const GROUPS = '/admin/groups';

describe.each(ENGINES)('groups in the Dashboard, on %s', (engine) => {
  const house = sharedHouse({ engine });
  const db = () => house.app.database.db;
  const boss = () => administrator(house, 'Bo Berg');

  /** -> its path */
  async function make(browser: Browser, name: string): Promise<string> {
    const answer = await browser.post(`${GROUPS}/create`, { name });
    expect([name, answer.status]).toEqual([name, 303]);
    return answer.location;
  }

  test('makes one, puts people in by their address, takes them out, renames and removes it', async () => {
    const { browser, person: bo } = await boss();
    const ann = await somebody(house, { name: 'Ann Example' });
    const path = await make(browser, 'Sales');
    expect(textOf((await browser.get(path)).body)).toContain('Sales');
    expect(textOf((await browser.get(path)).body)).toContain('Nobody belongs to this group yet.');
    const joined = await browser.submit(`${path}/members`, { email: ann.email.toUpperCase() });
    expect(textOf(joined.body)).toContain(`Ann Example ${ann.email} Remove`);
    expect(textOf((await browser.get(GROUPS)).body)).toContain('Group People Sales 1');

    await browser.submit(`${path}/rename`, { name: 'Sales & Service' });
    const leave = `${path}/members/${ann.id}/remove`;
    expect(textOf((await browser.get(leave)).body)).toContain(
      'can no longer open what is only for the people of Sales & Service',
    );
    expect(textOf((await browser.submit(leave)).body)).toContain('Nobody belongs');
    expect((await browser.post(leave)).status).toBe(404);
    expect(textOf((await browser.get(path)).body)).toContain('No rule and no app uses this group.');
    expect(textOf((await browser.submit(`${path}/remove`)).body)).toContain('The group was removed.');
    expect((await browser.get(path)).status).toBe(404);

    const actor = await pseudonymOf(house, bo);
    const done = await db()
      .selectFrom('audit_event')
      .selectAll()
      .where('actor', '=', actor)
      .orderBy('seq')
      .execute();
    const events = done.map(({ event }) => event).filter((event) => event.startsWith('group.'));
    expect(events).toEqual(['group.created', 'group.joined', 'group.renamed', 'group.left', 'group.removed']);
    expect(await recordsOf(house, ann, 'group.joined')).toMatchObject([{ actor }]);
  });

  test('says beside the field what can’t be', async () => {
    const { browser } = await boss();
    const path = await make(browser, 'Madrid');
    for (const [name, complaint] of [
      ['', 'Type a name of up to 64 characters'],
      ['a,b', 'without a comma'],
      ['  MADRID ', 'There is already a group with this name.'],
      ['x'.repeat(65), 'Type a name'],
    ] as const) {
      const answer = await browser.post(`${GROUPS}/create`, { name });
      expect([name, answer.status]).toEqual([name, 422]);
      expect(textOf(answer.body)).toContain(complaint);
    }
    const other = await make(browser, 'Berlin');
    const renamed = await browser.post(`${other}/rename`, { name: 'madrid' });
    expect([renamed.status, renamed.field('name')]).toEqual([422, 'madrid']);
    for (const [email, complaint] of [
      ['nobody@example.org', 'Nobody here signs in with this address.'],
      ['me', 'Type one e-mail address'],
    ] as const) {
      const answer = await browser.post(`${path}/members`, { email });
      expect([email, answer.status, answer.field('email')]).toEqual([email, 422, email]);
      expect(textOf(answer.body)).toContain(complaint);
    }
    const twice = await Promise.all(
      ['Oslo', 'oslo'].map((name) => browser.post(`${GROUPS}/create`, { name })),
    );
    expect(twice.map(({ status }) => status).sort()).toEqual([303, 422]);
  });

  test('says what names a group, and does not remove the only one that an app lets in', async () => {
    const { browser } = await boss();
    const [path, second] = [await make(browser, 'Lab'), await make(browser, 'Shop')];
    const id = path.split('/').at(-1) as string;
    const now = house.clock.now();
    const app = (client: string, name: string) => ({
      id: client,
      kind: 'oidc' as const,
      name,
      description: '',
      redirect_uris: '[]',
      post_logout_redirect_uris: '[]',
      acr: 'pwd' as const,
      scopes: '',
      created_at: now,
    });
    await db()
      .insertInto('client')
      .values([app('wiki', 'Wiki'), app('shop', 'Shop app')])
      .execute();
    await db()
      .insertInto('client_group')
      .values([
        { client_id: 'wiki', group_id: id },
        { client_id: 'shop', group_id: id },
        { client_id: 'shop', group_id: second.split('/').at(-1) as string },
      ])
      .execute();
    const rule = { id: newId(house.app.deps.random), group_id: id, required_from_at: now, created_at: now };
    await db().insertInto('two_factor_rule').values(rule).execute();

    const text = textOf((await browser.get(path)).body);
    expect(text).toContain('Its people have had to use two-factor authentication since');
    expect(text).toContain('Shop app lets its people in. Wiki lets its people in, and nobody else.');
    const asked = await browser.get(`${path}/remove`);
    expect(textOf(asked.body)).toContain('Wiki: open only to this group, and without it to everybody.');
    expect(asked.body).not.toContain(`action="${path}/remove"`);
    expect((await browser.post(`${path}/remove`)).status).toBe(409);

    await db().deleteFrom('client').where('id', '=', 'wiki').execute();
    const free = textOf((await browser.get(`${path}/remove`)).body);
    expect(free).toContain(
      'The rule that they must use two-factor authentication ends. Shop app: no longer open',
    );
    await browser.submit(`${path}/remove`);
    const left = await db()
      .selectFrom('client_group')
      .select('client_id')
      .where('client_id', '=', 'shop')
      .execute();
    expect(left).toHaveLength(1);
  });

  test('pages through many people, few or very many, none twice and none left out', async () => {
    const { browser } = await boss();
    const path = await make(browser, 'Everybody');
    const group_id = path.split('/').at(-1) as string;
    async function add(from: number, to: number) {
      const numbers = Array.from({ length: to - from }, (_, index) => from + index);
      for (let start = 0; start < numbers.length; start += 500) {
        const some = numbers.slice(start, start + 500).map((n) => ({
          id: newId(house.app.deps.random),
          pseudonym: newId(house.app.deps.random),
          email: `m${String(n).padStart(4, '0')}@example.org`,
          name: `Member ${n}`,
          roles: '',
          created_at: 1,
        }));
        await db().insertInto('account').values(some).execute();
        await db()
          .insertInto('group_member')
          .values(some.map(({ id }) => ({ group_id, account_id: id, created_at: 1 })))
          .execute();
      }
    }
    async function walk() {
      const seen: string[] = [];
      let next: string | undefined = path;
      while (next) {
        const { body } = await browser.get(next);
        seen.push(...(body.match(/m\d{4}@example\.org(?=<\/div>)/g) ?? []));
        next = /href="(\/admin\/groups\/[^"]*after=[^"]*)"/.exec(body)?.[1];
      }
      return seen;
    }
    await add(0, 120);
    const few = await walk();
    expect(few).toHaveLength(120);
    expect(few).toEqual([...few].sort());
    await add(120, 2_050);
    const many = await walk();
    expect(new Set(many).size).toBe(2_050);
    expect(many).toHaveLength(2_050);
  });
});
