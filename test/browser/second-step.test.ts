import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { axe, launch, openPage, shoot } from '../kit/chromium.ts';
import { type ServerProcess, startServer } from '../kit/server-process.ts';

const PASSWORD = 'mild-copper-walrus-42';

/** What an authenticator app would compute, by somebody else's program; `ahead` steps from now. */
function oathtool(secret: string, ahead = 0): string {
  const at = new Date(Date.now() + ahead * 30_000).toISOString();
  return execFileSync('oathtool', ['--totp', '-b', secret, '--now', at], { encoding: 'utf8' }).trim();
}

/** Reads the QR code off a picture of the page, as a phone's camera would. */
async function scan(page: Page, name: string): Promise<URL> {
  const file = await shoot(page, name);
  const text = execFileSync('zbarimg', ['--quiet', '--raw', file], { encoding: 'utf8' }).trim();
  return new URL(text);
}

async function noViolations(page: Page): Promise<void> {
  const found = (await axe(page)).map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`,
  );
  expect(found, page.url()).toEqual([]);
}

async function newestMail(server: ServerProcess, to: string): Promise<{ subject: string; text: string }> {
  const mails = (await (await fetch(`${server.url}/mailbox?format=json`)).json()) as {
    to: string;
    subject: string;
    text: string;
  }[];
  const mail = mails.find((one) => one.to === to);
  if (!mail) throw new Error(`no mail to ${to}`);
  return mail;
}

/** A button of the script's, or without one a link, and never both: what is in the file, a line each. */
async function downloadCodes(page: Page, javaScript: boolean): Promise<string[]> {
  const [here, other] = javaScript ? (['button', 'link'] as const) : (['link', 'button'] as const);
  expect(await page.getByRole(other, { name: 'Download' }).count()).toBe(0);
  const download = page.waitForEvent('download');
  await page.getByRole(here, { name: 'Download' }).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe('countersign-recovery-codes-boss@example.org.txt');
  return readFileSync(await file.path(), 'utf8')
    .trim()
    .split('\n');
}

let browser: Browser;
beforeAll(async () => {
  browser = await launch({ asPeopleHaveIt: true });
});
afterAll(() => browser.close());

describe.each([true, false])('JavaScript %s', (javaScript) => {
  let server: ServerProcess;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.remove());

  test('set up, scan the code, turn 2FA on, sign out, sign in with the code', {
    timeout: 150_000,
  }, async () => {
    const page = await openPage(browser, { javaScript, width: javaScript ? 1280 : 390 });
    try {
      await page.goto(server.setUpLink as string);
      await noViolations(page);
      await page.getByLabel('Name').fill('Boss Example');
      await page.getByLabel('E-mail').fill('boss@example.org');
      await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
      await page.locator('main form button[type=submit]').click();
      await page.waitForURL('**/account/security');
      await noViolations(page);

      await page.getByRole('button', { name: 'Enable 2FA' }).click();
      expect(
        await page.getByRole('link', { name: 'Open my authenticator app' }).getAttribute('href'),
      ).toMatch(/^otpauth:/);
      await noViolations(page);
      const uri = await scan(page, `enrol-${javaScript}`);
      expect(decodeURIComponent(uri.pathname)).toContain('Countersign:boss@example.org');
      const secret = uri.searchParams.get('secret') as string;
      const typed = (await page.locator('#totp-key').innerText()).replace(/\s/g, '');
      expect(secret).toBe(typed);
      const code = (await page.locator('.codes code').first().innerText()).trim();
      expect(code).toMatch(/^[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$/);
      expect(await downloadCodes(page, javaScript)).toEqual(
        await page.locator('.codes code').allInnerTexts(),
      );

      await page.getByLabel('One-time code').fill('000000');
      await page.getByRole('button', { name: 'Enable' }).click();
      await noViolations(page);
      expect((await page.locator('#totp-key').innerText()).replace(/\s/g, '')).toBe(secret);
      await page.getByLabel('One-time code').fill(oathtool(secret));
      await page.getByRole('button', { name: 'Enable' }).click();
      await page.getByText('Two-factor authentication is on.', { exact: true }).waitFor();
      expect(await page.getByRole('link', { name: 'Next, add a security key' }).getAttribute('href')).toBe(
        '/account/security/keys',
      );
      await page.getByText('What if I lose my phone?', { exact: true }).waitFor();
      await noViolations(page);
      expect((await newestMail(server, 'boss@example.org')).subject).toBe('Two-factor authentication is on');

      await signOut(page, javaScript);
      await page.getByLabel('E-mail').fill('boss@example.org');
      await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
      await page.getByRole('button', { name: 'Sign in', exact: true }).click();
      await page.waitForURL('**/sign-in/factor');
      await noViolations(page);
      // The enrolment spent this step's code; the next one is within the window.
      await page.getByLabel('One-time code').fill(oathtool(secret, 1));
      await page.getByRole('button', { name: 'Verify' }).click();
      await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));

      await signOut(page, javaScript);
      await page.getByLabel('E-mail').fill('boss@example.org');
      await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
      await page.getByRole('button', { name: 'Sign in', exact: true }).click();
      await page.getByText('Having trouble?').click();
      await page.getByRole('link', { name: 'Use a recovery code' }).click();
      await noViolations(page);
      await page.getByLabel('Recovery code').fill(code);
      await page.locator('main form button[type=submit]').first().click();
      await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
      expect((await newestMail(server, 'boss@example.org')).subject).toBe('A recovery code was used');
    } finally {
      await page.context().close();
    }
  });
});

async function signOut(page: Page, javaScript: boolean): Promise<void> {
  const button = page.getByRole('button', { name: 'Sign out' });
  // On a narrow screen it lies in the menu.
  if (!(await button.isVisible()) && !javaScript) await page.getByRole('button', { name: 'Menu' }).click();
  await button.click();
  await page.waitForURL('**/sign-in');
}
