import { countOnCommit } from '../database/count-on-commit.ts';
import type { Tx } from '../database/open.ts';
import { prepared } from '../database/prepared.ts';
import type { AuditEvent } from './events.ts';
import type { Place } from './place.ts';

export interface Entry {
  readonly event: AuditEvent;
  readonly outcome?: 'success' | 'failure';
  /** The person it is about, by pseudonym; null where nobody is known. */
  readonly subject: { pseudonym: string } | null;
  /** Who did it, when it was somebody else: an administrator's pseudonym, `operator`, `system`. */
  readonly actor?: string;
  /** How: `pwd`, `otp`, `recovery-code`, a factor's kind. */
  readonly method?: string;
  /** Never a secret, an address or a name: what identifies a person is the pseudonym (R73, R76). */
  readonly detail?: Readonly<Record<string, string | number | boolean | null>>;
}

interface Row {
  at: number;
  event: string;
  outcome: 'success' | 'failure';
  subject: string | null;
  actor: string | null;
  method: string | null;
  network: string | null;
  browser: string | null;
  request_id: string | null;
  detail: string;
}

const insert = prepared<Row>()((db, row) =>
  db.insertInto('audit_event').values({
    at: row.at,
    event: row.event,
    outcome: row.outcome,
    subject: row.subject,
    actor: row.actor,
    method: row.method,
    network: row.network,
    browser: row.browser,
    request_id: row.request_id,
    detail: row.detail,
  }),
);

/** Writes the event in the transaction of its change: no row, no change (R72). */
export async function record(tx: Tx, place: Place, entry: Entry): Promise<void> {
  const detail = Object.entries(entry.detail ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  const { event, outcome = 'success', method = null } = entry;
  countOnCommit(tx, 'events', { event, outcome, method });
  await insert.count(tx, {
    at: place.now,
    event,
    outcome,
    subject: entry.subject?.pseudonym ?? null,
    actor: entry.actor ?? entry.subject?.pseudonym ?? null,
    method,
    network: place.network || null,
    browser: place.browser || null,
    request_id: place.requestId || null,
    detail: JSON.stringify(Object.fromEntries(detail)),
  });
}
