import type { Locale } from './locale.ts';
import { en, linkTexts as enLinks, type NoticeCode } from './notices.en.ts';
import { es, linkTexts as esLinks } from './notices.es.ts';

const words = { en, es };
const links = { en: enLinks, es: esLinks };

export interface NoticeLink {
  readonly href: string;
  readonly text: string;
}

export function isNoticeCode(text: string | undefined): text is NoticeCode {
  return text !== undefined && Object.hasOwn(en, text);
}

export function noticeSentence(locale: Locale, code: NoticeCode): string {
  return words[locale][code];
}

/** Where a sentence asks something or leads on, the page for it. */
const PLACES: Partial<Record<NoticeCode, string>> = {
  two_factor_on: '/account/security/keys',
  key_added: '/account/security/recovery-codes',
};

export function noticeLink(locale: Locale, code: NoticeCode): NoticeLink | null {
  const [href, text] = [PLACES[code], links[locale][code]];
  return href && text ? { href, text } : null;
}
