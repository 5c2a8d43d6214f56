import { describe, expect, test } from 'vitest';
import { copyOf, SECOND } from '../kit/attack-kit.ts';
import { textOf } from '../kit/browser.ts';
import { ManualClock } from '../kit/clock.ts';
import { ENGINES } from '../kit/house.ts';
import { appCode, enterPassword } from '../kit/people.ts';
import { ask, decide, follow, interactionOf } from '../kit/relying-party.ts';
import { sharedHouse } from '../kit/shared-house.ts';
import { demandingApp } from './demanding-app.ts';

describe.each(ENGINES)('R64/R65: what an app demands is enforced, on %s', (engine) => {
  const house = sharedHouse({ engine, clock: new ManualClock(Date.now()) });
  const wiki = demandingApp(house);
  const { withApp, claims } = wiki;

  test('R66: an interaction goes on only in the browser in which it began', async () => {
    const { browser } = await withApp();
    const victim = await withApp();
    const asked = await ask(wiki.rp, { prompt: 'consent' });
    const page = await follow(browser, asked.path);
    const here = interactionOf(page);
    expect((await victim.browser.get(here)).status).toBe(400);
    expect((await victim.browser.post(here, { decision: 'allow' })).status).toBe(400);
    const resume = here.replace('/interaction/', '/authorize/');
    expect((await victim.browser.get(resume)).status).toBe(400);
    // Nor before it has come to a result.
    expect((await browser.get(resume)).location).toBe(here);
    // Somebody else signs in here in between: what the page found out says nothing of them.
    const allowed = await browser.post(here, { decision: 'allow' });
    await enterPassword(browser, victim.person);
    await browser.post('/sign-in/factor/totp', { code: appCode(house, victim.secret) });
    house.clock.advance(30 * SECOND);
    expect((await browser.get(allowed.location)).location).toBe(here);
    expect(textOf((await follow(browser, here)).body)).toContain(victim.person.email);
  });

  test('R66/R68: “Allow” counts for whom the page was shown to, not for who signed in since', async () => {
    const { browser } = await withApp();
    const other = await withApp();
    const page = await follow(browser, (await ask(wiki.rp, { prompt: 'consent' })).path);
    const here = interactionOf(page);
    // In another tab of the same browser.
    house.clock.advance(30 * SECOND);
    await enterPassword(browser, other.person);
    await browser.post('/sign-in/factor/totp', { code: appCode(house, other.secret) });
    const account = page.field('account');
    expect((await browser.post(here, { decision: 'allow', account })).location).toBe(here);
    const again = await browser.get(here);
    expect(textOf(again.body)).toContain(other.person.email);
    const shown = { decision: 'allow', account: again.field('account') };
    expect((await browser.post(here, shown)).location).toBe(here.replace('/interaction/', '/authorize/'));
  });

  test('R63: an interaction is answered once', async () => {
    const { browser } = await withApp();
    const page = await follow(browser, (await ask(wiki.rp, { prompt: 'consent' })).path);
    const here = interactionOf(page);
    const { location } = await browser.post(here, { decision: 'allow' });
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => copyOf(browser, house)).map((same) => same.get(location)),
    );
    expect(answers.filter((answer) => answer.location.includes('code='))).toHaveLength(1);
  });

  test('A41: answers to an app’s question are taken from our own page alone', async () => {
    const { browser } = await withApp();
    const page = await follow(browser, (await ask(wiki.rp, { prompt: 'consent' })).path);
    const here = interactionOf(page);
    for (const headers of [
      { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
      { origin: 'null', 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ])
      expect((await browser.post(here, { decision: 'allow' }, headers)).status).toBe(403);
    expect((await browser.get(here)).status).toBe(200);
  });

  test('single claims are allowed like scopes, and go where they were asked for', async () => {
    const { browser, person } = await withApp();
    const only = { scope: 'openid', claims: JSON.stringify({ id_token: { email: null } }) };
    const asked = await ask(wiki.rp, only);
    const page = await follow(browser, asked.path);
    expect(textOf(page.body)).toContain(`See your e-mail address, ${person.email}`);
    const { location } = await decide(browser, page, 'allow');
    expect(await claims(location, asked)).toMatchObject({ email: person.email });
  });
});
