import type { Browser, Page, Request } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { launch } from '../kit/chromium.ts';
import { HttpClient } from '../kit/http-client.ts';
import { PASSWORD, readEnrolment } from '../kit/people.ts';
import { type ServerProcess, startServer } from '../kit/server-process.ts';
import { VirtualKey, type VirtualKeyTraits } from '../kit/virtual-key.ts';
import { appCode, Tour } from './tour.ts';

// A real Chromium under our real headers, with authenticators that it simulates itself: what test/attacks proves with a
// key made of software is here asked of the browser's own ceremonies.

const EMAIL = 'boss@example.org';
const KEYS = '/account/security/keys';
/** A server and a browser start, on a machine that may be busy. */
const SLOW = 120_000;

let server: ServerProcess;
let browser: Browser;
let tour: Tour;
let page: Page;
/** Signed in with the app, fresh enough to add keys. */
let boss: HttpClient;
let plugged: VirtualKey[] = [];

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(), launch()]);
  tour = await Tour.begin(server, browser, 'en');
  page = tour.page;
  boss = new HttpClient(server.url);
  const token = new URL(server.setUpLink as string).searchParams.get('token') as string;
  await boss.post('/setup', { token, name: 'Boss Example', email: EMAIL, password: PASSWORD });
  const { secret } = readEnrolment((await boss.get('/account/security/totp')).body);
  const on = await boss.post('/account/security/totp', { code: appCode(secret) });
  expect(on.location).toBe('/account/security');
}, SLOW);
afterAll(async () => {
  await browser?.close();
  await server?.remove();
});
beforeEach(() => tour.become(boss));
afterEach(async () => {
  await page.goto('about:blank');
  for (const key of plugged.splice(0)) await key.pullOut();
  await removeKeys();
  expect(tour.faults.splice(0)).toEqual([]);
});

async function plugIn(traits: VirtualKeyTraits): Promise<VirtualKey> {
  const key = await VirtualKey.plugIn(page, traits);
  plugged = [...plugged, key];
  return key;
}

/** So that each test begins with the app alone, which is the oldest. */
async function removeKeys(): Promise<void> {
  const overview = (await boss.get('/account/security')).body;
  const [, ...keys] = [...overview.matchAll(/factors\/([0-9a-f]{32})/g)].map(([, id]) => id);
  for (const id of keys) await boss.post(`/account/security/factors/${id}/remove`);
}

/** By the path alone: what to return to stands at the end of the address before. */
async function arrived(path: string): Promise<void> {
  await page.waitForURL(({ pathname }) => pathname === path);
}

async function add(name: string): Promise<void> {
  await tour.open(KEYS);
  await page.getByLabel('Name of the key').fill(name);
  await page.getByRole('button', { name: 'Add key' }).click();
  await page.waitForURL('**/account/security');
  await page.getByText('Do you still have your recovery codes?').waitFor();
  await page.locator('.items .title', { hasText: name }).first().waitFor();
}

/** The password has passed, and the page asks for the key. */
async function atSecondStep(): Promise<void> {
  const client = new HttpClient(server.url);
  await client.post('/sign-in', { email: EMAIL, password: PASSWORD });
  await tour.become(client);
  await tour.open('/sign-in/factor');
}

const useKey = () => page.getByRole('button', { name: 'Use security key' }).click();
const signedIn = () => page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));

test.each([
  ['a fingerprint of this device', { transport: 'internal' }],
  ['a key in a port, with a PIN', { transport: 'usb' }],
  ['a key in a port, without one', { transport: 'usb', verifies: false, resident: false }],
] as const)('%s is added, and is the second step', async (_name, traits) => {
  const key = await plugIn(traits);
  await add('Blue');
  expect((await key.credentials()).length).toBe(1);
  await atSecondStep();
  await useKey();
  await signedIn();
  // The same key twice is refused by the browser itself, in our words.
  await tour.become(boss);
  await tour.open(KEYS);
  await page.getByRole('button', { name: 'Add key' }).click();
  await page.getByText('This key has already been added.').waitFor();
  expect(await page.evaluate('document.activeElement.innerText')).toBe('Add key');
});

