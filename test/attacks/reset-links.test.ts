import { describe, expect, test } from 'vitest';
import {
  MINUTE,
  planted,
  SECOND,
  securityOf,
  somebody,
  somebodyProtected,
  tryCode,
} from '../kit/attack-kit.ts';
import { ENGINES } from '../kit/house.ts';
import { appCode, enterPassword, NEXT_PASSWORD } from '../kit/people.ts';
import { forgot, resetToken } from '../kit/reset-kit.ts';
import { sharedHouse, sharedTwin } from '../kit/shared-house.ts';

describe.each(ENGINES)('every door asks the second step, on %s', (engine) => {
  const house = sharedHouse({ engine });
  const twin = sharedTwin(house);

  test('R43: a reset link works once, for half an hour, the newest only, and opening it spends nothing', async () => {
    const person = await somebody(house);
    const first = await resetToken(house, person.email);
    const second = await resetToken(house, person.email);
    expect(second).not.toBe(first);
    expect(Buffer.from(second, 'base64url')).toHaveLength(32);
    const scanner = house.browser();
    expect((await scanner.get(`/reset-password?token=${first}`)).status).toBe(422);
    for (let n = 0; n < 3; n++) {
      expect((await scanner.get(`/reset-password?token=${second}`)).status).toBe(200);
      expect((await scanner.send('HEAD', `/reset-password?token=${second}`, undefined, {})).status).toBe(200);
    }
    expect((await scanner.post('/reset-password', { token: second, password: 'short' })).status).toBe(422);
    const tries = await Promise.all(
      [house, twin, house, twin].map((at, n) =>
        at.browser().post('/reset-password', { token: second, password: `${NEXT_PASSWORD}${n}` }),
      ),
    );
    expect(tries.map(({ status }) => status).sort()).toEqual([303, 422, 422, 422]);
    expect((await scanner.post('/reset-password', { token: second, password: NEXT_PASSWORD })).status).toBe(
      422,
    );
    const working = [0, 1, 2, 3].map((n) =>
      enterPassword(house.browser(), { ...person, password: `${NEXT_PASSWORD}${n}` }),
    );
    expect((await Promise.all(working)).filter(({ location }) => location === '/')).toHaveLength(1);

    const late = await somebody(house);
    const expired = await resetToken(house, late.email);
    house.clock.advance(30 * MINUTE);
    expect((await scanner.post('/reset-password', { token: expired, password: NEXT_PASSWORD })).status).toBe(
      422,
    );
    expect((await enterPassword(house.browser(), late)).location).toBe('/');
  });

  test('R45: no reset goes to an address that was never proven, nor to somebody suspended', async () => {
    const unproven = await somebody(house, { proven: false });
    const suspended = await somebody(house);
    const { db } = house.app.database;
    await db.updateTable('account').set({ suspended_at: 1 }).where('id', '=', suspended.id).execute();
    for (const { email } of [unproven, suspended]) {
      expect((await forgot(house.browser(), email)).location).toBe('/check-email');
      expect((await house.mails(email)).filter(({ text }) => text.includes('/reset-password'))).toEqual([]);
    }
  });

  test('R43/A42: a change of security in between voids the link', async () => {
    const { person, browser } = await somebodyProtected(house);
    const token = await resetToken(house, person.email);
    expect((await browser.post('/account/security/disable', { password: person.password })).status).toBe(303);
    expect((await house.browser().post('/reset-password', { token, password: NEXT_PASSWORD })).status).toBe(
      422,
    );
  });

  test('A43: of an address that is a list, an array, a header or a trick nobody gets mail, and the victim at most one', async () => {
    const victim = await somebody(house);
    const v = victim.email;
    const x = 'evil@attacker.example';
    const enc = encodeURIComponent;
    const bodies = [
      `email[]=${enc(v)}&email[]=${enc(x)}`,
      `email=${enc(v)}&email=${enc(x)}`,
      `email=${enc(`${v},${x}`)}`,
      `email=${enc(`${v} ${x}`)}`,
      `email=${enc(`${v};${x}`)}`,
      `email=${enc(`${v}\r\nBcc: ${x}`)}`,
      `email=${enc(`${v}\nBcc: ${x}`)}`,
      `email=${enc(v)}%00${enc(x)}`,
      `email=${enc(`${v}\u0000`)}`,
      `email=${enc(`"${v}" <${x}>`)}`,
      `email=${enc(`<${x}>${v}`)}`,
      `email=${enc(`${x}#@${v.split('@')[1]}`)}`,
      `email=${enc(`${v}@attacker.example`)}`,
      `email=${enc(v.replace('@', '＠'))}`,
      `email=${enc(v.replace('@', '﹫'))}`,
      `email[address]=${enc(v)}`,
      `email=${enc(JSON.stringify([v, x]))}`,
      `email=${enc(JSON.stringify({ email: v }))}`,
      `email=${enc(`${v}%0aBcc:${x}`)}`,
      `email=${enc(`${v}\u2028${x}`)}`,
      `email=${'a'.repeat(300)}@example.org`,
      'email=',
      '',
    ];
    for (const path of ['/forgot-password', '/sign-up']) {
      for (const body of bodies) {
        const full = path === '/sign-up' ? `${body}&name=Somebody` : body;
        const form = 'application/x-www-form-urlencoded';
        const answer = await house.browser().send('POST', path, full, { 'content-type': form });
        const name = `${path} ${body.slice(0, 80)}`;
        expect([303, 400, 422], name).toContain(answer.status);
        if (answer.status === 303) expect(answer.location, name).toBe('/check-email');
      }
      const json = await house
        .browser()
        .send('POST', path, JSON.stringify({ email: [v, x] }), { 'content-type': 'application/json' });
      expect(json.status).toBe(415);
    }
    const mails = await house.mails();
    expect(mails.filter(({ to }) => to.includes('attacker'))).toEqual([]);
    expect(mails.filter(({ to }) => to === v).length).toBeLessThanOrEqual(1);
    for (const mail of mails) expect(mail.to).not.toMatch(/[\r\n,;\s]/);
  });

  test('A44/R45: links carry the configured host, whatever the request says', async () => {
    const person = await somebody(house);
    const poisons: Record<string, string>[] = [
      { host: 'evil.example' },
      { host: 'localhost:3000@evil.example' },
      { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https', 'x-forwarded-port': '1' },
      { forwarded: 'for=1.2.3.4;host=evil.example;proto=https' },
      { 'x-original-url': 'http://evil.example/', 'x-host': 'evil.example', 'x-rewrite-url': '/setup' },
      { origin: 'http://localhost:3000', referer: 'http://evil.example/' },
    ];
    for (const headers of poisons) {
      const answer = await house.browser().post('/forgot-password', { email: person.email }, headers);
      expect([303, 400, 403]).toContain(answer.status);
      expect(answer.location).not.toContain('evil');
      const page = await house.browser().get('/forgot-password', headers);
      expect(page.body).not.toContain('evil.example');
    }
    const absolute = await house
      .browser()
      .post('http://evil.example/forgot-password', { email: person.email });
    expect(absolute.status).toBeLessThan(500);
    for (const { text, html } of await house.mails(person.email)) {
      expect(text + html).not.toContain('evil');
      for (const [url] of text.matchAll(/https?:\/\/\S+/g)) expect(url).toMatch(/^http:\/\/localhost:3000\//);
    }
  });

  test('R59/A8: a right code after a reset, and the person is in: nothing is left behind', async () => {
    const { person, secret } = await planted(house);
    const token = await resetToken(house, person.email);
    await house.browser().post('/reset-password', { token, password: NEXT_PASSWORD });
    house.clock.advance(30 * SECOND);
    expect(
      (await tryCode(house, { ...person, password: NEXT_PASSWORD }, appCode(house, secret))).location,
    ).toBe('/');
    expect(await securityOf(house, person)).toMatchObject({ factors: [{ label: 'Authenticator app' }] });
  });
});
