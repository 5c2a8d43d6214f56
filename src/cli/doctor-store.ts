import { EVENT_COLUMNS } from '../audit/store.ts';
import type { Db } from '../database/open.ts';
import { HOUR } from '../kit/clock.ts';

/** What holds at every moment (security, section 3): each of these counts is 0. */

/** A session of an account with two-factor authentication that only the password was proven for. */
export async function countHalfSessions(db: Db, now: number): Promise<number> {
  const { count } = await db
    .selectFrom('session')
    .innerJoin('account', 'account.id', 'session.account_id')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('account.two_factor_at', 'is not', null)
    .where('session.acr', '=', 'pwd')
    .where('session.expires_at', '>', now)
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** An account whose two-factor authentication is on without any factor, or off with one. */
export async function countHalfProtected(db: Db): Promise<number> {
  const { count } = await db
    .selectFrom('account')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where((eb) => {
      const factor = eb.exists(
        eb.selectFrom('factor').select('factor.id').whereRef('factor.account_id', '=', 'account.id'),
      );
      return eb.or([
        eb.and([eb('account.two_factor_at', 'is not', null), eb.not(factor)]),
        eb.and([eb('account.two_factor_at', 'is', null), factor]),
      ]);
    })
    .executeTakeFirstOrThrow();
  return Number(count);
}

/**
 * A recovery code that was spent without a record: the record stands in the transaction that spends it (R72). As far back
 * as records are kept.
 */
export async function countUnrecordedCodes(db: Db): Promise<number> {
  const { count } = await db
    .selectFrom('recovery_code')
    .innerJoin('account', 'account.id', 'recovery_code.account_id')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('recovery_code.used_at', '>', (eb) =>
      eb.fn.coalesce(eb.selectFrom('audit_cut').select('removed_until_at'), eb.lit(0)),
    )
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('audit_event')
            .select('audit_event.seq')
            .whereRef('audit_event.subject', '=', 'account.pseudonym')
            .where('audit_event.event', '=', 'recovery_code.used')
            .whereRef('audit_event.at', '=', 'recovery_code.used_at'),
        ),
      ),
    )
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** Mails and tasks that have waited for more than an hour; and those that were given up in the last day. */
export async function countLate(db: Db, now: number): Promise<{ late: number; failed: number }> {
  const count = async (query: ReturnType<typeof parcels>) =>
    Number((await query.executeTakeFirstOrThrow()).count);
  const parcels = () =>
    db
      .selectFrom('outbox')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .where('sent_at', 'is', null);
  const late = await count(
    parcels()
      .where('failed_at', 'is', null)
      .where('created_at', '<', now - HOUR)
      // What is planned for later has not been tried.
      .where((eb) => eb.or([eb('attempts', '>', 0), eb('due_at', '<', now - HOUR)])),
  );
  // A text message fails with its number or its five minutes; that is no illness of the house.
  const failed = await count(
    parcels()
      .where('channel', '!=', 'sms')
      .where('failed_at', '>', now - 24 * HOUR),
  );
  return { late, failed };
}

/** The last links of the audit chain with their events, oldest first, after the hash of the link before them. */
export async function lastLinks(db: Db, limit: number) {
  const rows = await db
    .selectFrom('audit_link')
    .leftJoin('audit_event', 'audit_event.seq', 'audit_link.event_seq')
    .select([
      'audit_link.position',
      'audit_link.event_seq as link_seq',
      'audit_link.key_id',
      'audit_link.hash',
    ])
    .select(EVENT_COLUMNS.map((column) => `audit_event.${column}` as const))
    .orderBy('audit_link.position', 'desc')
    .limit(limit + 1)
    .execute();
  return rows.reverse();
}

/** One setting of the database itself: a pragma of SQLite, a parameter of PostgreSQL. */
export async function readSetting(db: Db, engine: 'sqlite' | 'postgres', name: string): Promise<string> {
  const statement =
    engine === 'sqlite'
      ? `select ${name} as value from pragma_${name}`
      : `select current_setting('${name}') as value`;
  // A query of ours in every respect but its words, which the builder has none for.
  const { rows } = await db.executeQuery<{ value: string | number }>({
    ...db.selectFrom('meta').select('value').compile(),
    sql: statement,
  });
  return String(rows[0]?.value);
}
