import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import axeCore, { type AxeResults, type Result } from 'axe-core';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { inject } from 'vitest';

const flags = [
  '--headless',
  '--no-sandbox', // for root in a container; the tests visit nothing but their own server
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export interface Visitor {
  readonly browser: Browser;
  readonly context: BrowserContext;
  readonly page: Page;
  close(): Promise<void>;
}

const scriptless = new WeakSet<BrowserContext>();

/** A real Chromium of its own, with one empty page. */
export async function launch({
  javaScript = true,
  width = 1280,
  height = 900,
  colorScheme = 'light',
}: {
  javaScript?: boolean;
  width?: number;
  height?: number;
  colorScheme?: 'light' | 'dark';
} = {}): Promise<Visitor> {
  const browser = await chromium.launch({ executablePath: inject('chromiumPath'), args: flags });
  const context = await browser.newContext({
    javaScriptEnabled: javaScript,
    viewport: { width, height },
    colorScheme,
    locale: 'en-GB',
  });
  if (!javaScript) scriptless.add(context);
  context.setDefaultTimeout(30_000);
  return { browser, context, page: await context.newPage(), close: () => browser.close() };
}

/** Where pictures go: SHOTS_DIR, else a folder for temporary files. */
const shots = process.env.SHOTS_DIR ?? join(tmpdir(), 'countersign-shots');

/** Takes a picture of the whole page; its path. */
export async function shoot(page: Page, name: string): Promise<string> {
  mkdirSync(shots, { recursive: true });
  const path = join(shots, `${name}.png`);
  await page.screenshot({ path, fullPage: true, animations: 'disabled' });
  return path;
}

/** What axe-core finds wrong on the page as it is now. */
export async function axe(page: Page): Promise<Result[]> {
  if (scriptless.has(page.context())) await page.evaluate(promisesForTimers);
  // Through the debugger: a script element is what the page's Content-Security-Policy is there to stop.
  await page.evaluate(axeCore.source);
  const { violations } = await page.evaluate<AxeResults>(
    'axe.run(document, { resultTypes: ["violations"] })',
  );
  return violations;
}

/** Without JavaScript no timer ever fires, and axe takes its turns by them; its time limits may stay unfired. */
const promisesForTimers =
  'window.setTimeout = (run, ms = 0) => { if (ms < 100) Promise.resolve().then(run); return 0; }; 0';
