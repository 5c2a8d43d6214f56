import { readFileSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import type { Browser, Page, Route } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { html } from '../../src/kit/html.ts';
import { form } from '../../src/web/fields.ts';
import { closeButton, dialog, linkButton } from '../../src/web/parts.ts';
import { launch } from '../kit/chromium.ts';
import { HttpClient } from '../kit/http-client.ts';
import { PASSWORD, readEnrolment } from '../kit/people.ts';
import { type ServerProcess, startServer } from '../kit/server-process.ts';
import { appCode, Tour } from './tour.ts';

// What src/web/browser/page.js adds to pages that work without it, and what a first visit costs.

const EMAIL = 'boss@example.org';

let server: ServerProcess;
let browser: Browser;
let tour: Tour;
let page: Page;
/** Must enrol a second step, and may: the only page with a key and recovery codes on it. */
let boss: HttpClient;

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(), launch()]);
  tour = await Tour.begin(server, browser, 'en');
  page = tour.page;
  await tour.context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: server.url });
  boss = new HttpClient(server.url);
  const token = new URL(server.setUpLink as string).searchParams.get('token') as string;
  await boss.post('/setup', { token, name: 'Boss Example', email: EMAIL, password: PASSWORD });
});
afterAll(async () => {
  await browser?.close();
  await server?.remove();
});
beforeEach(async () => {
  await page.setViewportSize({ width: 1280, height: 900 });
});

async function openEnrolment(): Promise<{ key: string; codes: string }> {
  await tour.become(boss);
  await tour.open('/account/security/totp');
  const { secret, codes } = await tour.enrolment();
  expect(codes).toHaveLength(10);
  return { key: secret, codes: `${codes.join('\n')}\n` };
}

/** Somebody new, and the key of the app that they are about to add. */
async function signedIn(email: string): Promise<readonly [HttpClient, string]> {
  await new HttpClient(server.url).post('/sign-up', { name: 'New Example', email });
  const [, token] = /token=([\w-]+)/.exec(await tour.mailed(email, '/invitation')) as RegExpExecArray;
  const client = new HttpClient(server.url);
  await client.post('/invitation', { token: token as string, name: 'New Example', password: PASSWORD });
  await client.post('/sign-in', { email, password: PASSWORD });
  return [client, readEnrolment((await client.get('/account/security/totp')).body).secret];
}

const clipboard = () => page.evaluate<string>('navigator.clipboard.readText()');

test('copies the key without its spaces and the codes one a line, and says so for two seconds', async () => {
  const { key, codes } = await openEnrolment();
  for (const [from, name, expected] of [
    ['totp-key', 'Copy key', key],
    ['recovery-codes', 'Copy', codes],
  ] as const) {
    const button = page.locator(`button[data-copy="${from}"]`);
    // Watched from inside: on a busy machine two seconds may pass between two looks from here.
    await page.evaluate(`{
      const button = document.querySelector('button[data-copy="${from}"]');
      globalThis.said = [];
      new MutationObserver(() => said.push(button.innerText.trim())).observe(button, { subtree: true, childList: true, characterData: true });
      0
    }`);
    await button.click();
    await page.getByRole('status').getByText('Copied', { exact: true }).waitFor({ state: 'attached' });
    await expect.poll(() => page.evaluate('said.at(-1)'), { timeout: 15_000 }).toBe(name);
    expect(await page.evaluate('said')).toContain('Copied');
    expect(await clipboard()).toBe(expected);
  }
});

test('where the clipboard is forbidden, marks the codes to be copied by hand', async () => {
  const { codes } = await openEnrolment();
  await page.evaluate('navigator.clipboard.writeText = () => Promise.reject(new Error("forbidden")); 0');
  await page.locator('button[data-copy="recovery-codes"]').click();
  const marked = await page.evaluate<string>('getSelection().toString()');
  for (const code of codes.trim().split('\n')) expect(marked).toContain(code);
});

test('downloads the recovery codes under a name that says whose they are', async () => {
  const { codes } = await openEnrolment();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download' }).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe(`countersign-recovery-codes-${EMAIL}.txt`);
  expect(readFileSync(await file.path(), 'utf8')).toBe(codes);
});

test('prints, and on paper there are the codes and whose they are, and neither key nor navigation', async () => {
  const { codes } = await openEnrolment();
  await page.evaluate('window.print = () => { window.printed = (window.printed ?? 0) + 1; }; 0');
  await page.getByRole('button', { name: 'Print' }).click();
  expect(await page.evaluate('window.printed')).toBe(1);
  await page.emulateMedia({ media: 'print' });
  const paper = await page.locator('body').innerText();
  expect(await page.locator('.qr').isVisible()).toBe(false);
  await page.emulateMedia({ media: null });
  expect(paper).toContain(`Recovery codes\nCountersign: ${EMAIL}`);
  for (const code of codes.trim().split('\n')) expect(paper).toContain(code);
  expect(paper).not.toMatch(/Sign out|Copy|authenticator app|Help/);
});

