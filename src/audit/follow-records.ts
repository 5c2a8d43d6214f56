import type { Db } from '../database/open.ts';
import { cutPage } from '../kit/cut-page.ts';
import { pause } from '../kit/pause.ts';
import type { AuditEvent } from './events.ts';
import { boundsOf, REACH } from './find-records.ts';
import { type AuditRecord, EVENT_COLUMNS, toRecord } from './store.ts';

export interface EventFilter {
  /** Epoch milliseconds. */
  readonly since?: number;
  readonly event?: AuditEvent;
  /** A pseudonym. */
  readonly subject?: string;
}

export interface FollowedRecords {
  /** In the order of writing. */
  readonly records: readonly AuditRecord[];
  /** To go on after this `seq`; null: there are no more. */
  readonly next: number | null;
}

/**
 * One page in the order of writing. It may be short, even empty, and still not the last: no filter may make one request
 * read millions of records. On PostgreSQL a record may come before others that were read already: its transaction took
 * longer than theirs. `after`: `next` of the page before, or 0.
 */
export async function followRecords(
  db: Db,
  filter: EventFilter,
  { after, count }: { readonly after: number; readonly count: number },
  reach = REACH,
): Promise<FollowedRecords> {
  const more = count + 1;
  // An index holds those of one person in this order.
  if (filter.subject !== undefined)
    return cut(await matching(db, filter).where('seq', '>', after).limit(more).execute(), count);
  const { first, end } = await boundsOf(db, filter.since === undefined ? {} : { from: filter.since });
  const rows: Row[] = [];
  let low = Math.max(after + 1, first);
  for (let slice = 0; slice < reach.slices && low < end; slice++) {
    // Between two slices the others have their turn.
    if (slice > 0) await pause(0);
    const high = Math.min(low + reach.slice, end);
    const query = matching(db, filter).where('seq', '>=', low).where('seq', '<', high);
    rows.push(...(await query.limit(more - rows.length).execute()));
    if (rows.length > count) return cut(rows, count);
    low = high;
  }
  return { records: rows.map(toRecord), next: low < end ? low - 1 : null };
}

type Row = Parameters<typeof toRecord>[0];

function matching(db: Db, { since, event, subject }: EventFilter) {
  let query = db.selectFrom('audit_event').select(EVENT_COLUMNS).orderBy('seq');
  if (since !== undefined) query = query.where('at', '>=', since);
  if (event !== undefined) query = query.where('event', '=', event);
  if (subject !== undefined) query = query.where('subject', '=', subject);
  return query;
}

function cut(rows: readonly Row[], count: number): FollowedRecords {
  const { shown, next } = cutPage(rows, count, ({ seq }) => seq);
  return { records: shown.map(toRecord), next };
}
