import type { Page } from 'playwright-core';
import type { Locale } from '../../src/words/locale.ts';
import { shoot } from '../kit/chromium.ts';

const NARROW = { width: 320, height: 720 };
const WIDE = { width: 1280, height: 900 };

export interface Inspection {
  /** `security-on`: for messages, and for pictures. */
  readonly name: string;
  readonly locale: Locale;
  /** With axe-core, which `prepareAxe` has put into the pages. */
  readonly axe: boolean;
}

interface Seen {
  readonly lang: string;
  readonly title: string;
  readonly headings: number;
  readonly inline: readonly string[];
  /** Forms that ask a password and do not say whose: a password manager offers any, or none. */
  readonly nameless: readonly string[];
  readonly words: string;
}

/**
 * What must be true of every page in every state. -> what is not, one line each. A page is met in one of two widths and
 * two colour schemes and left in the other ones: half of the switching, and the next page begins there.
 */
export async function inspect(page: Page, { name, locale, axe }: Inspection): Promise<string[]> {
  const faults: string[] = [];
  const complain = (fault: string) =>
    faults.push(`${locale} ${name} (${new URL(page.url()).pathname}): ${fault}`);
  const seen = await page.evaluate<Seen>(look);
  if (seen.lang !== locale) complain(`its language is "${seen.lang}"`);
  if (!/\S · \S/.test(seen.title)) complain(`its title is "${seen.title}"`);
  if (seen.headings !== 1) complain(`${seen.headings} elements are h1`);
  for (const found of seen.inline) complain(`inline style or script: ${found}`);
  for (const found of seen.nameless) complain(`asks a password of nobody in particular: ${found}`);
  const english = locale === 'es' ? ENGLISH.exec(seen.words) : null;
  if (english) complain(`speaks English: …${english[0]}…`);
  if (axe) {
    for (const found of await page.evaluate<string[]>(violations('{}'))) complain(found);
    const colorScheme = await otherScheme(page);
    await page.emulateMedia({ colorScheme });
    // Nothing but the colours differs.
    const contrast = await page.evaluate<string[]>(violations('{ runOnly: ["color-contrast"] }'));
    for (const found of contrast) complain(`${colorScheme}: ${found}`);
  }
  for (const found of await page.evaluate<string[]>(overflow)) complain(found);
  await page.setViewportSize(page.viewportSize()?.width === WIDE.width ? NARROW : WIDE);
  for (const found of await page.evaluate<string[]>(overflow)) complain(found);
  if (process.env['SHOTS_DIR']) await picture(page, `${locale}-${name}`);
  return faults;
}

/** Words that no Spanish sentence holds, with what stands around them. */
const ENGLISH =
  /.{0,40}\b(?:the|you|your|with|and|password|sign|codes?|this|from|ago|is|of|to|not)\b.{0,40}/i;

/** What a person wrote is in no language of ours: names, addresses, letters, zones of the world; nor is code. */
const look = `(() => {
  const body = document.body.cloneNode(true);
  for (const foreign of body.querySelectorAll('.letter, select, script, svg, pre, code')) foreign.remove();
  const attributes = ['aria-label', 'title', 'alt', 'placeholder', 'data-done', 'data-show', 'data-show-label', 'data-hide', 'data-hide-label', 'data-busy', 'data-cancelled', 'data-slow', 'data-known', 'data-failed', 'data-unsupported'];
  const told = [body, ...body.querySelectorAll('*')].flatMap((one) => attributes.map((name) => one.getAttribute(name) ?? ''));
  const all = [...document.querySelectorAll('*')];
  return {
    lang: document.documentElement.lang,
    title: document.title,
    headings: document.querySelectorAll('h1').length,
    inline: all
      .filter((one) => one.matches('style, [style]:not([style=""]), script:not([src])') || one.getAttributeNames().some((name) => name.startsWith('on')))
      .map((one) => one.outerHTML.slice(0, 120)),
    nameless: [...document.forms]
      .filter((one) => one.querySelector('[type=password]') && !one.querySelector('[autocomplete~=username]'))
      .map((one) => one.outerHTML.slice(0, 120)),
    words: [document.title, body.textContent, ...told].join(' \\n').replace(/[ \\t]+/g, ' '),
  };
})()`;

/** What sticks out; where nothing but the page itself does, the page. */
const overflow = `(() => {
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth <= clientWidth) return [];
  const out = [...document.body.querySelectorAll('*')].filter((one) => one.getBoundingClientRect().right > clientWidth + 0.5);
  return [\`\${scrollWidth} pixels wide on \${innerWidth}: \${out.slice(0, 3).map((one) => one.outerHTML.slice(0, 120)).join(' | ')}\`];
})()`;

function violations(options: string): string {
  return `axe.run(document, { ...${options}, resultTypes: ['violations'] }).then(({ violations }) =>
    violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html, failureSummary }) => html + ' ' + failureSummary).join(' | ')))`;
}

async function otherScheme(page: Page): Promise<'light' | 'dark'> {
  return (await page.evaluate('matchMedia("(prefers-color-scheme: dark)").matches')) ? 'light' : 'dark';
}

/** For looking at: SHOTS_DIR=… npm test. */
async function picture(page: Page, name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    for (const width of [390, 1280]) {
      await page.setViewportSize({ width, height: 844 });
      await shoot(page, `${name}-${width}-${colorScheme}`);
    }
  }
  await page.setViewportSize(WIDE);
}