test('shows a password on demand, and sends it as a password all the same', async () => {
  await tour.leave();
  await tour.open('/sign-in');
  // The button beside it says "password" too, and yet there is one field of that name.
  const field = page.getByLabel('Password');
  await field.fill('secret words');
  await page.getByRole('button', { name: 'Show password' }).click();
  expect(await field.getAttribute('type')).toBe('text');
  expect(await field.inputValue()).toBe('secret words');
  await page.getByRole('button', { name: 'Hide password' }).click();
  expect(await field.getAttribute('type')).toBe('password');

  await page.getByRole('button', { name: 'Show password' }).click();
  await page.evaluate(`document.forms[0].addEventListener('submit', (event) => {
    event.preventDefault();
    window.sentAs = document.forms[0].elements.password.type;
  })`);
  await page.locator('input[name="email"]').fill(EMAIL);
  await field.press('Enter');
  expect(await page.evaluate('window.sentAs')).toBe('password');
});

test('a dialog opens in place of the page that its link names, and closes without sending anything', async () => {
  await tour.leave();
  await tour.open('/sign-in');
  const parts = html`${linkButton('/help', 'Remove', { dialog: 'sure' })}${dialog({
    id: 'sure',
    title: 'Are you sure?',
    body: form({ action: '/help', body: closeButton('Keep it') }),
  })}`;
  await page.evaluate(
    `document.querySelector('main').insertAdjacentHTML('beforeend', ${JSON.stringify(parts.text)})`,
  );
  const link = page.getByRole('link', { name: 'Remove' });
  const open = page.getByRole('dialog', { name: 'Are you sure?' });

  await link.click();
  await open.waitFor();
  expect(await page.evaluate('document.activeElement.textContent')).toBe('Keep it');
  await page.keyboard.press('Enter');
  await open.waitFor({ state: 'hidden' });
  // Again at once: nothing was sent that could be on its way.
  await link.click();
  await open.getByRole('button', { name: 'Keep it' }).click();
  await open.waitFor({ state: 'hidden', timeout: 5_000 });
  await link.click();
  await page.keyboard.press('Escape');
  await open.waitFor({ state: 'hidden' });
  expect(new URL(page.url()).pathname).toBe('/sign-in');

  const opened = tour.context.waitForEvent('page');
  await link.click({ modifiers: ['ControlOrMeta'] });
  const tab = await opened;
  await tab.waitForURL('**/help');
  await tab.close();
  expect(await open.isVisible()).toBe(false);
});

test('on a phone the places to go lie behind a button; on a desk they stand there', async () => {
  const { secret } = readEnrolment((await boss.get('/account/security/totp')).body);
  expect((await boss.post('/account/security/totp', { code: appCode(secret) })).status).toBe(303);
  await tour.become(boss);
  await tour.open('/account');
  const menu = page.getByRole('button', { name: 'Menu' });
  const places = page.getByRole('navigation', { name: 'Account' });
  expect([await menu.isVisible(), await places.isVisible()]).toEqual([false, true]);

  await page.setViewportSize({ width: 320, height: 640 });
  expect([await menu.isVisible(), await places.isVisible()]).toEqual([true, false]);
  await menu.click();
  await places.waitFor();
  expect(await places.getByRole('button', { name: 'Sign out' }).isVisible()).toBe(true);
  await page.keyboard.press('Escape');
  await places.waitFor({ state: 'hidden' });
  await menu.click();
  await places.getByRole('link', { name: 'Sessions' }).click();
  await page.waitForURL('**/account/sessions');
  expect(await places.isVisible()).toBe(false);
});

test('what was just done, or went wrong, is where reading begins', async () => {
  await tour.become(boss);
  const focused = () => page.evaluate<string>('document.activeElement.innerText');
  // What the last test did is told here, once.
  await tour.open('/account/security');
  await tour.open('/account');
  expect(await page.evaluate('document.activeElement === document.body')).toBe(true);
  await tour.send('/account', { name: 'Boss Example' });
  expect(await focused()).toBe('Saved.');
  await page.keyboard.press('Tab');
  expect(await page.evaluate('document.activeElement.name')).toBe('name');
  // Of no field: the codes of a page that was left open for long.
  const codes = '/account/security/recovery-codes';
  await tour.open(codes);
  await tour.send(codes, { set: '0'.repeat(32) });
  expect(await focused()).toContain('What you were shown or sent before has expired');
});

