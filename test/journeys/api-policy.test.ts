import { describe, expect, test } from 'vitest';
import { type Program, program } from '../kit/api-kit.ts';
import { DAY, freshCode, recordsOf, somebody, somebodyProtected } from '../kit/attack-kit.ts';
import { Authenticator } from '../kit/authenticator.ts';
import { textOf } from '../kit/browser.ts';
import { ENGINES, type House, openHouse } from '../kit/house.ts';
import { addKey, boundElsewhere } from '../kit/keys.ts';
import { enterPassword, isSignedIn } from '../kit/people.ts';
import { registerApp } from '../kit/relying-party.ts';
import { newGroup } from '../kit/rules-kit.ts';
import { sharedHouse } from '../kit/shared-house.ts';

const PROTECTED = { status: 403, body: { code: 'administrator_protected' } };

/** What the records have of this kind, newest last. */
async function records(house: House, event: string) {
  const rows = await house.app.database.db
    .selectFrom('audit_event')
    .select(['event', 'actor', 'detail'])
    .where('event', '=', event)
    .orderBy('seq')
    .execute();
  return rows.map(({ actor, detail }) => ({ actor, detail: JSON.parse(String(detail)) }));
}

describe.each(ENGINES)('the policy through the management API, on %s', (engine) => {
  const house = sharedHouse({ engine, env: { PASSWORD_MIN_LENGTH: '10' } });
  const change = (client: Program, body: unknown) => client.call('changePolicy', { body });

  test('values are decided one by one, all or none of them, and the records name the program', async () => {
    const client = await program(house, ['policy:write']);
    expect((await client.call('getPolicy')).body).toMatchObject({
      password_min_length: 10,
      key_models: 'any',
      forbidden_factors: [],
    });
    const aaguid = 'EE882879-721C-4913-9775-3DFCCE97072A';
    const asked = {
      recovery_wait_hours: 48,
      key_models: [aaguid],
      reminders: 'off',
      password_min_length: 10,
    };
    const { status, body } = await change(client, asked);
    expect([status, body]).toMatchObject([
      200,
      { recovery_wait_hours: 48, key_models: [aaguid.toLowerCase()], reminders: 'off' },
    ]);
    expect(await change(client, asked)).toMatchObject({ status: 200, body });
    const told = await records(house, 'policy.value_set');
    expect(told.map(({ actor }) => actor)).toEqual(Array(3).fill(`client:${client.clientId}`));
    expect(told).toContainEqual(
      expect.objectContaining({ detail: { key: 'recovery_wait_hours', old: '24', new: '48' } }),
    );
    // One of two is bad: neither is taken.
    expect((await change(client, { reminders: 'on', record_retention_days: 5 })).status).toBe(400);
    expect((await client.call('getPolicy')).body).toMatchObject({ reminders: 'off' });
  });

  test('A12: what is no value is refused with its place', async () => {
    const client = await program(house, ['policy:write']);
    for (const [field, values] of Object.entries({
      password_min_length: [9, 129, 12.5, '12', null, true, [12]],
      recovery_wait_hours: [0, 721, -1, 1e99],
      record_retention_days: [1, 29, 36_501],
      builds_per_app: [0, 10_001],
      forbidden_factors: ['sms', ['recovery-code'], ['a'], {}],
      key_models: ['', 'all', [], ['x'], [aaguidOf(0), 7]],
      trusted_browsers: ['', 'yes', true],
      keys_first: ['first'],
      reminders: [1],
    }))
      for (const value of values) {
        const { status, body } = await change(client, { [field]: value });
        expect([field, value, status], JSON.stringify(body)).toEqual([field, value, 400]);
        expect((body as { errors: { at: string }[] }).errors[0]?.at).toMatch(`body.${field}`);
      }
    expect(await change(client, { forbidden_factors: ['totp', 'sms', 'webauthn'] })).toMatchObject({
      status: 409,
      body: { code: 'no_first_method' },
    });
  });

  test('A63: a program leaves no administrator without a method, and throws no records away', async () => {
    const client = await program(house, ['policy:write']);
    await somebodyProtected(house, { roles: 'admin' });
    expect(await change(client, { forbidden_factors: ['totp'], keys_first: 'allowed' })).toMatchObject(
      PROTECTED,
    );
    expect((await client.call('getPolicy')).body).toMatchObject({
      forbidden_factors: [],
      keys_first: 'after',
    });
    expect((await change(client, { forbidden_factors: ['sms'] })).status).toBe(200);
    expect((await change(client, { forbidden_factors: [] })).status).toBe(200);
    for (const [days, status] of [
      [365, 400],
      [0, 200],
    ])
      expect([days, (await change(client, { record_retention_days: days })).status]).toEqual([days, status]);
    const set = (value: string) =>
      house.app.database.db
        .insertInto('policy_value')
        .values({ key: 'record_retention_days', value })
        .onConflict((one) => one.column('key').doUpdateSet({ value }))
        .execute();
    await set('90');
    expect((await change(client, { record_retention_days: 89 })).body).toMatchObject({
      errors: [{ at: 'body.record_retention_days' }],
    });
    expect((await change(client, { record_retention_days: 365 })).status).toBe(200);
    await set('0');
  });

  test('A63: nor one whose other method is a key that works at another host name alone', async () => {
    const moved = await openHouse({ engine });
    const client = await program(moved, ['policy:write']);
    const { browser } = await somebodyProtected(moved, { roles: 'admin' });
    expect((await addKey(browser, new Authenticator(), { label: 'Blue' })).status).toBe(303);
    const without = (kind: string) => client.call('changePolicy', { body: { forbidden_factors: [kind] } });
    expect((await without('totp')).status).toBe(200);
    expect((await without('sms')).status).toBe(200);
    await boundElsewhere(moved);
    expect(await without('totp')).toMatchObject(PROTECTED);
    await moved.close();
  });

  test('a group must use two factors from now on: who has none is stopped, and may choose again afterwards', async () => {
    const client = await program(house, ['policy:write', 'accounts:read']);
    const [bea, cid] = [await somebody(house, { name: 'Bea' }), await somebody(house, { name: 'Cid' })];
    const browser = house.browser();
    await enterPassword(browser, bea);
    const group = await newGroup(house, `Crew ${engine}`, [bea, cid]);
    const params = { whom: group.id };
    expect((await client.call('previewTwoFactorRule', { params })).body).toEqual({
      without_factor: 2,
      signed_in: 1,
      never_signed_in: 1,
      administrators: 0,
    });
    const found: string[] = [];
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const query = { limit: '1', ...(cursor ? { cursor } : {}) };
      const { body } = await client.call('listWithoutFactor', { params, query });
      const page = body as { data: { id: string }[]; next_cursor: string | null };
      found.push(...page.data.map(({ id }) => id));
      cursor = page.next_cursor;
    }
    expect(found.sort()).toEqual([bea.id, cid.id].sort());
    expect((await browser.get('/account')).status).toBe(200);

    const required = await client.call('requireTwoFactor', { params, body: {} });
    expect(required).toMatchObject({ status: 200, body: { group, in_force: true } });
    expect((await browser.get('/account')).location).not.toBe('');
    // The same once more, with a day that is past: nothing changes, and nothing is recorded.
    house.clock.advance(1000);
    const again = await client.call('requireTwoFactor', {
      params,
      body: { required_from: new Date(house.clock.now() - DAY).toISOString() },
    });
    expect(again).toMatchObject({ status: 200, body: required.body as object });
    const told = (await records(house, 'policy.rule_set')).filter(({ detail }) => detail.group === group.id);
    expect(told).toMatchObject([
      { actor: `client:${client.clientId}`, detail: { stopped: 2, before: null } },
    ]);

    expect((await client.call('makeTwoFactorOptional', { params })).status).toBe(204);
    expect((await client.call('makeTwoFactorOptional', { params })).status).toBe(204);
    expect((await records(house, 'policy.rule_dropped')).at(-1)).toMatchObject({
      actor: `client:${client.clientId}`,
    });
    await enterPassword(browser, bea);
    expect(await isSignedIn(browser)).toBe(true);
  });

  test('an app demands two factors from a day on, of those who may open it; a program is no such app', async () => {
    const client = await program(house, ['policy:write', 'accounts:read']);
    const eve = await somebody(house, { name: 'Eve' });
    const group = await newGroup(house, `Readers ${engine}`, [eve]);
    const wiki = await registerApp(house, { groupIds: [group.id] });
    const params = { whom: wiki.clientId };
    expect((await client.call('previewTwoFactorRule', { params })).body).toMatchObject({ without_factor: 1 });
    expect((await client.call('listWithoutFactor', { params })).body).toMatchObject({
      data: [{ id: eve.id }],
    });
    const body = { required_from: new Date(house.clock.now() + 9 * DAY).toISOString() };
    const rule = { group: null, client: { id: wiki.clientId, name: 'Wiki' }, in_force: false, ...body };
    expect(await client.call('requireTwoFactor', { params, body })).toMatchObject({
      status: 200,
      body: rule,
    });
    expect((await client.call('listTwoFactorRules')).body).toMatchObject({ data: [rule] });
    expect((await client.call('makeTwoFactorOptional', { params })).status).toBe(204);
    expect((await client.call('listTwoFactorRules')).body).toEqual({ data: [] });
    const none = { params: { whom: client.clientId } };
    expect((await client.call('requireTwoFactor', { ...none, body: {} })).status).toBe(404);
  });

  test('a rule for everybody from a day on is announced, and is not yet in force; nonsense is refused', async () => {
    const client = await program(house, ['policy:write']);
    const dee = await somebody(house, { name: 'Dee' });
    const params = { whom: 'everyone' };
    const from = (days: number) => ({
      required_from: new Date(house.clock.now() + days * DAY).toISOString(),
    });
    expect(await client.call('requireTwoFactor', { params, body: from(20) })).toMatchObject({
      status: 200,
      body: { group: null, in_force: false, ...from(20) },
    });
    const browser = house.browser();
    await enterPassword(browser, dee);
    expect(textOf((await browser.get('/account')).body)).toMatch(/two-factor/i);
    for (const body of [from(731), { required_from: 'soon' }, { required_from: 1 }, { required_from: null }])
      expect((await client.call('requireTwoFactor', { params, body })).status, JSON.stringify(body)).toBe(
        400,
      );
    expect((await client.call('makeTwoFactorOptional', { params })).status).toBe(204);
    for (const whom of ['nobody', dee.id, 'Everyone']) {
      for (const id of ['requireTwoFactor', 'makeTwoFactorOptional', 'previewTwoFactorRule'])
        expect([whom, id, (await client.call(id, { params: { whom }, body: {} })).status]).toEqual([
          whom,
          id,
          404,
        ]);
    }
  });

  test('somebody is let go by a program and told by whom; a way back for a week, for administrators and programs alone', async () => {
    const client = await program(house, ['accounts:write', 'accounts:read']);
    const { person, browser, secret } = await somebodyProtected(house, { name: 'Eve' });
    const params = { account_id: person.id };
    const gone = await client.call('deleteAccount', { params, body: { reason: 'Left the company.' } });
    const eraseAt = new Date(house.clock.now() + 7 * DAY).toISOString();
    expect(gone).toMatchObject({ status: 200, body: { erase_at: eraseAt } });
    expect(await isSignedIn(browser)).toBe(false);
    expect((await client.call('getAccount', { params })).body).toMatchObject({
      suspended: true,
      erase_at: eraseAt,
      addresses: [{ address: person.email, kind: 'primary', proven: true }],
    });
    const [mail] = await house.mails(person.email);
    expect(mail?.text).toMatch(/Zapier/);
    expect(mail?.text).toMatch(/Left the company\./);
    expect(mail?.text).not.toMatch(/\?token=/);
    const twice = await client.call('deleteAccount', { params, body: { reason: 'Once more.' } });
    expect(twice).toMatchObject({ status: 409, body: { code: 'conflict' } });

    expect(await client.call('restoreAccount', { params })).toMatchObject({
      status: 200,
      body: { suspended: false },
    });
    expect((await house.mails(person.email))[0]?.text).toMatch(/Zapier/);
    for (const event of ['account.deletion_requested', 'account.deletion_cancelled', 'account.restored'])
      expect(await recordsOf(house, person, event)).toMatchObject([{ actor: `client:${client.clientId}` }]);
    const again = house.browser();
    await enterPassword(again, person);
    await again.post('/sign-in/factor/totp', { code: freshCode(house, secret) });
    expect(await isSignedIn(again)).toBe(true);
    const nobody = { params: { account_id: 'f'.repeat(32) } };
    expect((await client.call('deleteAccount', { ...nobody, body: { reason: 'Who?' } })).status).toBe(404);
    expect((await client.call('restoreAccount', nobody)).status).toBe(404);
    for (const reason of ['', ' ', '\u202e.', 'two\nlines', 'x'.repeat(241), 7])
      expect((await client.call('deleteAccount', { params, body: { reason } })).status).toBe(400);
  });

  test('a program that calls itself by one of our words passes for nobody else', async () => {
    const client = await program(house, ['accounts:write']);
    await house.app.database.db
      .updateTable('client')
      .set({ name: 'self' })
      .where('id', '=', client.clientId)
      .execute();
    const person = await somebody(house, { name: 'Flo' });
    const params = { account_id: person.id };
    expect((await client.call('deleteAccount', { params, body: { reason: 'Why not?' } })).status).toBe(200);
    const [mail] = await house.mails(person.email);
    expect(mail?.text).toContain('“self”');
    expect(mail?.text).not.toMatch(/\?token=/);
  });

  test('the Dashboard’s records name the program', async () => {
    const client = await program(house, ['accounts:write']);
    const person = await somebody(house, { name: 'Gus' });
    const params = { account_id: person.id };
    expect((await client.call('changeAccount', { params, body: { suspended: true } })).status).toBe(200);
    const { browser } = await somebodyProtected(house, { roles: 'admin' });
    const page = await browser.get('/admin/records');
    expect(textOf(page.body)).toMatch(/Account suspended Gus \S+ by Zapier/);
  });
});

const aaguidOf = (digit: number) => `${digit}`.repeat(8).concat('-0000-0000-0000-000000000000');
