import type { Page } from 'playwright-core';
import type { Locale } from '../../src/words/locale.ts';
import { axe, shoot } from '../kit/chromium.ts';

const NARROW = { width: 320, height: 720 };
const WIDE = { width: 1280, height: 900 };

export interface Inspection {
  /** `security-on`: for messages, and for pictures. */
  readonly name: string;
  readonly locale: Locale;
  /** With axe-core, in light and dark. */
  readonly axe: boolean;
}

interface Seen {
  readonly lang: string;
  readonly title: string;
  readonly headings: number;
  readonly inline: readonly string[];
  readonly words: string;
}

/** What must be true of every page in every state. -> what is not, one line each. */
export async function inspect(page: Page, { name, locale, axe: withAxe }: Inspection): Promise<string[]> {
  const faults: string[] = [];
  const complain = (fault: string) =>
    faults.push(`${locale} ${name} (${new URL(page.url()).pathname}): ${fault}`);
  const seen = await page.evaluate<Seen>(look);
  if (seen.lang !== locale) complain(`its language is "${seen.lang}"`);
  if (!/\S · \S/.test(seen.title)) complain(`its title is "${seen.title}"`);
  if (seen.headings !== 1) complain(`${seen.headings} elements are h1`);
  for (const found of seen.inline) complain(`inline style or script: ${found}`);
  if (locale === 'es') {
    const english = seen.words.match(ENGLISH);
    if (english) complain(`speaks English: …${english[0]}…`);
  }
  if (withAxe) {
    for (const { id, nodes } of await axe(page))
      complain(`${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
    await page.emulateMedia({ colorScheme: 'dark' });
    for (const found of await page.evaluate<string[]>(contrast)) complain(`contrast in the dark: ${found}`);
    await page.emulateMedia({ colorScheme: 'light' });
  }
  for (const size of [NARROW, WIDE]) {
    await page.setViewportSize(size);
    const over = await page.evaluate<string[]>(overflow);
    if (over.length > 0) complain(`wider than ${size.width} pixels: ${over.join(' | ')}`);
  }
  if (process.env['SHOTS_DIR']) await picture(page, `${locale}-${name}`);
  return faults;
}

/** Words that no Spanish sentence holds, with what stands around them. */
const ENGLISH =
  /.{0,40}\b(?:the|you|your|with|and|password|sign|codes?|this|from|ago|is|of|to|not)\b.{0,40}/i;

/** What a person wrote is in no language of ours: names, addresses, letters, and zones of the world. */
const look = `(() => {
  const body = document.body.cloneNode(true);
  for (const foreign of body.querySelectorAll('.letter, select, script, svg')) foreign.remove();
  const attributes = ['aria-label', 'title', 'alt', 'placeholder', 'data-done', 'data-show', 'data-show-label', 'data-hide', 'data-hide-label'];
  const told = [body, ...body.querySelectorAll('*')].flatMap((one) => attributes.map((name) => one.getAttribute(name) ?? ''));
  const all = [...document.querySelectorAll('*')];
  return {
    lang: document.documentElement.lang,
    title: document.title,
    headings: document.querySelectorAll('h1').length,
    inline: all
      .filter((one) => one.matches('style, [style]:not([style=""]), script:not([src])') || one.getAttributeNames().some((name) => name.startsWith('on')))
      .map((one) => one.outerHTML.slice(0, 120)),
    words: [document.title, body.textContent, ...told].join(' \\n').replace(/[ \\t]+/g, ' '),
  };
})()`;

/** What sticks out; where nothing but the page itself does, the page. */
const overflow = `(() => {
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth <= clientWidth) return [];
  const out = [...document.body.querySelectorAll('*')].filter((one) => one.getBoundingClientRect().right > clientWidth + 0.5);
  return [\`\${scrollWidth}\`, ...out.slice(0, 3).map((one) => one.outerHTML.slice(0, 120))];
})()`;

/** Nothing but the colours differs by night. axe is in the page already. */
const contrast = `axe.run(document, { runOnly: ['color-contrast'], resultTypes: ['violations'] })
  .then(({ violations }) => violations.flatMap(({ nodes }) => nodes.map(({ html, failureSummary }) => html + ' ' + failureSummary)))`;

/** For looking at: SHOTS_DIR=… npm test. */
async function picture(page: Page, name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    for (const width of [390, 1280]) {
      await page.setViewportSize({ width, height: 844 });
      await shoot(page, `${name}-${width}-${colorScheme}`);
    }
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize(WIDE);
}
