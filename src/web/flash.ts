import type { NoticeCode } from '../words/notices.en.ts';
import { isNoticeCode, type NoticeLink, noticeLink, noticeSentence } from '../words/notices.ts';
import { forget, type SetCookie } from './answer.ts';
import type { Visit } from './visit.ts';

/** A browser that never loads the next page forgets the sentence by itself. */
const SECONDS = 60;

/** "Saved", carried over a redirect: a code of a closed list, so that nobody can put words of their own into a page. */
export function withNotice(code: NoticeCode): SetCookie {
  return { name: 'notice', value: code, maxAge: SECONDS };
}

/** The code that the request brought; null for none, and for one that is not ours. */
export function readNotice({ cookies }: Pick<Visit, 'cookies'>): NoticeCode | null {
  const code = cookies['notice'];
  return isNoticeCode(code) ? code : null;
}

export interface Flash {
  /** The sentence to show, in the person's language. */
  readonly message: string | null;
  /** What to do about it, if anything. */
  readonly more?: NoticeLink;
  /** To be set together with the page that shows it: it is told once. */
  readonly cookies: readonly SetCookie[];
}

/** `page(aPage(…, flash.message), 200, { cookies: flash.cookies })` */
export function takeNotice(visit: Pick<Visit, 'cookies' | 'locale'>): Flash {
  const code = readNotice(visit);
  const message = code === null ? null : noticeSentence(visit.locale, code);
  const cookies = visit.cookies['notice'] === undefined ? [] : forget('notice');
  const more = code === null ? null : noticeLink(visit.locale, code);
  return { message, cookies, ...(more ? { more } : {}) };
}
