import type { Locale } from './locale.ts';
import { en, type NoticeCode } from './notices.en.ts';
import { es } from './notices.es.ts';

const words = { en, es };

export function isNoticeCode(text: string | undefined): text is NoticeCode {
  return text !== undefined && Object.hasOwn(en, text);
}

export function noticeSentence(locale: Locale, code: NoticeCode): string {
  return words[locale][code];
}
