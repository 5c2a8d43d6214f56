import type { Db } from '../database/open.ts';
import { EVENT_COLUMNS, toRecord } from './store.ts';

const BATCH = 1_000;

/**
 * Every event since an instant (epoch milliseconds) as one line of JSON, in the order of writing, with its link. JSON
 * has no line breaks of its own, so nothing that was recorded can forge a line (R73).
 */
export async function* exportAudit(db: Db, since: number): AsyncGenerator<string, void, void> {
  let lastSeq = 0;
  for (;;) {
    const rows = await db
      .selectFrom('audit_event')
      .leftJoin('audit_link', 'audit_link.event_seq', 'audit_event.seq')
      .select(EVENT_COLUMNS.map((column) => `audit_event.${column}` as const))
      .select(['audit_link.position', 'audit_link.key_id', 'audit_link.hash'])
      .where('audit_event.seq', '>', lastSeq)
      .where('audit_event.at', '>=', since)
      .orderBy('audit_event.seq')
      .limit(BATCH)
      .execute();
    for (const { position, key_id, hash, ...row } of rows) {
      const record = toRecord(row);
      const link = position === null ? null : { position, key_id, hash };
      yield JSON.stringify({ ...record, at: new Date(record.at).toISOString(), link });
      lastSeq = row.seq;
    }
    if (rows.length < BATCH) return;
  }
}
