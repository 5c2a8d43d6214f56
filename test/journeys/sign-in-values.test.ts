import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { policyValue } from '../../src/policy/values.ts';
import { MINUTE, type Protected, somebody, somebodyProtected, tokenOf } from '../kit/attack-kit.ts';
import { type Browser, textOf } from '../kit/browser.ts';
import { ENGINES, type House, openHouse } from '../kit/house.ts';
import { appCode, enterPassword } from '../kit/people.ts';

const VALUES = '/admin/rules/values';
const AS_IT_IS = {
  trusted_browsers: 'allowed',
  password_min_length: '12',
  key_models: 'any',
  key_list: '',
  recovery_wait_hours: '24',
  reminders: 'on',
  record_retention_days: '0',
  build_size_mib: '2048',
  builds_total_gib: '100',
  builds_per_app: '100',
};
const AAGUIDS = ['cb69481e-8ff7-4039-93ec-0a2729a154a8', 'ee882879-721c-4913-9775-3dfcce97072a'];

describe.each(ENGINES)('the smaller rules of signing in, on %s', (engine) => {
  let house: House;
  let boss: Protected & { readonly browser: Browser };
  beforeEach(async () => {
    house = await openHouse({ engine });
    boss = await somebodyProtected(house, { roles: 'admin' });
  });
  afterEach(() => house.close());

  const submit = (change: Partial<typeof AS_IT_IS>) =>
    boss.browser.submit(VALUES, { ...AS_IT_IS, ...change });
  const save = (change: Partial<typeof AS_IT_IS>) => boss.browser.post(VALUES, { ...AS_IT_IS, ...change });

  async function resetTo(password: string) {
    const ann = await somebody(house);
    const browser = house.browser();
    await browser.post('/forgot-password', { email: ann.email });
    const token = tokenOf(await house.link(ann.email, '/reset-password'));
    const page = await browser.get(`/reset-password?token=${token}`);
    return { page, answer: await browser.post('/reset-password', { token, password }) };
  }

  test('R69: the form shows what holds, a change needs a step-up, and is on record with both values', async () => {
    const form = await boss.browser.get(VALUES);
    expect(form.field('recovery_wait_hours')).toBe('24');
    expect(form.field('password_min_length')).toBe('12');
    // What was not touched is no change.
    expect((await save({})).location).toBe('/admin/rules');
    const done = await submit({
      recovery_wait_hours: '48',
      reminders: 'off',
    });
    expect(textOf(done.body)).toContain('Waiting time before a temporary pass 48 hours');
    expect(textOf(done.body)).toContain('Reminders Not sent');
    const rows = await house.app.database.db
      .selectFrom('audit_event')
      .select('detail')
      .where('event', '=', 'policy.value_set')
      .orderBy('seq')
      .execute();
    expect(rows.map(({ detail }) => JSON.parse(detail))).toEqual([
      { key: 'recovery_wait_hours', old: '24', new: '48' },
      { key: 'reminders', old: 'on', new: 'off' },
    ]);
    house.clock.advance(11 * MINUTE);
    expect((await save({ recovery_wait_hours: '1' })).location).toMatch(/^\/confirm/);
    expect((await boss.browser.get(VALUES)).location).toMatch(/^\/confirm/);
  });

  test('one is one: neither hours nor builds, in either language', async () => {
    const done = await submit({
      recovery_wait_hours: '1',
      builds_per_app: '1',
    });
    expect(textOf(done.body)).toContain('Waiting time before a temporary pass 1 hour Reminders');
    expect(textOf(done.body)).toContain('Builds of one app 1 build Change');
    await boss.browser.post('/account', { name: 'Boss', locale: 'es', time_zone: '' });
    const spanish = textOf((await boss.browser.get('/admin/rules')).body);
    expect(spanish).toContain('Espera antes de un pase temporal 1 hora Recordatorios');
    expect(spanish).toContain('Compilaciones de una aplicación 1 compilación Cambiar');
  });

  test('R1: the shortest password can be raised, for every new one, and never lowered below the configuration', async () => {
    expect((await save({ password_min_length: '20' })).status).toBe(303);
    const short = await resetTo('mild-copper-walru');
    expect(textOf(short.page.body)).toContain('20 characters');
    expect(short.answer.status).toBe(422);
    expect(textOf(short.answer.body)).toContain('Use at least 20 characters');
    expect((await resetTo('mild-copper-walrus-42-deep')).answer.status).toBe(303);
    const own = await boss.browser.post('/account/password', {
      current_password: boss.person.password,
      new_password: 'mild-copper-walru',
    });
    expect(textOf(own.body)).toContain('Use at least 20 characters');
    // Passwords that people have keep working.
    expect((await enterPassword(house.browser(), boss.person)).location).toBe('/sign-in/factor');

    for (const length of ['11', '8', '0', '129', '12.5', '-20', '', 'many'])
      expect([length, (await save({ password_min_length: length })).status]).toEqual([length, 422]);
    // As if somebody had raised PASSWORD_MIN_LENGTH since.
    await house.app.database.db.updateTable('policy_value').set({ value: '9' }).execute();
    expect(textOf((await resetTo('abcdefghij')).answer.body)).toContain('Use at least 12 characters');
  });

  test('records are kept for ever, or for thirty days and more', async () => {
    const { db } = house.app.database;
    for (const [days, status] of [
      ['29', 422],
      ['-1', 422],
      ['30', 303],
    ] as const)
      expect([days, (await save({ record_retention_days: days })).status]).toEqual([days, status]);
    expect(textOf((await boss.browser.get('/admin/rules')).body)).toContain('Records 30 days');
    expect(await policyValue(db, 'record_retention_days')).toBe(30);
    expect((await save({})).status).toBe(303);
    expect(await policyValue(db, 'record_retention_days')).toBe(0);
    expect(textOf((await boss.browser.get('/admin/rules')).body)).toContain('Kept for ever');
  });

  test('R23: which models of keys can be added: a list that is none is refused, one that is is kept as it was meant', async () => {
    const { db } = house.app.database;
    for (const list of ['', 'yubikey', `${AAGUIDS[0]}, yubikey`])
      expect((await save({ key_models: 'listed', key_list: list })).status).toBe(422);
    expect(await policyValue(db, 'key_models')).toBe('any');
    const typed = ` ${AAGUIDS[0]!.toUpperCase()},\n${AAGUIDS[1]} `;
    expect((await save({ key_models: 'listed', key_list: typed })).status).toBe(303);
    expect(await policyValue(db, 'key_models')).toEqual(AAGUIDS);
    const form = await boss.browser.get(VALUES);
    expect(textOf(form.body)).toContain(AAGUIDS.join(', '));
    expect(textOf((await boss.browser.get('/admin/rules')).body)).toContain('Of 2 models');
    expect((await save({ key_models: 'certified', key_list: 'whatever' })).status).toBe(303);
    expect(await policyValue(db, 'key_models')).toBe('certified');
  });

  test('numbers outside their limits are refused beside their field, and what was typed is shown again', async () => {
    const refused = await save({ recovery_wait_hours: '721', password_min_length: '999' });
    expect(refused.status).toBe(422);
    expect(refused.body.match(/Type a whole number within these limits/g)).toHaveLength(2);
    expect(refused.field('recovery_wait_hours')).toBe('721');
    expect((await save({ trusted_browsers: 'sometimes' })).status).toBe(400);
    expect((await boss.browser.post(VALUES, { ...AS_IT_IS, keys_first: 'allowed' })).status).toBe(400);
    expect(await house.app.database.db.selectFrom('policy_value').selectAll().execute()).toEqual([]);
  });

  test('R37: trusted browsers can be forbidden: nobody is trusted any more, and nobody is asked whether', async () => {
    const ann = await somebodyProtected(house);
    const browser = house.browser();
    await enterPassword(browser, ann.person);
    await browser.post('/sign-in/factor/totp', { code: appCode(house, ann.secret), trust: 'on' });
    expect((await enterPassword(browser, ann.person)).location).toBe('/');
    await save({ trusted_browsers: 'forbidden' });
    expect((await enterPassword(browser, ann.person)).location).toBe('/sign-in/factor');
    expect((await browser.get('/sign-in/factor')).body).not.toContain('name="trust"');
  });

  test('R73: a form that stood open while another administrator decided otherwise takes nothing of that back', async () => {
    await save({ record_retention_days: '30' });
    const form = await boss.browser.get(VALUES);
    const shown = {
      ...AS_IT_IS,
      record_retention_days: '30',
      recovery_wait_hours: '48',
      seen: form.field('seen'),
    };
    // Somebody else keeps the records for ever, and asks everybody each time.
    await save({ trusted_browsers: 'forbidden' });
    const late = await boss.browser.post(VALUES, shown);
    expect(late.status).toBe(409);
    expect(textOf(late.body)).toContain('Somebody changed this at the same time');
    expect(late.field('record_retention_days')).toBe('0');
    expect(await policyValue(house.app.database.db, 'record_retention_days')).toBe(0);
    expect(await policyValue(house.app.database.db, 'trusted_browsers')).toBe('forbidden');
    const again = { ...AS_IT_IS, trusted_browsers: 'forbidden', recovery_wait_hours: '48' };
    const mistaken = await boss.browser.post(VALUES, {
      ...again,
      builds_per_app: 'x',
      seen: late.field('seen'),
    });
    expect(mistaken.status).toBe(422);
    const done = await boss.browser.post(VALUES, { ...again, seen: mistaken.field('seen') });
    expect(done.location).toBe('/admin/rules');
    expect(await policyValue(house.app.database.db, 'recovery_wait_hours')).toBe(48);
  });

  test('R37: whoever was trusted before it was forbidden is asked when it is allowed again, and may be trusted anew', async () => {
    const ann = await somebodyProtected(house);
    const browser = house.browser();
    const signIn = async (secret: string) => {
      await enterPassword(browser, ann.person);
      house.clock.advance(30_000);
      await browser.post('/sign-in/factor/totp', { code: appCode(house, secret), trust: 'on' });
    };
    await signIn(ann.secret);
    house.clock.advance(60_000);
    await save({ trusted_browsers: 'forbidden' });
    house.clock.advance(60_000);
    await save({ trusted_browsers: 'allowed' });
    expect((await enterPassword(browser, ann.person)).location).toBe('/sign-in/factor');
    await signIn(ann.secret);
    expect(
      (await browser.get('/account/security')).body.match(/trusted-browsers\/[^/]+\/remove/g),
    ).toHaveLength(1);
    // Saved once more as it is, it changes nothing.
    await save({ trusted_browsers: 'allowed' });
    expect((await enterPassword(browser, ann.person)).location).toBe('/');
  });
});