test('a link that reads like a button is pressed like one', async () => {
  const [member] = await signedIn('space@example.org');
  await tour.become(member);
  await tour.open('/account/security');
  await page.getByRole('button', { name: 'Enable 2FA' }).focus();
  await page.keyboard.press(' ');
  await page.waitForURL('**/account/security/totp');
});

test('two presses in a row on a slow line send a code once: what it switched on is what comes', async () => {
  const [member, secret] = await signedIn('twice@example.org');
  await tour.become(member);
  await tour.open('/account/security/totp');
  const line = await tour.context.newCDPSession(page);
  await line.send('Network.enable');
  await line.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 400,
    downloadThroughput: -1,
    uploadThroughput: -1,
  });
  try {
    await page.getByLabel('One-time code').fill(appCode(secret));
    await page.getByRole('button', { name: 'Enable' }).dblclick();
    await page.getByText('Two-factor authentication is on.', { exact: true }).waitFor();
    // Back is another visit: there the button works at once.
    await page.goBack();
    await page.getByLabel('One-time code').fill('000000');
    await page.getByRole('button', { name: 'Add app' }).click();
    await page.getByText('That code is not right').waitFor();
  } finally {
    await line.detach();
  }
});

test('what was stopped before an answer came is sent again at once', async () => {
  const [member] = await signedIn('stopped@example.org');
  await tour.become(member);
  await tour.open('/account');
  let held = 0;
  const hold = async (route: Route) => {
    if (route.request().method() === 'POST' && held++ === 0) return;
    await route.continue();
  };
  await page.route('**/account', hold);
  const line = await tour.context.newCDPSession(page);
  try {
    const save = page.getByRole('button', { name: 'Save' });
    await save.click({ noWaitAfter: true });
    await expect.poll(() => held).toBe(1);
    await line.send('Page.stopLoading');
    const again = async () => {
      await save.click({ noWaitAfter: true });
      return held;
    };
    await expect.poll(again, { timeout: 5_000 }).toBe(2);
    await page.getByText('Saved.').waitFor();
  } finally {
    await page.unroute('**/account', hold);
    await line.detach();
  }
});

test('nor twice where the page is still being loaded', async () => {
  await tour.leave();
  await tour.open('/sign-in');
  const sent = await page.evaluate<number>(`{
    const form = document.querySelector('form[action="/sign-in"]');
    let times = 0;
    // After the page's own, which has the last word about each.
    addEventListener('submit', (event) => { times += event.defaultPrevented ? 0 : 1; event.preventDefault(); });
    form.noValidate = true;
    form.requestSubmit();
    dispatchEvent(new PageTransitionEvent('pageshow', { persisted: false }));
    form.requestSubmit();
    dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));
    form.requestSubmit();
    times
  }`);
  // The third is that of a page come back to.
  expect(sent).toBe(2);
});

test('what comes as a file and leaves the page where it is can be had again at once', async () => {
  const [member] = await signedIn('again@example.org');
  await tour.become(member);
  await tour.open('/account/export');
  for (const _time of [1, 2]) {
    const file = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download' }).click();
    expect((await file).suggestedFilename()).toMatch(/^account-data-/);
  }
});

test('everything that the first visit of /sign-in fetches is at most 14 KB on the wire', async () => {
  await tour.leave();
  const fetched: string[] = [];
  const note = (request: { url(): string }) => fetched.push(request.url());
  page.on('request', note);
  await page.goto(`${server.url}/sign-in`, { waitUntil: 'networkidle' });
  page.off('request', note);
  // Chromium without a window fetches no icon.
  fetched.push(await page.evaluate<string>('document.querySelector("link[rel=icon]").href'));
  const sizes = await Promise.all([...new Set(fetched)].map(bytesOf));
  const total = sizes.reduce((sum, [, bytes]) => sum + bytes, 0);
  expect(sizes.map(([name]) => name).sort()).toEqual([
    'favicon.svg',
    'page.js',
    'sign-in',
    'style.css',
    'webauthn.js',
  ]);
  expect(total, JSON.stringify(sizes)).toBeLessThanOrEqual(14 * 1024);
});

/** Headers and all, as a browser asks for it. -> its name without the hash, and what came over the wire */
async function bytesOf(url: string): Promise<readonly [string, number]> {
  const headers = { 'accept-encoding': 'gzip, deflate, br, zstd' };
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    get(url, { headers, agent: false }, resolve).on('error', reject);
  });
  for await (const _chunk of answer);
  const name = new URL(url).pathname.split('/').at(-1) as string;
  return [name.replace(/\.[0-9a-f]{8}\./, '.'), answer.socket.bytesRead];
}

test('and nothing of this complained', () => {
  expect(tour.faults).toEqual([]);
});
