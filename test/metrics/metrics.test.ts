import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { record } from '../../src/audit/record.ts';
import { somebodyProtected } from '../kit/attack-kit.ts';
import { readSamples, sampleOf, scrape } from '../kit/exposition.ts';
import { ENGINES, type House, openHouse } from '../kit/house.ts';
import { addPerson, addProtectedPerson, appCode, enterPassword, PASSWORD, signIn } from '../kit/people.ts';

describe.each(ENGINES)('metrics, on %s', (engine) => {
  let house: House;
  beforeEach(async () => {
    house = await openHouse({ engine, env: { METRICS_PORT: '9464' } });
  });
  afterEach(() => house.close());

  const samples = async () => readSamples(await (await scrape(house)).text());

  test('signing in is counted by method and result, and sessions by what was proven', async () => {
    const { person, secret } = await addProtectedPerson(house);
    const browser = house.browser();
    await enterPassword(browser, { ...person, password: 'not the password' });
    await enterPassword(browser, person);
    await browser.post('/sign-in/factor/totp', { code: '000000' });
    expect((await signIn(house, browser, person, secret)).status).toBe(303);
    await browser.post('/sign-out');
    const found = await samples();
    const signIns = (method: string, result: string) =>
      sampleOf(found, 'countersign_sign_ins_total', { method, result });
    expect(signIns('password', 'failure')).toBe(1);
    expect(signIns('password', 'success')).toBe(3);
    expect(signIns('totp', 'failure')).toBe(1);
    expect(signIns('totp', 'success')).toBe(1);
    expect(signIns('passkey', 'success')).toBe(0);
    expect(sampleOf(found, 'countersign_sessions_made_total', { acr: 'mfa' })).toBe(1);
    expect(sampleOf(found, 'countersign_sessions_made_total', { acr: 'pwd' })).toBe(1);
    expect(sampleOf(found, 'countersign_sessions_ended_total', { why: 'ended' })).toBe(1);
    expect(sampleOf(found, 'countersign_sessions')).toBe(1);
    expect(sampleOf(found, 'countersign_refusals_total', { code: 'wrong_code' })).toBe(1);
    expect(sampleOf(found, 'countersign_events_total', { event: 'two_factor.enabled' })).toBe(1);
  });

  test('what is rolled back was never counted', async () => {
    const { database, clock } = house.app.deps;
    const place = { now: clock.now(), network: '', browser: '', requestId: '' };
    const note = (fail: boolean) =>
      database.transaction(async (tx) => {
        await record(tx, place, { event: 'setup.completed', subject: null });
        if (fail) throw new Error('on purpose');
      });
    await expect(note(true)).rejects.toThrow('on purpose');
    await Promise.all([note(false), expect(note(true)).rejects.toThrow(), note(false)]);
    expect(sampleOf(await samples(), 'countersign_events_total', { event: 'setup.completed' })).toBe(2);
  });

  test('requests are counted by the pattern of their route, and what meets none together', async () => {
    const browser = house.browser();
    await browser.get('/sign-in');
    await browser.get('/store/an-app');
    await browser.get('/no/such/page');
    await browser.get('/oidc/userinfo');
    const found = await samples();
    const requests = (labels: Record<string, string>) =>
      sampleOf(found, 'countersign_http_requests_total', labels);
    expect(requests({ method: 'GET', route: '/sign-in', status: '200' })).toBe(1);
    expect(requests({ method: 'GET', route: '/store/:app', status: '303' })).toBe(1);
    expect(requests({ method: 'other', route: 'none', status: '404' })).toBe(1);
    // What the library answers on the socket itself.
    expect(requests({ route: '/oidc/userinfo', status: '401' })).toBe(1);
    expect(sampleOf(found, 'countersign_http_request_duration_seconds_count', { route: '/sign-in' })).toBe(1);
  });

  test('the outbox: how much waits, since when, and what became of it', async () => {
    await addPerson(house);
    await house.browser().post('/forgot-password', { email: 'ann@example.org' });
    house.clock.advance(90_000);
    const before = await samples();
    expect(sampleOf(before, 'countersign_outbox_waiting', { channel: 'task' })).toBe(1);
    expect(sampleOf(before, 'countersign_outbox_oldest_seconds', { channel: 'task' })).toBe(90);
    expect(sampleOf(before, 'countersign_outbox_waiting', { channel: 'mail' })).toBe(0);
    await house.mails();
    const after = await samples();
    expect(sampleOf(after, 'countersign_outbox_waiting', { channel: 'task' })).toBe(0);
    expect(sampleOf(after, 'countersign_outbox_oldest_seconds', { channel: 'task' })).toBe(0);
    for (const channel of ['task', 'mail'])
      expect(sampleOf(after, 'countersign_deliveries_total', { channel, result: 'sent' })).toBe(1);
  });

  test('a mail that was planned for later waits from when it is due, not from when it was planned', async () => {
    const { outbox, database } = house.app.deps;
    const message = { to: { name: '', address: 'ann@example.org' }, subject: '', text: '', html: '' };
    const mail = { channel: 'mail', kind: 'letter/restored', accountId: null, message } as const;
    await database.transaction((tx) => outbox.enqueue(tx, mail, house.clock.now() + 3_600_000));
    house.clock.advance(3_610_000);
    const found = await samples();
    expect(sampleOf(found, 'countersign_outbox_waiting', { channel: 'mail' })).toBe(1);
    expect(sampleOf(found, 'countersign_outbox_oldest_seconds', { channel: 'mail' })).toBe(10);
  });

  test('budgets on hold, records that are not in the chain, the clock and the database', async () => {
    const { person } = await addProtectedPerson(house);
    for (let round = 0; round < 2; round++) {
      const browser = house.browser();
      await enterPassword(browser, person);
      for (let tries = 0; tries < 5; tries++) await browser.post('/sign-in/factor/totp', { code: '000000' });
    }
    house.app.deps.clockOffset.ms = -2_500;
    house.clock.advance(7_000);
    const found = await samples();
    expect(sampleOf(found, 'countersign_codes_held')).toBe(1);
    expect(sampleOf(found, 'countersign_codes_closed')).toBe(0);
    expect(sampleOf(found, 'countersign_events_total', { event: 'codes.held' })).toBe(1);
    expect(sampleOf(found, 'countersign_clock_offset_seconds')).toBe(-2.5);
    // The house of a test starts no sealer.
    expect(sampleOf(found, 'countersign_audit_unsealed_seconds')).toBeGreaterThanOrEqual(7);
    expect(sampleOf(found, 'countersign_database_up')).toBe(1);
    for (const operation of ['read', 'commit'])
      expect(sampleOf(found, 'countersign_database_duration_seconds_count', { operation })).toBeGreaterThan(
        10,
      );
    if (engine === 'postgres')
      expect(sampleOf(found, 'countersign_database_connections', { state: 'open' })).toBeGreaterThan(0);
    else expect(sampleOf(found, 'countersign_database_commits_waiting')).toBe(0);
  });

  test('R76: no name, address, code, token, secret or path of anybody is in what is printed', async () => {
    const { person, secret, codes } = await addProtectedPerson(house, {
      email: 'canary@example.org',
      name: 'Canary Bird',
    });
    const browser = house.browser();
    browser.network = '198.51.100.7';
    await signIn(house, browser, person, secret);
    const code = appCode(house, secret);
    await browser.get('/setup?token=canary-token');
    await browser.get('/store/canary-app');
    await browser.get('/canary-path');
    await browser.send('PROPFIND', '/canary-path', undefined, {});
    const text = await (await scrape(house)).text();
    expect(text.length).toBeGreaterThan(5_000);
    const { network, userAgent, cookies } = browser;
    const never = [person.id, PASSWORD, secret, code, ...codes, network, userAgent, ...cookies.values()];
    for (const one of [...never, 'canary', 'Canary', '@']) expect(text).not.toContain(one);
  });

  test('the private listener has one page and takes nothing', async () => {
    const page = await scrape(house);
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toContain('text/plain; version=0.0.4');
    expect(page.headers.get('cache-control')).toBe('no-store');
    expect((await scrape(house, '/')).status).toBe(404);
    expect((await fetch(page.url, { method: 'POST', body: 'x' })).status).toBe(405);
    // R85: the public one has none, whoever asks.
    const { browser } = await somebodyProtected(house, { roles: 'admin' });
    expect((await browser.get('/metrics')).status).toBe(404);
  });

  test('a database that is away is told of; what was known before is not printed as if it were true', async () => {
    expect(sampleOf(await samples(), 'countersign_sessions')).toBe(0);
    const { db } = house.app.deps.database;
    await sql`alter table outbox rename to elsewhere`.execute(db);
    const found = await samples();
    await sql`alter table elsewhere rename to outbox`.execute(db);
    expect(sampleOf(found, 'countersign_database_up')).toBe(0);
    for (const name of ['countersign_sessions', 'countersign_codes_held', 'countersign_outbox_waiting'])
      expect(found.filter((one) => one.name === name)).toEqual([]);
  });
});
