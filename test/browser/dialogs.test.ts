import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { operate } from '../cli/operator.ts';
import { launch, openPage } from '../kit/chromium.ts';
import { HttpClient } from '../kit/http-client.ts';
import { PASSWORD } from '../kit/people.ts';
import { type ServerProcess, startServer } from '../kit/server-process.ts';
import { Tour } from './tour.ts';

// A question before something goes: a dialog where there is a script, else the page that its link names.

const EMAIL = 'ann@example.org';

let server: ServerProcess;
let browser: Browser;
let tour: Tour;
let page: Page;

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(), launch()]);
  tour = await Tour.begin(server, browser, 'en');
  page = tour.page;
  const env = { PORT: new URL(server.url).port, DATA_DIR: server.dataDir };
  const person = ['account', 'create', '--email', EMAIL, '--name', 'Ann Example', '--password-stdin'];
  expect((await operate(env, person, PASSWORD)).code).toBe(0);
});
afterAll(async () => {
  await browser?.close();
  await server?.remove();
});

/** Signed in elsewhere. */
let other: HttpClient;
beforeEach(async () => {
  other = new HttpClient(server.url);
  expect((await other.post('/sign-in', { email: EMAIL, password: PASSWORD })).status).toBe(303);
  await tour.signIn(EMAIL, PASSWORD);
  await tour.open('/account/sessions');
});

const isThere = async () => (await other.get('/account')).status === 200;
const focus = () => page.evaluate<string>('document.activeElement.textContent');

test('opens by key, reads well, and closes by Escape or “Cancel” with nothing changed', async () => {
  const link = page.getByRole('link', { name: /^End the session in / }).first();
  const dialog = page.getByRole('dialog', { name: 'End this session?' });
  await link.press('Enter');
  await dialog.waitFor();
  expect(await focus()).toBe('Cancel');
  const lead = await dialog.getAttribute('aria-describedby');
  expect(await page.locator(`[id="${lead}"]`).innerText()).toMatch(
    /, in network 127\.0\.0\.1, is signed out/,
  );
  await tour.look('dialog-session-end');
  // Nothing behind it can be reached.
  for (let pressed = 0; pressed < 6; pressed++) {
    await page.keyboard.press('Tab');
    expect(
      await page.evaluate(
        '!document.hasFocus() || document.activeElement === document.body || document.activeElement.closest("dialog") !== null',
      ),
    ).toBe(true);
  }
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  expect(await focus()).toBe('End');

  await link.click();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await dialog.waitFor({ state: 'hidden' });
  expect(new URL(page.url()).pathname).toBe('/account/sessions');
  expect(await isThere()).toBe(true);
});

test('its button does it', async () => {
  await page.getByRole('link', { name: 'End all other sessions' }).click();
  const dialog = page.getByRole('dialog', { name: 'End all other sessions?' });
  await dialog.waitFor();
  await tour.look('dialog-end-others');
  await dialog.getByRole('button', { name: 'End them all' }).click();
  await page.getByText('You are signed out everywhere else.').waitFor();
  expect(await isThere()).toBe(false);
});

test('without JavaScript the link leads to a page that asks the same', async () => {
  const plain = await openPage(browser, { javaScript: false });
  await plain.context().addCookies(await tour.context.cookies());
  await plain.goto(`${server.url}/account/sessions`);
  await plain.getByRole('link', { name: 'End all other sessions' }).click();
  await plain.getByRole('heading', { level: 1, name: 'End all other sessions?' }).waitFor();
  await plain.getByRole('link', { name: 'Cancel' }).click();
  await plain.getByRole('link', { name: 'End all other sessions' }).click();
  expect(await isThere()).toBe(true);
  await plain.getByRole('button', { name: 'End them all' }).click();
  await plain.getByText('You are signed out everywhere else.').waitFor();
  expect(await isThere()).toBe(false);
  await plain.context().close();
});

test('and nothing of this complained', () => {
  expect(tour.faults).toEqual([]);
});
