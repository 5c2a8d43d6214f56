import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { apacheInstalled, startApache } from '../kit/apache.ts';
import { type Protected, planted, SECOND } from '../kit/attack-kit.ts';
import { axe, launch, openPage, shoot } from '../kit/chromium.ts';
import { documented } from '../kit/documented.ts';
import type { House } from '../kit/house.ts';
import { openListeningHouse } from '../kit/listening-house.ts';
import { appCode, PASSWORD, suspend } from '../kit/people.ts';
import { registerApp } from '../kit/relying-party.ts';
import { freePort } from '../kit/server-process.ts';

async function noViolations(page: Page): Promise<void> {
  const found = (await axe(page)).map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`,
  );
  expect(found, page.url()).toEqual([]);
}

let browser: Browser;
let house: House;
beforeAll(async () => {
  [browser, house] = await Promise.all([launch(), openListeningHouse()]);
});
afterAll(async () => {
  await browser.close();
  await house.close();
});

/** Both steps, on the pages where an app has led somebody. */
async function signIn(page: Page, { person, secret }: Protected): Promise<void> {
  await page.getByLabel('E-mail').fill(person.email);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByLabel('One-time code').fill(appCode(house, secret));
  await page.getByRole('button', { name: 'Verify' }).click();
  house.clock.advance(30 * SECOND);
}

const LONG = { timeout: 150_000 };

describe('the documented Node app', LONG, () => {
  // Another host than ours: the browser sees another site, and `form-action` must let it through.
  let app: { url: string; process: ChildProcess; folder: string };
  beforeAll(async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const { clientId, clientSecret } = await registerApp(house, {
      name: 'Wiki',
      redirectUris: [`${url}/callback`],
      postLogoutRedirectUris: [`${url}/`],
      backchannelLogoutUri: `${url}/backchannel-logout`,
    });
    const cache = fileURLToPath(new URL('../../node_modules/.cache/', import.meta.url));
    mkdirSync(cache, { recursive: true });
    const folder = mkdtempSync(join(cache, 'documented-'));
    writeFileSync(join(folder, 'app.mjs'), documented('integrate.md', 'A Node app', 'js'));
    const env = {
      PATH: process.env['PATH'],
      ISSUER: house.app.deps.config.baseUrl,
      CLIENT_ID: clientId,
      CLIENT_SECRET: clientSecret as string,
      APP_URL: url,
    };
    const child = spawn(process.execPath, [join(folder, 'app.mjs')], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    app = { url, process: child, folder };
  });
  afterAll(() => {
    app.process.kill();
    rmSync(app.folder, { recursive: true, force: true });
  });

  test.each([true, false])(
    'through both steps and a consent, and out again; JavaScript %s',
    async (javaScript) => {
      const someone = await planted(house, { name: 'Ann Example' });
      const page = await openPage(browser, { javaScript, width: javaScript ? 1280 : 390 });
      try {
        await page.goto(app.url);
        await page.getByRole('link', { name: 'Sign in' }).click();
        await noViolations(page);
        await signIn(page, someone);
        await page.getByRole('heading', { name: 'Let Wiki use your account?' }).waitFor();
        await noViolations(page);
        await shoot(page, `consent-${javaScript}`);
        await page.getByRole('button', { name: 'Allow' }).click();
        await page.getByRole('heading', { name: 'Hello, Ann Example' }).waitFor();
        await page.getByText(`${someone.person.email}, mfa`).waitFor();

        await page.goto(`${house.app.deps.config.baseUrl}/account/apps`);
        await noViolations(page);
        await shoot(page, `apps-${javaScript}`);

        await page.goto(`${app.url}/sign-out`);
        await noViolations(page);
        await shoot(page, `logout-${javaScript}`);
        await page.getByRole('button', { name: 'Sign out' }).click();
        await page.getByRole('heading', { name: 'Wiki' }).waitFor();
        expect(page.url()).toBe(`${app.url}/`);

        // Allowed before: the form of the second step leads to the app in one chain of redirects.
        await page.getByRole('link', { name: 'Sign in' }).click();
        await signIn(page, someone);
        await page.getByRole('heading', { name: 'Hello, Ann Example' }).waitFor();
        // While signed in there is nothing to see in between.
        await page.goto(`${app.url}/sign-in`);
        await page.getByRole('heading', { name: 'Hello, Ann Example' }).waitFor();

        await suspend(house, someone.person);
        await house.app.deps.outbox.flush();
        await page.goto(app.url);
        await page.getByRole('heading', { name: 'Wiki' }).waitFor();
      } finally {
        await page.context().close();
      }
    },
  );

  /** Where another app sends people, which answers at the same place. */
  async function requestOf(name: string, more: Readonly<Record<string, string>>): Promise<string> {
    const redirectUri = `${app.url}/callback`;
    const { clientId } = await registerApp(house, { name, redirectUris: [redirectUri] });
    const query = new URLSearchParams({
      client_id: clientId,
      response_type: 'code',
      scope: 'openid',
      redirect_uri: redirectUri,
      code_challenge: 'x'.repeat(43),
      code_challenge_method: 'S256',
      ...more,
    });
    return `${house.app.deps.config.baseUrl}/oidc/authorize?${query}`;
  }

  test('an app that asks which account gets the one that was named, or another that signs in', async () => {
    const [ann, bob] = [await planted(house), await planted(house)];
    const asked = await requestOf('Notes', { prompt: 'select_account' });
    for (const javaScript of [true, false]) {
      const page = await openPage(browser, { javaScript, width: javaScript ? 1280 : 390 });
      await page.goto(asked);
      await signIn(page, ann);
      if (javaScript) await page.getByRole('button', { name: 'Allow' }).click();
      await page.goto(asked);
      await page.getByRole('heading', { name: 'Which account?' }).waitFor();
      await noViolations(page);
      await shoot(page, `which-account-${javaScript}`);
      const posted = page.waitForRequest((request) => request.url().startsWith(`${app.url}/callback?`));
      if (javaScript) await page.getByRole('button', { name: 'Continue with this account' }).click();
      else {
        await page.getByRole('button', { name: 'Use another account' }).click();
        await signIn(page, bob);
        await page.getByRole('button', { name: 'Allow' }).click();
      }
      expect(new URL((await posted).url()).searchParams.get('code')).toMatch(/^[\w-]{43}$/);
      await page.context().close();
    }
  });

  test('an answer by form is sent by itself, and by a button without a script', async () => {
    const someone = await planted(house);
    const asked = await requestOf('Form', { response_mode: 'form_post', state: '<"\'>' });
    for (const javaScript of [true, false]) {
      const page = await openPage(browser, { javaScript });
      const posted = page.waitForRequest((request) => request.url() === `${app.url}/callback`);
      await page.goto(asked);
      await signIn(page, someone);
      if (javaScript) await page.getByRole('button', { name: 'Allow' }).click();
      else {
        await noViolations(page);
        await page.getByRole('button', { name: 'Back to Form' }).click();
      }
      const sent = new URLSearchParams((await posted).postData() ?? '');
      expect(sent.get('code')).toMatch(/^[\w-]{43}$/);
      expect(sent.get('state')).toBe('<"\'>');
      await page.context().close();
    }
  });
});

describe.skipIf(!apacheInstalled)('the documented Apache with mod_auth_openidc', LONG, () => {
  test('signs people in, tells their address and claims, lets only a group in, and hears of the end', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const registered = await registerApp(house, {
      name: 'Wiki',
      redirectUris: [`${url}/oidc/callback`],
      backchannelLogoutUri: `${url}/oidc/callback?logout=backchannel`,
    });
    const apache = await startApache(
      documented('integrate.md', 'Apache', 'apache')
        .replaceAll('https://wiki.example.org', url)
        .replaceAll('https://id.example.org', house.app.deps.config.baseUrl)
        .replace('OIDCClientID CLIENT_ID', `OIDCClientID ${registered.clientId}`)
        .replace('OIDCClientSecret CLIENT_SECRET', `OIDCClientSecret ${registered.clientSecret}`),
      url,
    );
    const someone = await planted(house);
    const page = await openPage(browser);
    try {
      await page.goto(`${url}/`);
      await signIn(page, someone);
      await page.getByRole('button', { name: 'Allow' }).click();
      await page.getByText(`user=${someone.person.email} name=Ann Example acr=mfa`).waitFor();
      expect((await page.goto(`${url}/staff`))?.status()).toBe(401);

      await suspend(house, someone.person);
      await house.app.deps.outbox.flush();
      await page.goto(`${url}/`);
      expect(page.url()).toContain(`${house.app.deps.config.baseUrl}/sign-in`);
    } finally {
      await page.context().close();
      await apache.stop();
    }
  });
});
