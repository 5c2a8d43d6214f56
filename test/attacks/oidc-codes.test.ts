import * as client from 'openid-client';
import { describe, expect, test } from 'vitest';
import { MINUTE, recordsOf, somebodyProtected } from '../kit/attack-kit.ts';
import { ManualClock } from '../kit/clock.ts';
import { ENGINES } from '../kit/house.ts';
import { ask, CALLBACK, redeem, registerApp, seesUserInfo, visitApp } from '../kit/relying-party.ts';
import { sharedHouse, sharedTwin } from '../kit/shared-house.ts';
import { visitedApp } from '../kit/visited-app.ts';

describe.each(ENGINES)('attacks on OpenID Connect, on %s', (engine) => {
  const house = sharedHouse({ engine, clock: new ManualClock(Date.now()) });
  const twin = sharedTwin(house);
  const visit = visitedApp(house);

  test('A52/R63: twenty at once on two instances: one gets tokens; a later one ends them', async () => {
    const { code: value, asked } = await visit.code();
    const fields = { code: value, code_verifier: asked.verifier };
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => visit.redeemRaw(fields, { at: n % 2 ? twin : house })),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const refused = answers.filter(({ status }) => status !== 200);
    for (const { status, json } of refused) expect([status, json['error']]).toEqual([400, 'invalid_grant']);
    // The one that got them can use them, until somebody comes with the code again.
    const token = answers.find(({ status }) => status === 200)?.json['access_token'] as string;
    expect(await seesUserInfo(house, token)).toBe(true);
    house.clock.advance(1);
    expect((await visit.redeemRaw(fields)).json['error']).toBe('invalid_grant');
    expect(await seesUserInfo(house, token)).toBe(false);
  });

  test('A52: a code that comes again, at once or long after, ends what was given for it', async () => {
    for (const later of [1, 5 * MINUTE]) {
      const { code: value, asked, location } = await visit.code();
      const tokens = await redeem(visit.rp, location, asked);
      expect(await seesUserInfo(house, tokens.access_token)).toBe(true);
      house.clock.advance(later);
      const again = await visit.redeemRaw({ code: value, code_verifier: asked.verifier });
      expect([again.status, again.json['error']]).toEqual([400, 'invalid_grant']);
      expect(await seesUserInfo(house, tokens.access_token)).toBe(false);
      await expect(client.refreshTokenGrant(visit.rp, tokens.refresh_token as string)).rejects.toThrow();
    }
    expect(await recordsOf(house, visit.someone.person, 'app.token_reused')).not.toEqual([]);
  });

  test('A52: a wrong verifier, no verifier, another app or address get nothing, and the code stays good', async () => {
    const { code: value, asked, location } = await visit.code();
    const other = await registerApp(house, { name: 'Other' });
    for (const fields of [
      { code: value },
      { code: value, code_verifier: 'x'.repeat(43) },
      { code: value, code_verifier: '' },
      { code: value, code_verifier: asked.verifier, redirect_uri: `${CALLBACK}2` },
      { code: `${value.slice(0, -1)}${value.endsWith('_') ? '-' : '_'}`, code_verifier: asked.verifier },
    ])
      expect((await visit.redeemRaw(fields)).status).toBe(400);
    const stolen = await visit.redeemRaw({ code: value, code_verifier: asked.verifier }, { by: other });
    expect(stolen.json['error']).toBe('invalid_grant');
    for (const clientSecret of ['', 'wrong', visit.app.clientId]) {
      const by = { clientId: visit.app.clientId, clientSecret };
      expect([400, 401]).toContain(
        (await visit.redeemRaw({ code: value, code_verifier: asked.verifier }, { by })).status,
      );
    }
    expect((await redeem(visit.rp, location, asked)).claims()?.sub).toBe(visit.someone.person.id);
  });

  test('R62: a code is worth nothing after a minute', async () => {
    const { code: value, asked } = await visit.code();
    house.clock.advance(MINUTE);
    expect((await visit.redeemRaw({ code: value, code_verifier: asked.verifier })).json['error']).toBe(
      'invalid_grant',
    );
  });

  test('R63: a refresh token is replaced each time; the old one that comes again ends all of them', async () => {
    const { asked, location } = await visit.code();
    const first = await redeem(visit.rp, location, asked);
    const second = await client.refreshTokenGrant(visit.rp, first.refresh_token as string);
    expect(await seesUserInfo(house, second.access_token)).toBe(true);
    house.clock.advance(1);
    await expect(client.refreshTokenGrant(visit.rp, first.refresh_token as string)).rejects.toThrow();
    await expect(client.refreshTokenGrant(visit.rp, second.refresh_token as string)).rejects.toThrow();
    expect(await seesUserInfo(house, second.access_token)).toBe(false);
  });

  test('R63: a refresh token twenty times at once on two instances gives one new one', async () => {
    const { asked, location } = await visit.code();
    const { refresh_token } = await redeem(visit.rp, location, asked);
    const fields = { grant_type: 'refresh_token', refresh_token: refresh_token as string };
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => visit.redeemRaw(fields, { at: n % 2 ? twin : house })),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  test('a code is not redeemed once its session has ended', async () => {
    const held = await somebodyProtected(house);
    await visitApp(held.browser, await ask(visit.rp));
    const asked = await ask(visit.rp);
    const location = await visitApp(held.browser, asked);
    await held.browser.post('/sign-out');
    await expect(redeem(visit.rp, location, asked)).rejects.toThrow();
  });
});
