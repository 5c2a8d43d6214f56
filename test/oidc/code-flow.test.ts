import * as client from 'openid-client';
import { beforeAll, describe, expect, test } from 'vitest';
import { answerTotp, type Protected, planted } from '../kit/attack-kit.ts';
import { textOf } from '../kit/browser.ts';
import { ManualClock } from '../kit/clock.ts';
import { ENGINES } from '../kit/house.ts';
import { appCode, enterPassword } from '../kit/people.ts';
import { ask, decide, openRelyingParty, redeem, registerApp } from '../kit/relying-party.ts';
import { sharedHouse } from '../kit/shared-house.ts';

/** What the app's library compares with its own clock. */
const today = () => new ManualClock(Date.now());

describe.each(ENGINES)('signing in to an app, on %s', (engine) => {
  const house = sharedHouse({ engine, clock: today() });
  let rp: client.Configuration;
  let someone: Protected;
  beforeAll(async () => {
    rp = await openRelyingParty(house, await registerApp(house));
    someone = await planted(house);
  });

  test('with both steps and a consent; tokens say what was proven; refreshing replaces the token', async () => {
    const { person, secret } = someone;
    const browser = house.browser();
    const asked = await ask(rp);
    const begun = await browser.get(asked.path);
    expect(begun.location).toMatch(/^\/sign-in\?return_to=%2Foidc%2Finteraction%2F[\w-]{43}$/);
    const here = new URL(begun.location, 'http://x').searchParams.get('return_to') as string;
    await enterPassword(browser, person, { return_to: here });
    // Half signed in: the app's page leads back to signing in.
    expect((await browser.get(here)).location).toBe(begun.location);
    expect((await answerTotp(browser, appCode(house, secret))).location).toBe(here);

    const page = await browser.get(here);
    expect(textOf(page.body)).toContain(`See your e-mail address, ${person.email}`);
    expect(page.headers['content-security-policy']).toContain("form-action 'self' https://app.example.org");
    const { location } = await decide(browser, page, 'allow');
    expect(location).toMatch(/^https:\/\/app\.example\.org\/callback\?code=[\w-]{43}&state=[\w-]+&iss=/);

    const tokens = await redeem(rp, location, asked);
    expect(tokens.claims()).toMatchObject({ sub: person.id, acr: 'mfa', amr: ['pwd', 'otp', 'mfa'] });
    expect(tokens.claims()?.['sid']).toMatch(/^[\w-]{43}$/);
    expect(tokens.claims()?.auth_time).toBe(Math.floor(house.clock.now() / 1000));
    const about = await client.fetchUserInfo(rp, tokens.access_token, person.id);
    expect(about).toEqual({ sub: person.id, name: 'Ann Example', email: person.email, email_verified: true });

    const fresh = await client.refreshTokenGrant(rp, tokens.refresh_token as string);
    expect(fresh.refresh_token).not.toBe(tokens.refresh_token);
    expect(fresh.claims()).toMatchObject({ sub: person.id, acr: 'mfa', sid: tokens.claims()?.['sid'] });
  });
});