/** What Chromium with a window does where a key in a port could keep passkeys and can't check who holds it. */
async function refusePasskeys(after: number): Promise<() => Promise<unknown>> {
  await page.evaluate(`{
    globalThis.asked = [];
    const { credentials } = navigator;
    const create = credentials.create.bind(credentials);
    credentials.create = async (options) => {
      const wish = options.publicKey.authenticatorSelection.residentKey;
      asked.push(wish);
      if (wish === 'discouraged') return create(options);
      await new Promise((done) => setTimeout(done, ${after}));
      throw new DOMException('no', 'NotAllowedError');
    };
  }`);
  return () => page.evaluate('asked');
}

test('a key of which the browser makes no passkey, and says so at once, is a second step all the same', async () => {
  const key = await plugIn({ transport: 'usb', verifies: false });
  await tour.open(KEYS);
  await refusePasskeys(0);
  await page.getByLabel('Name of the key').fill('Plain');
  await page.getByRole('button', { name: 'Add key' }).click();
  await page.waitForURL('**/account/security');
  await page.locator('.items .title', { hasText: 'Plain' }).first().waitFor();
  expect((await key.credentials()).map(({ isResidentCredential }) => isResidentCredential)).toEqual([false]);
  await atSecondStep();
  await useKey();
  await signedIn();
});

test('but a person who says no is not asked twice', async () => {
  await plugIn({ transport: 'usb', verifies: false });
  await tour.open(KEYS);
  const asked = await refusePasskeys(1_100);
  await page.getByRole('button', { name: 'Add key' }).click();
  await page.getByText('Nothing was confirmed. Press the button to try again.').waitFor();
  expect(await asked()).toEqual(['preferred']);
});

test('a passkey signs in by the button, alone', async () => {
  await plugIn({ transport: 'usb' });
  await add('Passkey');
  await tour.leave();
  await tour.open('/sign-in?return_to=/account/sessions');
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await arrived('/account/sessions');
});

test('a passkey is offered by the e-mail field, and signs in from there', async () => {
  const key = await plugIn({ transport: 'internal' });
  await add('Passkey');
  await tour.leave();
  await key.setPresence(true);
  await tour.open('/sign-in?return_to=/account/sessions');
  // Whoever simulates presence picks the first one from the list.
  await arrived('/account/sessions');
});

test('a passkey that was just refused is not offered by the e-mail field again', async () => {
  const key = await plugIn({ transport: 'internal' });
  await add('Passkey');
  await key.bend({ isBadUV: true });
  await tour.leave();
  let sent = 0;
  const count = (request: Request) => {
    if (request.method() === 'POST') sent++;
  };
  page.on('request', count);
  await tour.open('/sign-in');
  await page.getByText('That passkey was not accepted').waitFor();
  // Long enough for another round, of which whoever simulates presence would make one after the other.
  await page.waitForTimeout(1_000);
  page.off('request', count);
  expect(sent).toBe(1);
  await key.bend({ isBadUV: false });
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await signedIn();
});

test('a key that cannot verify its person is no passkey', async () => {
  const key = await plugIn({ transport: 'usb' });
  await add('Passkey');
  await key.bend({ isBadUV: true });
  await tour.leave();
  await tour.open('/sign-in');
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await page.getByText('That passkey was not accepted').waitFor();
  expect((await page.context().cookies()).map(({ name }) => name)).not.toContain('session');
  await key.bend({ isBadUV: false });
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await signedIn();
});

test('a wrong signature is refused, and the same page asks again', async () => {
  const key = await plugIn({ transport: 'usb' });
  await add('Blue');
  await atSecondStep();
  await key.bend({ isBogusSignature: true });
  // Gone again after two seconds: watched from inside.
  await page.addInitScript(`{
    globalThis.read = [];
    new MutationObserver((seen) => {
      for (const { target } of seen) if (target.role === 'status' && target.matches('.unseen')) read.push(target.textContent);
    }).observe(document, { subtree: true, childList: true });
  }`);
  await useKey();
  await page.locator('.notice', { hasText: 'That key was not accepted' }).waitFor();
  // To be tried again at once, and yet to be heard of.
  expect(await page.evaluate('document.activeElement.innerText')).toBe('Use security key');
  await expect.poll(() => page.evaluate('read.join()')).toContain('That key was not accepted');
  await key.bend({ isBogusSignature: false });
  await useKey();
  await signedIn();
});

