import type { Db } from '../database/open.ts';
import { pause } from '../kit/pause.ts';
import { matching, type RecordFilter, wholeRange } from './find-records.ts';
import { type AuditRecord, toRecord } from './store.ts';

const BATCH = 1_000;
/** Read at once where little of it is taken: SQLite answers in the thread that serves everybody. */
const SLICE = 5_000;

export interface LinkedRecord {
  readonly record: AuditRecord;
  /** Its link in the chain; null for a moment, until it is sealed. */
  readonly link: { readonly position: number; readonly key_id: string; readonly hash: string } | null;
}

/** Every record that is so, in the order of writing, with its link, in batches. What is written meanwhile is left out. */
export async function* exportRecords(
  db: Db,
  filter: RecordFilter,
): AsyncGenerator<readonly LinkedRecord[], void, void> {
  const { first, end: beyond } = await wholeRange(db);
  for (let last = first - 1; last < beyond - 1; ) {
    const end = Math.min(last + SLICE, beyond - 1);
    const rows = await matching(db, filter)
      .leftJoin('audit_link', 'audit_link.event_seq', 'audit_event.seq')
      .select(['audit_link.position', 'audit_link.key_id', 'audit_link.hash'])
      .where('audit_event.seq', '>', last)
      .where('audit_event.seq', '<=', end)
      .orderBy('audit_event.seq')
      .limit(BATCH)
      .execute();
    if (rows.length > 0)
      yield rows.map(({ position, key_id, hash, ...row }) => ({
        record: toRecord(row),
        link: position === null ? null : { position, key_id: key_id ?? '', hash: hash ?? '' },
      }));
    // Between two batches the others have their turn, however quickly they are taken.
    await pause(0);
    last = rows.length === BATCH ? (rows.at(-1)?.seq ?? end) : end;
  }
}

/** One line of JSON; it has no line breaks of its own, so nothing that was recorded can forge a line (R73). */
export function jsonLine({ record, link }: LinkedRecord): string {
  return JSON.stringify({ ...record, at: new Date(record.at).toISOString(), link });
}

/** Every event since an instant (epoch milliseconds) as one line of JSON. */
export async function* exportAudit(db: Db, since: number): AsyncGenerator<string, void, void> {
  for await (const batch of exportRecords(db, { from: since })) yield* batch.map(jsonLine);
}
