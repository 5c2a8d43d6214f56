import { type SqlBool, sql } from 'kysely';
import type { Db } from '../database/open.ts';
import { HOUR } from '../kit/clock.ts';
import { pause } from '../kit/pause.ts';
import type { AuditEvent } from './events.ts';
import { type AuditRecord, EVENT_COLUMNS, toRecord } from './store.ts';

/** What a record must be; nothing said: all. */
export interface RecordFilter {
  /** Pseudonym of whom it is about, or of who did it. */
  readonly person?: string;
  readonly event?: AuditEvent;
  readonly outcome?: 'success' | 'failure';
  /** How the network address begins. */
  readonly network?: string;
  /** Epoch milliseconds, from the first to before the second. */
  readonly from?: number;
  readonly until?: number;
}

/** How far one request looks: records of one slice, and slices. */
export interface RecordReach {
  readonly slice: number;
  readonly slices: number;
}

export const REACH: RecordReach = { slice: 20_000, slices: 25 };

export interface FoundRecords {
  /** Newest first. */
  readonly records: readonly AuditRecord[];
  /** To go on before this `seq`; null: there are no more. */
  readonly next: number | null;
}

/**
 * One page, newest first; it may be short, even empty, and still not the last: no filter may make one request read
 * millions of records. `before`: `next` of the page before.
 */
export async function findRecords(
  db: Db,
  filter: RecordFilter,
  { before, count }: { before: number | null; count: number },
  reach = REACH,
): Promise<FoundRecords> {
  if (filter.person !== undefined) return ofPerson(db, filter, filter.person, { before, count });
  const { first, end } = await boundsOf(db, filter);
  let high = Math.min(before ?? end, end);
  const records: AuditRecord[] = [];
  for (let slice = 0; slice < reach.slices && high > first; slice++) {
    // Between two slices the others have their turn.
    if (slice > 0) await pause(0);
    const low = Math.max(first, high - reach.slice);
    const query = matching(db, filter).where('seq', '>=', low).where('seq', '<', high);
    const rows = await query
      .orderBy('seq', 'desc')
      .limit(count + 1 - records.length)
      .execute();
    records.push(...rows.map(toRecord));
    if (records.length > count) return cut(records, count);
    high = low;
  }
  return { records, next: high > first ? high : null };
}

/** One more than was asked for tells whether there are more. */
function cut(records: readonly AuditRecord[], count: number): FoundRecords {
  const page = records.slice(0, count);
  return { records: page, next: records.length > count ? (page.at(-1)?.seq ?? null) : null };
}

/** As the index `audit_event_actor` is written: what somebody did to others, or to nobody. */
const toOthers = sql<SqlBool>`(actor <> subject or (subject is null and actor is not null))`;

/** Two indexes, each in the order of writing. */
async function ofPerson(
  db: Db,
  filter: RecordFilter,
  person: string,
  { before, count }: { before: number | null; count: number },
): Promise<FoundRecords> {
  const { person: _one, ...rest } = filter;
  const page = () => {
    const query = matching(db, rest)
      .orderBy('seq', 'desc')
      .limit(count + 1);
    return before === null ? query : query.where('seq', '<', before);
  };
  const about = await page().where('subject', '=', person).execute();
  const by = await page().where('actor', '=', person).where(toOthers).execute();
  const all = new Map([...about, ...by].map((row) => [row.seq, toRecord(row)]));
  return cut(
    [...all.values()].sort((one, other) => other.seq - one.seq),
    count,
  );
}

/** Every record that is so, in any order. */
export function matching(db: Db, { person, event, outcome, network, from, until }: RecordFilter) {
  let query = db.selectFrom('audit_event').select(EVENT_COLUMNS);
  if (person !== undefined)
    query = query.where((eb) => eb.or([eb('subject', '=', person), eb('actor', '=', person)]));
  if (event !== undefined) query = query.where('event', '=', event);
  if (outcome !== undefined) query = query.where('outcome', '=', outcome);
  if (network !== undefined && network !== '')
    query = query.where(sql<SqlBool>`substr(network, 1, ${[...network].length}) = ${network}`);
  if (from !== undefined) query = query.where('at', '>=', from);
  if (until !== undefined) query = query.where('at', '<', until);
  return query;
}

/** Records are written in the order of time, but for a clock that was set meanwhile: so far on either side is looked too. */
const SLACK = HOUR;

/** Between which numbers the records of a time lie. */
export async function boundsOf(
  db: Db,
  { from, until }: Pick<RecordFilter, 'from' | 'until'>,
): Promise<{ first: number; end: number }> {
  const all = await wholeRange(db);
  return {
    first: from === undefined ? all.first : await firstSince(db, all, from - SLACK),
    end: until === undefined ? all.end : await firstSince(db, all, until + SLACK),
  };
}

/** From the first number to before the second. Each is looked up by itself: SQLite would go through all for both at once. */
export async function wholeRange(db: Db): Promise<{ first: number; end: number }> {
  const numbers = db.selectFrom('audit_event').select('seq').limit(1);
  const lowest = await numbers.orderBy('seq').executeTakeFirst();
  const highest = await numbers.orderBy('seq', 'desc').executeTakeFirst();
  return { first: lowest?.seq ?? 1, end: (highest?.seq ?? 0) + 1 };
}

/** The first number from an instant on, by halving: two dozen looks for millions. */
async function firstSince(
  db: Db,
  { first, end }: { first: number; end: number },
  instant: number,
): Promise<number> {
  let [low, high] = [first, end];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const query = db.selectFrom('audit_event').select(['seq', 'at']).where('seq', '>=', middle);
    const row = await query.orderBy('seq').limit(1).executeTakeFirst();
    if (row === undefined || row.seq >= high) high = middle;
    else if (row.at < instant) low = row.seq + 1;
    else high = middle;
  }
  return low;
}

export async function findRecord(db: Db, seq: number): Promise<AuditRecord | null> {
  const row = await matching(db, {}).where('seq', '=', seq).executeTakeFirst();
  return row ? toRecord(row) : null;
}

/** Its place in the chain; null for a moment, until it is sealed. */
export async function findLink(db: Db, seq: number): Promise<{ position: number; hash: string } | null> {
  const query = db.selectFrom('audit_link').select(['position', 'hash']).where('event_seq', '=', seq);
  return (await query.executeTakeFirst()) ?? null;
}
