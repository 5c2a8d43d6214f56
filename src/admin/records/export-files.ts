import { eventSentence } from '../../audit/event-sentence.ts';
import { exportRecords, jsonLine } from '../../audit/export.ts';
import type { RecordFilter } from '../../audit/find-records.ts';
import type { Db } from '../../database/open.ts';
import { csvRecord } from '../../kit/csv.ts';
import type { Locale } from '../../words/locale.ts';
import { namesIn } from './names.ts';

const HEAD = [
  'seq',
  'at',
  'event',
  'sentence',
  'outcome',
  'subject',
  'subject_email',
  'actor',
  'actor_email',
  'method',
  'network',
  'browser',
  'request_id',
  'detail',
  'hash',
];

/** For people and their spreadsheets: sentences, and the addresses of those who are still here. */
export async function* csvOf(
  db: Db,
  filter: RecordFilter,
  locale: Locale,
): AsyncGenerator<string, void, void> {
  // Without a mark, spreadsheets read UTF-8 as something else.
  yield `\ufeff${csvRecord(HEAD)}`;
  for await (const batch of exportRecords(db, filter)) {
    const records = batch.map(({ record }) => record);
    const names = await namesIn(db, records);
    const emailOf = (one: string | null) => (one === null ? null : (names.get(one)?.email ?? null));
    yield batch
      .map(({ record, link }) =>
        csvRecord([
          record.seq,
          new Date(record.at).toISOString(),
          record.event,
          eventSentence(locale, record),
          record.outcome,
          record.subject,
          emailOf(record.subject),
          record.actor,
          emailOf(record.actor),
          record.method,
          record.network,
          record.browser,
          record.request_id,
          JSON.stringify(record.detail),
          link?.hash ?? null,
        ]),
      )
      .join('');
  }
}

/** For programs: the same lines as the operator's `audit export`, with pseudonyms only. */
export async function* jsonLinesOf(db: Db, filter: RecordFilter): AsyncGenerator<string, void, void> {
  for await (const batch of exportRecords(db, filter))
    yield batch.map((one) => `${jsonLine(one)}\n`).join('');
}