test('a copy with an older counter is refused and the key suspended', async () => {
  const key = await plugIn({ transport: 'usb' });
  await add('Copied');
  await atSecondStep();
  await useKey();
  await signedIn();
  await key.clone(0);
  await atSecondStep();
  await useKey();
  await page.getByText('That key was not accepted').waitFor();
  const mails = (await (await fetch(`${server.url}/mailbox?format=json`)).json()) as { subject: string }[];
  expect(mails.map(({ subject }) => subject)).toContain('Your security key "Copied" was suspended');
});

test('who cancels is told so and may try again', async () => {
  await plugIn({ transport: 'usb' });
  await add('Blue');
  await atSecondStep();
  await page.evaluate(`{
    const { credentials } = navigator;
    const get = credentials.get.bind(credentials);
    credentials.get = () => { credentials.get = get; return Promise.reject(new DOMException('no', 'NotAllowedError')); };
  }`);
  await useKey();
  await page.getByText('Nothing was confirmed.').waitFor();
  await useKey();
  await signedIn();
});

test('whoever leaves the page open for long is asked anew', async () => {
  await plugIn({ transport: 'usb' });
  await add('Blue');
  await atSecondStep();
  const before = await page.locator('form[data-options]').getAttribute('data-options');
  await page.evaluate(`{
    const late = performance.now() + 290_000;
    performance.now = () => late;
  }`);
  const renewed = page.waitForRequest((request) => request.url().endsWith('?method=webauthn'));
  await useKey();
  await renewed;
  await signedIn();
  expect(before).toContain('challenge');
});

test('a browser without WebAuthn says so, and hides what is only in the way', async () => {
  await plugIn({ transport: 'usb' });
  await add('Blue');
  await page.addInitScript('delete self.PublicKeyCredential');
  try {
    await atSecondStep();
    await page.getByText('This browser can’t use security keys or passkeys.').waitFor();
    expect(await page.getByRole('button', { name: 'Use security key' }).isDisabled()).toBe(true);
    await tour.open(KEYS);
    await tour.leave();
    await tour.open('/sign-in');
    expect(await page.getByRole('button', { name: 'Sign in with a passkey' }).count()).toBe(0);
  } finally {
    // An init script stays with its page.
    await page.close();
    tour = await Tour.begin(server, browser, 'en');
    page = tour.page;
    plugged = [];
  }
});

test('without JavaScript the other ways are named', async () => {
  await plugIn({ transport: 'usb' });
  await add('Blue');
  const context = await browser.newContext({ javaScriptEnabled: false, locale: 'en-GB' });
  try {
    const plain = await context.newPage();
    await plain.goto(`${server.url}/sign-in`);
    expect(await plain.getByRole('button', { name: 'Sign in with a passkey' }).isVisible()).toBe(false);
    await atSecondStep();
    await context.addCookies(await tour.context.cookies());
    await plain.goto(`${server.url}/sign-in/factor`);
    await plain.getByText('Security keys need JavaScript').waitFor();
    expect(await plain.getByRole('button', { name: 'Use security key' }).isVisible()).toBe(false);
    await plain.getByRole('note').getByRole('link', { name: 'Use your authenticator app' }).click();
    await plain.getByLabel('One-time code').waitFor();
  } finally {
    await context.close();
  }
});

test('a removed passkey is taken out of the browser, too', async () => {
  const key = await plugIn({ transport: 'internal' });
  await add('Gone');
  const told = page.evaluate<unknown>(
    `JSON.parse(document.querySelector('[data-accepted]').dataset.accepted)`,
  );
  const [credential] = await key.credentials();
  expect(await told).toMatchObject({ rpId: 'localhost' });
  await removeKeys();
  await tour.open('/account/security');
  await expect.poll(async () => (await key.credentials()).length).toBe(0);
  expect(credential?.isResidentCredential).toBe(true);
});
