import * as client from 'openid-client';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DAY, MINUTE, type Protected, seesAccount, somebody, somebodyProtected } from '../kit/attack-kit.ts';
import { type Browser, textOf } from '../kit/browser.ts';
import { ManualClock } from '../kit/clock.ts';
import { ENGINES, type House, openHouse } from '../kit/house.ts';
import { enterPassword, type Person } from '../kit/people.ts';
import { protectHost } from '../kit/protected-host.ts';
import { ask, follow, openRelyingParty, redeem, registerApp, visitApp } from '../kit/relying-party.ts';
import { newGroup } from '../kit/rules-kit.ts';

const RULES = '/admin/rules';
const TWO_FACTOR = `${RULES}/two-factor`;

describe.each(ENGINES)('an app for which two factors are required, on %s', (engine) => {
  let house: House;
  let boss: Protected & { readonly browser: Browser };
  beforeEach(async () => {
    house = await openHouse({ engine, clock: new ManualClock(Date.now()) });
    boss = await somebodyProtected(house, { name: 'Boss', roles: 'admin' });
  });
  afterEach(() => house.close());

  const db = () => house.app.database.db;
  const dayIn = (days: number) => new Date(house.clock.now() + days * DAY).toISOString().slice(0, 10);
  const look = async (path: string) => textOf((await boss.browser.get(path)).body);
  const preview = (choice: Record<string, string>) =>
    look(`${TWO_FACTOR}/preview?${new URLSearchParams(choice)}`);

  async function signedIn(person: Person): Promise<Browser> {
    const browser = house.browser();
    await enterPassword(browser, person);
    return browser;
  }

  /** Everybody proves themselves again before they write: the clock went on. */
  async function until(instant: number): Promise<void> {
    house.clock.advance(instant - house.clock.now());
  }

  test('the report names those who may open it, each once, and looking changes nothing', async () => {
    const [ann, bob] = [await somebody(house, { name: 'Ann' }), await somebody(house, { name: 'Bob' })];
    await somebody(house, { name: 'Outside' });
    const cem = await somebodyProtected(house, { name: 'Cem' });
    const staff = await newGroup(house, 'Staff', [ann, cem.person]);
    const sales = await newGroup(house, 'Sales', [ann, bob]);
    const { clientId } = await registerApp(house, { groupIds: [staff.id, sales.id] });
    await registerApp(house, { name: 'A script', scopes: ['audit:read'] }, { kind: 'api' });

    const choose = await boss.browser.get(TWO_FACTOR);
    expect(textOf(choose.body)).toContain('App: Wiki');
    expect(choose.body).not.toContain('A script');
    const annHere = await signedIn(ann);
    const choice = { group: `app.${clientId}`, when: 'now', day: '' };
    const report = await preview(choice);
    expect(report).toContain('App: Wiki: two factors required from now on.');
    expect(report).toContain(
      'Without a second factor 2 Of them signed in now 1 Of them never signed in here 1 Of them administrators 0',
    );
    expect(report).toContain(`Ann signed in ${ann.email} Bob never signed in ${bob.email}`);
    expect(report).not.toMatch(/Outside|Cem|their sessions end/);
    expect(await look(RULES)).not.toContain('Wiki');

    const done = await boss.browser.submit(TWO_FACTOR, choice);
    expect(textOf(done.body)).toMatch(/The rule is set\..*App: Wiki Required since/);
    // It is about that app alone.
    expect(await seesAccount(annHere)).toBe(true);
    expect(await look(`/admin/apps/${clientId}`)).toContain('By a sign-in rule A second factor since');
    expect(await look(`${TWO_FACTOR}/app.${clientId}`)).toContain('App: Wiki: two factors required since');
    const [told] = await db()
      .selectFrom('audit_event')
      .select('detail')
      .where('event', '=', 'policy.rule_set')
      .execute();
    expect(JSON.parse(told!.detail)).toMatchObject({ client: clientId, before: null, stopped: 2 });

    const asked = textOf((await boss.browser.get(`${TWO_FACTOR}/app.${clientId}/optional`)).body);
    expect(asked).toContain('Make two factors optional: App: Wiki');
    await boss.browser.submit(`${TWO_FACTOR}/app.${clientId}/optional`, {});
    expect(await look(RULES)).not.toContain('Wiki');
  });

  test('from a day on: until then a password opens it, and not a moment longer; what it was given ends too', async () => {
    const ann = await somebody(house, { name: 'Ann' });
    const app = await registerApp(house, { homeUrl: 'https://app.example.org/' });
    const rp = await openRelyingParty(house, app);
    const chosen = { group: `app.${app.clientId}`, when: 'day', day: dayIn(20) };
    expect(await preview(chosen)).toContain(
      'Anyone who opens it then without a second factor sets one up first.',
    );
    await boss.browser.submit(TWO_FACTOR, chosen);
    expect(await look('/admin')).toContain('App: Wiki: two factors required from');
    const { two_factor_from_at: from } = await db()
      .selectFrom('client')
      .select('two_factor_from_at')
      .where('id', '=', app.clientId)
      .executeTakeFirstOrThrow();

    // Its settings change, and the rule stays.
    await until(Number(from) - MINUTE);
    const browser = await signedIn(ann);
    expect(textOf((await browser.get('/store')).body)).toMatch(/From .* it asks for a second step/);
    const early = await ask(rp);
    const tokens = await redeem(rp, await visitApp(browser, early), early);
    expect(tokens.claims()).toMatchObject({ acr: 'pwd' });
    const renewed = await client.refreshTokenGrant(rp, tokens.refresh_token!);

    await until(Number(from));
    await expect(client.refreshTokenGrant(rp, renewed.refresh_token!)).rejects.toMatchObject({
      error: 'invalid_grant',
    });
    expect(await seesAccount(browser)).toBe(true);
    const silent = await follow(browser, (await ask(rp, { prompt: 'none' })).path);
    expect(new URL(silent.location).searchParams.get('error')).toBe('interaction_required');
    expect(textOf((await follow(browser, (await ask(rp)).path)).body)).toContain(
      'Wiki asks for a second step',
    );
    expect(textOf((await browser.get('/store')).body)).toContain('Asks for a second step, and you have none');
  });

  test('a host behind a proxy as well: the very next request is led to a second factor', async () => {
    const ann = await somebody(house, { name: 'Ann' });
    const host = await protectHost(house);
    const browser = await signedIn(ann);
    await host.enter(browser);
    expect(await host.isOpen()).toBe(true);
    const chosen = { group: `app.${host.clientId}`, when: 'day', day: dayIn(1) };
    await boss.browser.submit(TWO_FACTOR, chosen);
    const { two_factor_from_at: from } = await db()
      .selectFrom('client')
      .select('two_factor_from_at')
      .where('id', '=', host.clientId)
      .executeTakeFirstOrThrow();
    for (let at = house.clock.now(); at < Number(from) - MINUTE; at = house.clock.now()) {
      await until(Math.min(at + 20 * MINUTE, Number(from) - MINUTE));
      if (!(await host.isOpen())) {
        const again = await signedIn(ann);
        await host.enter(again);
      }
    }
    expect(await host.isOpen()).toBe(true);
    await until(Number(from));
    expect(await host.isOpen()).toBe(false);
  });

  test('an app that is none, a program, and a group that is called like one are not found', async () => {
    const script = await registerApp(house, { name: 'A script', scopes: ['audit:read'] }, { kind: 'api' });
    for (const group of ['app.nobody', 'app.', `app.${script.clientId}`, 'app.everyone', 'nobody'])
      for (const answer of [
        await boss.browser.get(
          `${TWO_FACTOR}/preview?${new URLSearchParams({ group, when: 'now', day: '' })}`,
        ),
        await boss.browser.post(TWO_FACTOR, { group, when: 'now', day: '' }),
        await boss.browser.get(`${TWO_FACTOR}/${group}/optional`),
      ])
        expect(answer.status, group).toBe(404);
  });

  test('settings that are saved meanwhile leave the rule as it is', async () => {
    const app = await registerApp(house);
    await boss.browser.submit(TWO_FACTOR, { group: `app.${app.clientId}`, when: 'now', day: '' });
    await boss.browser.submit(`/admin/apps/${app.clientId}/edit`, {
      name: 'Wiki 2',
      acr: 'pwd',
      redirect_uris: 'https://app.example.org/callback',
    });
    expect(await look(RULES)).toContain('App: Wiki 2 Required since');
  });
});
