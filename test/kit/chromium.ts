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
  // The last mention counts, so this names again those of Playwright that matter here. RenderDocument gives every page a
  // frame of its own, to which all scripts of `prepareAxe` are sent anew: without it a page opens in a third of the time.
  '--disable-features=RenderDocument,PaintHolding,HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,MediaRouter,' +
    'AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,OptimizationHints,NetworkTimeServiceQuerying',
];

/** On two processors that have enough to do, helpers of V8 in each page's process cost a sixth of a page more. */
const alone = '--js-flags=--single-threaded';

const scriptless = new WeakSet<BrowserContext>();

/**
 * A real Chromium without a page. A page costs a process: open no more of them than are looked at. Without a window it is
 * Chromium's own build for that, where it is installed: pages open in half the time. `asPeopleHaveIt`: the whole browser.
 */
export function launch({ asPeopleHaveIt = false } = {}): Promise<Browser> {
  const executablePath = inject(asPeopleHaveIt ? 'chromiumPath' : 'headlessPath');
  // The whole browser, asked for that, hangs now and then over a security key.
  return chromium.launch({
    executablePath,
    args: executablePath.endsWith('shell') ? [...flags, alone] : flags,
  });
}

/** An empty page with cookies of its own, in which `axe` can look at what it is led to. */
export async function openPage(
  browser: Browser,
  { javaScript = true, width = 1280, height = 900 } = {},
): Promise<Page> {
  const context = await browser.newContext({
    javaScriptEnabled: javaScript,
    viewport: { width, height },
    locale: 'en-GB',
  });
  if (!javaScript) scriptless.add(context);
  context.setDefaultTimeout(30_000);
  await prepareAxe(context);
  return context.newPage();
}

/** Once for all pages to come: half a megabyte takes its time, and a Content-Security-Policy stops a script element. */
export async function prepareAxe(context: BrowserContext): Promise<void> {
  await context.addInitScript(axeCore.source);
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

/** What axe-core finds wrong on a page of `openPage` as it is now. */
export async function axe(page: Page): Promise<Result[]> {
  if (scriptless.has(page.context())) await page.evaluate(promisesForTimers);
  const { violations } = await page.evaluate<AxeResults>(
    'axe.run(document, { resultTypes: ["violations"] })',
  );
  return violations;
}

/** Without JavaScript no timer ever fires, and axe takes its turns by them; its time limits may stay unfired. */
const promisesForTimers =
  'window.setTimeout = (run, ms = 0) => { if (ms < 100) Promise.resolve().then(run); return 0; }; 0';
