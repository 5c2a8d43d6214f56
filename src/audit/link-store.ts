import type { Db } from '../database/open.ts';
import { EVENT_COLUMNS } from './store.ts';

/** Links of the chain with their events, in any order; null in every column of an event that is gone. */
export function linksWithEvents(db: Db) {
  return db
    .selectFrom('audit_link')
    .leftJoin('audit_event', 'audit_event.seq', 'audit_link.event_seq')
    .select([
      'audit_link.position',
      'audit_link.event_seq as link_seq',
      'audit_link.key_id',
      'audit_link.hash',
    ])
    .select(EVENT_COLUMNS.map((column) => `audit_event.${column}` as const));
}
