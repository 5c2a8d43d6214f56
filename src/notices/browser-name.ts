import { createRequire } from 'node:module';
import type { Locale, Words } from '../words/locale.ts';
import { en } from './words.en.ts';
import { es } from './words.es.ts';

const WORDS: Words<Pick<typeof en, 'unknownBrowser' | 'browserOn'>> = { en, es };

type Bowser = typeof import('bowser');
let bowser: Bowser | null = null;

/** Loaded with the first name: it costs 10 ms at start that a sign-in page doesn't need. */
function load(): Bowser {
  bowser ??= createRequire(import.meta.url)('bowser') as Bowser;
  return bowser;
}

/** `Windows`, `iOS`: a system as Bowser's list names it; null for one that is not there. */
export function systemName(userAgent: string): string | null {
  if (userAgent.trim() === '') return null;
  const { getParser, OS_MAP } = load();
  const name = getParser(userAgent.slice(0, 300)).getOSName();
  return Object.values(OS_MAP as Record<string, string>).includes(name) ? name : null;
}

/**
 * `Firefox 128 on Windows`. Only names that we know are said: a User-Agent is a stranger's text, and in a mail to the
 * owner it would be the stranger's message (R75).
 */
export function describeBrowser(userAgent: string, locale: Locale): string {
  const words = WORDS[locale];
  const { getParser, BROWSER_MAP, OS_MAP } = load();
  if (userAgent.trim() === '') return words.unknownBrowser;
  const parser = getParser(userAgent.slice(0, 300));
  const { name, version } = parser.getBrowser();
  const system = parser.getOSName();
  const known = (map: Record<string, string>, value: string | undefined) =>
    value !== undefined && Object.values(map).includes(value) ? value : null;
  const major = /^\d{1,4}/.exec(version ?? '')?.[0];
  const browserName = known(BROWSER_MAP, name);
  const browser = browserName ? (major ? `${browserName} ${major}` : browserName) : words.unknownBrowser;
  const systemName = known(OS_MAP, system);
  return systemName ? words.browserOn(browser, systemName) : browser;
}
