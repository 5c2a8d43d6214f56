import { describe, expect, test } from 'vitest';
import {
  countOf,
  MINUTE,
  planted,
  seesAccount,
  somebody,
  somebodyProtected,
  someEmail,
  tokenOf,
} from '../kit/attack-kit.ts';
import { Authenticator } from '../kit/authenticator.ts';
import type { Browser } from '../kit/browser.ts';
import { ENGINES } from '../kit/house.ts';
import { PASSKEY_REFUSED, usePasskey } from '../kit/keys.ts';
import { appCode, enableApp, enterPassword, type Person } from '../kit/people.ts';
import { makeOptional, newGroup, require2fa } from '../kit/rules-kit.ts';
import { sharedHouse, sharedTwin } from '../kit/shared-house.ts';

const NEXT = 'brisk-teal-heron-77';

/** Public, or for nobody in particular: a sign-in is not what opens them. */
const PUBLIC = ['everyone', 'anyone', 'newcomer'];

describe.each(ENGINES)('no door opens past a rule, on %s', (engine) => {
  const house = sharedHouse({ engine });
  const twin = sharedTwin(house);

  /** The password is right, and what it opens is the way to a second factor. */
  async function enrolsOnly(browser: Browser, person: Person, fields: Record<string, string> = {}) {
    const answer = await enterPassword(browser, person, fields);
    expect(answer.location).toBe('/account/security');
    await hasNothing(browser);
    expect(await countOf(house, 'session', person)).toBe(0);
  }

  async function hasNothing(browser: Browser) {
    expect(browser.cookies.get('session')).toBeUndefined();
    expect(await seesAccount(browser)).toBe(false);
  }

  /** A house is shared, so each rule is that of a group. */
  async function underRule(...people: Person[]) {
    const group = await newGroup(house, someEmail('group').replace('@', ' '), people);
    await require2fa(house, null, group);
    return group;
  }

  test('A18: the password, with and without a place to return to, in a new browser and in a known one', async () => {
    const ann = await somebody(house);
    const known = house.browser();
    await enterPassword(known, ann);
    await underRule(ann);
    expect(await seesAccount(known)).toBe(false);
    await house.app.database.db.deleteFrom('session').where('account_id', '=', ann.id).execute();
    known.cookies.delete('session');
    await enrolsOnly(known, ann);
    await enrolsOnly(house.browser(), ann, { return_to: '/account/sessions' });
    await enrolsOnly(twin.browser(), ann, { return_to: '/account/password' });
  });

  test('R31: the enrolment that it opens, unproven and proven, shows no other page that needs somebody', async () => {
    const ann = await somebody(house);
    await underRule(ann);
    const browser = house.browser();
    await enrolsOnly(browser, ann);
    const proven = house.browser();
    house.clock.advance(2 * MINUTE);
    await enrolsOnly(proven, ann);
    await proven.post('/enrol', { token: tokenOf(await house.link(ann.email, '/enrol')) });
    const own = { unproven: ['/account/security'], proven: ['/account/security'] };
    own.proven.push('/account/security/totp', '/account/security/sms');
    for (const [state, who] of [
      ['unproven', browser],
      ['proven', proven],
    ] as const) {
      for (const { method, path, level } of house.app.routes) {
        if (method !== 'GET' || PUBLIC.includes(level.name) || path.includes(':')) continue;
        const { status } = await who.get(path);
        if (status === 200) expect(own[state], `${state} ${path}`).toContain(path);
      }
      await hasNothing(who);
    }
  });

  test('A18: a live session, on every instance, at once; so does its step-up', async () => {
    const ann = await somebody(house);
    const here = house.browser();
    await enterPassword(here, ann);
    expect((await here.get('/account/security/totp')).status).toBe(200);
    const there = twin.browser();
    for (const [name, value] of here.cookies) there.cookies.set(name, value);
    expect(await seesAccount(there)).toBe(true);
    await underRule(ann);
    for (const one of [here, there]) {
      expect(await seesAccount(one)).toBe(false);
      for (const path of ['/account/security', '/account/security/totp', '/confirm', '/account/email'])
        expect((await one.get(path)).location, path).toMatch(/^\/sign-in/);
      expect((await one.post('/confirm', { password: ann.password })).location).toMatch(/^\/sign-in/);
      expect((await one.post('/account/password', {})).location).toMatch(/^\/sign-in/);
    }
  });

  test('A18: links of mails: reset, e-mail change, undo, not-me, enrolment', async () => {
    const ann = await somebody(house);
    const before = house.browser();
    await enterPassword(before, ann);
    const moved = someEmail('moved');
    await before.post('/account/email', { email: moved });
    const change = tokenOf(await house.link(moved, '/email-change'));
    await underRule(ann);

    const visitor = house.browser();
    await visitor.post('/forgot-password', { email: ann.email });
    const reset = tokenOf(await house.link(ann.email, '/reset-password'));
    expect((await visitor.post('/reset-password', { token: reset, password: NEXT })).location).toBe(
      '/sign-in',
    );
    await hasNothing(visitor);
    expect((await visitor.post('/email-change', { token: change })).location).toMatch(/^\/sign-in/);
    await hasNothing(visitor);
    const now = { ...ann, password: NEXT };
    await enrolsOnly(visitor, now);
    const link = await house.link(ann.email, '/enrol');
    const other = house.browser();
    expect((await other.get(link)).location).toMatch(/^\/sign-in/);
    expect((await other.post('/enrol', { token: tokenOf(link) })).location).toMatch(/^\/sign-in/);
    await hasNothing(other);
    const notMe = tokenOf(await house.link(ann.email, '/not-me'));
    await other.post('/not-me', { token: notMe });
    await hasNothing(other);
  });

  test('A18: what belongs to a second step that there is none of: codes, keys, recovery codes, passkeys', async () => {
    const ann = await somebody(house);
    await underRule(ann);
    const browser = house.browser();
    await enrolsOnly(browser, ann);
    for (const kind of ['totp', 'sms', 'recovery-code', 'webauthn'])
      expect((await browser.post(`/sign-in/factor/${kind}`, { code: '000000' })).location).toBe('/sign-in');
    expect((await browser.get('/sign-in/factor')).location).toBe('/sign-in');
    const key = new Authenticator();
    const refused = await usePasskey(house.browser(), key);
    expect([refused.status, refused.body.includes(PASSKEY_REFUSED)]).toEqual([422, true]);
    await hasNothing(browser);
  });

  test('A18: a browser that was trusted, once the second factor behind it is gone', async () => {
    const { person, secret } = await planted(house);
    const browser = house.browser();
    await enterPassword(browser, person);
    await browser.post('/sign-in/factor/totp', { code: appCode(house, secret), trust: 'on' });
    house.clock.advance(30_000);
    expect((await enterPassword(browser, person)).location).toBe('/');
    const { db } = house.app.database;
    // As a reset by an administrator leaves it, but for the trust, which it would end as well.
    await db.deleteFrom('factor').where('account_id', '=', person.id).execute();
    await db.updateTable('account').set({ two_factor_at: null }).where('id', '=', person.id).execute();
    await underRule(person);
    browser.cookies.delete('session');
    await db.deleteFrom('session').where('account_id', '=', person.id).execute();
    await enrolsOnly(browser, person);
  });

  test('A18: sign-ins that are under way while the rule is switched on', async () => {
    for (let round = 0; round < 3; round++) {
      const people = [await somebody(house), await somebody(house), await somebody(house)];
      const browsers = people.map(() => house.browser());
      await Promise.all([
        ...people.map((person, index) => enterPassword(browsers[index]!, person)),
        underRule(...people),
      ]);
      for (const browser of browsers) expect(await seesAccount(browser)).toBe(false);
    }
  });

  test('a second factor opens them all again, and so does the end of the rule', async () => {
    const [ann, bob] = [await somebody(house), await somebody(house)];
    const group = await underRule(ann, bob);
    const browser = house.browser();
    await enrolsOnly(browser, ann);
    await browser.post('/enrol', { token: tokenOf(await house.link(ann.email, '/enrol')) });
    await enableApp(house, browser);
    expect(await seesAccount(browser)).toBe(true);
    await makeOptional(house, group);
    const other = house.browser();
    expect((await enterPassword(other, bob)).location).toBe('/');
    expect(await seesAccount(other)).toBe(true);
  });

  test('whoever has a second factor notices nothing', async () => {
    const { person, browser } = await somebodyProtected(house);
    await underRule(person);
    expect(await seesAccount(browser)).toBe(true);
    expect((await enterPassword(house.browser(), person)).location).toBe('/sign-in/factor');
  });
});
