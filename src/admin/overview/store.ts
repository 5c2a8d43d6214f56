import { sql } from 'kysely';
import { isOpen, stateOf } from '../../accounts/recovery-rules.ts';
import type { Slice } from '../../accounts/slices.ts';
import { countRows } from '../../database/count-rows.ts';
import type { Db } from '../../database/open.ts';
import { DAY, MINUTE } from '../../kit/clock.ts';

export interface Tries {
  readonly signedIn: number;
  readonly refused: number;
}

/**
 * Written as the indexes of migration 9 are. Sign-ins that were completed, and tries that were refused: wrong
 * passwords, codes, keys and passkeys.
 */
export async function countTries(db: Db, from: number, until: number): Promise<Tries> {
  const signedIn = await countRows(
    db,
    sql`from audit_event where event = 'sign_in.completed' and at >= ${from} and at < ${until}`,
  );
  const refused = await countRows(
    db,
    sql`from audit_event where outcome = 'failure'
      and event in ('sign_in.password', 'sign_in.password_wait', 'sign_in.factor', 'sign_in.passkey')
      and at >= ${from} and at < ${until}`,
  );
  return { signedIn, refused };
}

export interface Delivery {
  readonly waiting: number;
  /** Of them: queued more than five minutes ago. */
  readonly late: number;
  /** Given up within the last day. */
  readonly failed: number;
  /** Within the last day. */
  readonly sent: number;
}

const LATE_AFTER = 5 * MINUTE;

export async function countDelivery(db: Db, channel: 'mail' | 'sms', now: number): Promise<Delivery> {
  // After a restore there are a million for days: counted once.
  const { rows } = await sql<{ waiting: number; late: number | null }>`select count(*) as waiting,
      sum(case when created_at < ${now - LATE_AFTER} then 1 else 0 end) as late
    from outbox where sent_at is null and failed_at is null and channel = ${channel}`.execute(db);
  const failed = sql`from outbox where failed_at is not null and failed_at > ${now - DAY}
    and channel = ${channel} and (last_error is null or last_error <> 'withdrawn')`;
  const sent = sql`from outbox where sent_at is not null and sent_at > ${now - DAY} and channel = ${channel}`;
  return {
    waiting: Number(rows[0]?.waiting),
    late: Number(rows[0]?.late),
    failed: await countRows(db, failed),
    sent: await countRows(db, sent),
  };
}

/** Requests for help that administrators can still decide. */
export async function countHelpRequests(db: Db, now: number): Promise<number> {
  const rows = await db
    .selectFrom('recovery_request')
    .innerJoin('account', 'account.id', 'recovery_request.account_id')
    .selectAll('recovery_request')
    .select('account.security_version as account_version')
    .where('cancelled_at', 'is', null)
    .where('approved_at', 'is', null)
    .where('refused_at', 'is', null)
    .execute();
  return rows.filter(({ account_version, ...request }) => isOpen(stateOf(request, account_version, now)))
    .length;
}

/** Of a slice of the accounts, suspended ones left out: how many there are, and how many have two factors. */
export async function countStanding(
  db: Db,
  { after, upTo }: Slice,
): Promise<{ people: number; protected: number }> {
  const { rows } = await sql<{ people: number; protected: number | null }>`select count(*) as people,
      sum(case when two_factor_at is null then 0 else 1 end) as protected
    from account where id > ${after} and id <= ${upTo} and suspended_at is null`.execute(db);
  return { people: Number(rows[0]?.people), protected: Number(rows[0]?.protected) };
}
