import { listOf } from '../words/lists.ts';
import type { Locale, Words } from '../words/locale.ts';
import type { AuditRecord } from './store.ts';
import { type AuditWords, en } from './words.en.ts';
import { es } from './words.es.ts';

const words: Words<AuditWords> = { en, es };

type Happened = Pick<AuditRecord, 'event' | 'outcome' | 'subject' | 'actor' | 'method' | 'detail'>;

/** What happened, as the person whose account it is reads it. */
export function eventSentence(locale: Locale, happened: Happened): string {
  const { events } = words[locale];
  // While two versions run side by side, the older one meets events of the newer one (R84).
  if (!Object.hasOwn(events, happened.event)) return happened.event;
  return events[happened.event]({
    failed: happened.outcome === 'failure',
    method: methodNames(locale, happened.method ?? ''),
    by: doneBy(locale, happened),
    detail: happened.detail,
  });
}

/** `pwd otp mfa` -> `password and one-time code`; what has no name is not told. */
export function methodNames(locale: Locale, codes: string): string {
  const { methods } = words[locale];
  const names = codes.split(' ').flatMap((code) => methods[code] ?? []);
  return listOf(locale, names);
}

function doneBy(locale: Locale, { subject, actor }: Happened): string {
  if (actor === null || actor === subject || actor === 'system') return '';
  return actor === 'operator' ? words[locale].byOperator : words[locale].bySomebody;
}
