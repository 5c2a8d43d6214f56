import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launch } from '../kit/chromium.ts';
import { HttpClient } from '../kit/http-client.ts';
import { PASSWORD, readEnrolment } from '../kit/people.ts';
import { type ServerProcess, startServer } from '../kit/server-process.ts';
import { appCode } from './tour.ts';

// A phone that is touched, and one whose owner reads letters twice as large.

const PAGES = [
  '/account',
  '/account/email',
  '/account/security',
  '/account/sessions',
  '/admin',
  '/admin/people',
  '/admin/people/invite',
  '/admin/groups',
  '/admin/rules',
  '/admin/apps/new/oidc',
  '/admin/records',
  '/store',
  '/help',
];

let server: ServerProcess;
let browser: Browser;
let context: BrowserContext;
let page: Page;

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer({ SUPPORT_EMAIL: 'help@example.org' }), launch()]);
  const boss = new HttpClient(server.url);
  const token = new URL(server.setUpLink as string).searchParams.get('token') as string;
  await boss.post('/setup', { token, name: 'Boss Example', email: 'boss@example.org', password: PASSWORD });
  const { secret } = readEnrolment((await boss.get('/account/security/totp')).body);
  await boss.submit('/account/security/totp', { code: appCode(secret) });
  await boss.post('/admin/groups/create', { name: 'Engineers' });
  context = await browser.newContext({
    locale: 'en-GB',
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
  });
  const cookies = [...boss.cookies].map(([name, value]) => ({ name, value, url: server.url }));
  await context.addCookies(cookies);
  page = await context.newPage();
});
afterAll(async () => {
  await browser?.close();
  await server?.remove();
});

async function open(path: string): Promise<void> {
  const answer = await page.goto(server.url + path);
  expect(`${answer?.status()} ${new URL(page.url()).pathname}`).toBe(`200 ${path}`);
}

test('whatever stands alone to be pressed is as high as a thumb: 44 pixels', async () => {
  for (const path of PAGES) {
    await open(path);
    expect(await page.evaluate<string[]>(tooSmall), path).toEqual([]);
  }
});

test('a long name beside a wide picture leaves room for who is setting up, on a phone and on a desk', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-logo-'));
  const logo = join(folder, 'logo.svg');
  writeFileSync(logo, '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 48"/>');
  const branded = await startServer({ BRAND: 'Ayuntamiento de San Sebastián del Río Al', BRAND_LOGO: logo });
  const visitor = await browser.newContext();
  try {
    const desk = await visitor.newPage();
    await desk.goto(branded.setUpLink as string);
    await desk.locator('[name=name]').fill('María del Carmen Fernández-Villaverde de la Peña');
    await desk.locator('[name=email]').fill('maria.fernandez@example.org');
    await desk.locator('[name=password]').fill(PASSWORD);
    await desk.locator('main form .primary').click();
    await desk.waitForURL('**/account/security');
    for (const width of [320, 390, 1280]) {
      await desk.setViewportSize({ width, height: 800 });
      const height = await desk.evaluate<number>('document.querySelector(".bar").offsetHeight');
      expect(height, `${width} pixels wide`).toBeLessThan(260);
    }
  } finally {
    await visitor.close();
    await branded.remove();
    rmSync(folder, { recursive: true });
  }
});

test('with letters twice as large nothing sticks out of the page', async () => {
  for (const path of PAGES) {
    await open(path);
    await page.evaluate('document.documentElement.style.fontSize = "200%"');
    const [wide, room] = await page.evaluate<[number, number]>(
      '[document.documentElement.scrollWidth, document.documentElement.clientWidth]',
    );
    expect(wide, path).toBeLessThanOrEqual(room);
  }
});

/** Links within a sentence or a table's cell are left out: the lines around them are theirs, too. */
const tooSmall = `(() => {
  const alone = 'button, .button, summary, select, textarea, input:not([type=hidden]), nav a, footer a, .links a, .back, .title a, th a';
  const found = [];
  for (const one of document.querySelectorAll(alone)) {
    const boxes = [one, ...(one.labels ?? [])].map((each) => each.getBoundingClientRect());
    const height = Math.max(...boxes.map((box) => box.height));
    if (height > 0 && height < 43.5) found.push(Math.round(height) + ' ' + one.outerHTML.slice(0, 100));
  }
  return found;
})()`;
