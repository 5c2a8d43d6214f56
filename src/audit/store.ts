import type { Selectable } from 'kysely';
import type { Db } from '../database/open.ts';
import type { AuditEventTable } from '../database/tables/audit.ts';
import type { AuditEvent } from './events.ts';

/** One event as it is stored. */
export type AuditRow = Selectable<AuditEventTable>;

export const EVENT_COLUMNS = [
  'seq',
  'at',
  'event',
  'outcome',
  'subject',
  'actor',
  'method',
  'network',
  'browser',
  'request_id',
  'detail',
] as const satisfies readonly (keyof AuditRow)[];

export type AuditDetail = Readonly<Record<string, string | number | boolean | null>>;

/** One event as pages and exports show it. */
export interface AuditRecord extends Omit<AuditRow, 'event' | 'detail'> {
  readonly event: AuditEvent;
  readonly detail: AuditDetail;
}

export function toRecord(row: AuditRow): AuditRecord {
  return { ...row, event: row.event as AuditEvent, detail: JSON.parse(row.detail) as AuditDetail };
}

/**
 * What happened to one person's account, newest first. `beforeSeq` is the `seq` of the last one on the page before.
 */
export async function listEventsOf(
  db: Db,
  pseudonym: string,
  { limit, beforeSeq }: { limit: number; beforeSeq?: number },
): Promise<AuditRecord[]> {
  let query = db.selectFrom('audit_event').select(EVENT_COLUMNS).where('subject', '=', pseudonym);
  if (beforeSeq !== undefined) query = query.where('seq', '<', beforeSeq);
  return (await query.orderBy('seq', 'desc').limit(limit).execute()).map(toRecord);
}

/** Where the newest events about people came from, by people themselves; newest first. */
export async function latestPlaces(
  db: Db,
  { limit, since }: { readonly limit: number; readonly since: number },
): Promise<{ readonly subject: string; readonly network: string }[]> {
  const rows = await db
    .selectFrom('audit_event')
    .select(['subject', 'network'])
    .where('at', '>', since)
    .where('subject', 'is not', null)
    .where('network', 'is not', null)
    .orderBy('seq', 'desc')
    .limit(limit)
    .execute();
  return rows as { subject: string; network: string }[];
}
