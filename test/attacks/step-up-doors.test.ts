import { describe, expect, test } from 'vitest';
import {
  factorIdOf,
  MINUTE,
  securityOf,
  seesAccount,
  signInAgain,
  somebodyProtected,
} from '../kit/attack-kit.ts';
import type { Page } from '../kit/browser.ts';
import { ENGINES } from '../kit/house.ts';
import { NEXT_PASSWORD } from '../kit/people.ts';
import { sharedHouse, sharedTwin } from '../kit/shared-house.ts';

describe.each(ENGINES)('changing what security rests on, on %s', (engine) => {
  const house = sharedHouse({ engine });
  const twin = sharedTwin(house);

  /** Everything that needs a fresh step-up. `:id` is one of the person's own factors, `:session` another session. */
  const NEEDS_STEP_UP: readonly [
    method: 'GET' | 'POST',
    path: string,
    fields: Record<string, string>,
    page?: string,
  ][] = [
    ['GET', '/account/password', {}],
    ['POST', '/account/password', { current_password: ':password', new_password: NEXT_PASSWORD }],
    ['GET', '/account/email', {}],
    ['POST', '/account/email', { email: 'stolen@example.net' }],
    ['POST', '/account/email/cancel', {}, '/account/email'],
    ['GET', '/account/email/remove-recovery', {}],
    ['POST', '/account/email/remove-recovery', {}, '/account/email'],
    ['GET', '/account/security/totp', {}],
    ['POST', '/account/security/totp', { code: '123456' }],
    ['GET', '/account/security/sms', {}],
    ['POST', '/account/security/sms', { phone: '+34600000021' }],
    ['GET', '/account/security/sms/confirm', {}],
    ['POST', '/account/security/sms/confirm', { code: '123456' }],
    ['GET', '/account/security/keys', {}],
    ['POST', '/account/security/keys', { credential: '{}' }],
    ['GET', '/account/security/factors/:id', {}],
    ['POST', '/account/security/factors/:id', { label: 'Mine now' }],
    ['POST', '/account/security/factors/:id/prefer', {}, '/account/security/factors/:id'],
    ['GET', '/account/security/factors/:id/remove', {}],
    ['POST', '/account/security/factors/:id/remove', {}, '/account/security/factors/:id'],
    ['GET', '/account/security/recovery-codes', {}],
    ['POST', '/account/security/recovery-codes', {}],
    ['GET', '/account/security/disable', {}],
    ['POST', '/account/security/disable', { password: ':password' }],
    ['GET', '/account/export', {}],
    ['POST', '/account/export', {}],
    ['GET', '/account/delete', {}],
    ['POST', '/account/delete', { confirmation: 'ann@example.org', password: ':password' }],
    ['GET', '/account/sessions', {}],
    ['GET', '/account/sessions/end-others', {}],
    ['POST', '/account/sessions/end-others', {}, '/account/sessions'],
    ['GET', '/account/sessions/:session/end', {}],
    ['POST', '/account/sessions/:session/end', {}, '/account/sessions'],
  ];

  test('R39: with a stale step-up each of them leads to /confirm and back, JSON gets 403, and nothing changes', async () => {
    const { person, browser, secret } = await somebodyProtected(house);
    const other = await signInAgain(twin, { person, secret });
    await browser.get('/account/security/recovery-codes');
    await browser.get('/account/security/totp');
    house.clock.advance(10 * MINUTE + 2 * MINUTE);
    await seesAccount(browser);
    const id = await factorIdOf(house, person);
    const { db } = house.app.database;
    const all = await db
      .selectFrom('session')
      .selectAll()
      .where('account_id', '=', person.id)
      .orderBy('created_at')
      .execute();
    const session = all.at(-1)?.id ?? '';
    const fill = (text: string) =>
      text.replace(':id', id).replace(':session', session).replace(':password', person.password);
    const state = await securityOf(house, person);
    const wrongWay: string[] = [];
    for (const [method, path, fields, page = path] of NEEDS_STEP_UP) {
      const name = `${method} ${path}`;
      const full = Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, fill(value)]));
      const send = (headers: Record<string, string> = {}): Promise<Page> =>
        method === 'GET' ? browser.get(fill(path), headers) : browser.post(fill(path), full, headers);
      const answer = await send();
      const expected = `/confirm?return_to=${encodeURIComponent(fill(page))}`;
      expect([answer.status, answer.location.split('?')[0]], name).toEqual([303, '/confirm']);
      if (answer.location !== expected)
        wrongWay.push(`${name} leads to ${answer.location.replace(id, ':id')}`);
      const json = await send({ accept: 'application/json' });
      expect([json.status, json.json<{ code: string }>().code], name).toEqual([403, 'step_up_required']);
      expect(await securityOf(house, person), name).toEqual(state);
    }
    expect(await seesAccount(other)).toBe(true);
    expect((await house.mails('stolen@example.net')).length).toBe(0);
    expect((await house.mails('+34600123456')).length).toBe(0);
    expect(wrongWay).toEqual([]);
  });

  test('R39: the table above is all of it: no other route of the account writes, but those that weaken nothing', async () => {
    const fresh = house.app.routes
      .filter(({ level }) => ['stepped-up', 'may-enrol'].includes(level.name))
      .map(({ method, path }) => `${method} ${path}`);
    const table = NEEDS_STEP_UP.map(([method, path]) => `${method} ${path.replace(':session', ':id')}`);
    expect(fresh.filter((route) => !table.includes(route) && !route.endsWith('/email-change'))).toEqual([]);
    const others = house.app.routes
      .filter(({ method, level }) => method === 'POST' && ['signed-in', 'security-page'].includes(level.name))
      .map(({ path }) => path);
    expect(others.sort()).toEqual([
      '/account',
      // Takes from an app what it was allowed.
      '/account/apps/:id/remove',
      // These make an account safer, or change when it is asked how safe it is.
      '/account/security/advice/later',
      '/account/security/check-up',
      '/account/security/check-up/later',
      '/account/security/trusted-browsers/:id/remove',
      '/confirm',
      '/confirm/factor/recovery-code',
      '/confirm/factor/sms',
      '/confirm/factor/sms/send',
      '/confirm/factor/totp',
      '/confirm/factor/webauthn',
      // Allowing an app what it asks for; it may demand a fresh proof itself.
      '/oidc/interaction/:uid',
    ]);
  });
});
