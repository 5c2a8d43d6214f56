import { linksWithEvents } from '../audit/link-store.ts';
import type { Db } from '../database/open.ts';
import { HOUR } from '../kit/clock.ts';

/**
 * Mails that have waited for a quarter of an hour, as the alarm has it, anything else for an hour; what was given up in
 * a day.
 */
export async function countLate(
  db: Db,
  now: number,
): Promise<{ mails: number; others: number; failed: number }> {
  const count = async (query: ReturnType<typeof parcels>) =>
    Number((await query.executeTakeFirstOrThrow()).count);
  const parcels = () =>
    db
      .selectFrom('outbox')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .where('sent_at', 'is', null);
  const late = (since: number) =>
    parcels()
      .where('failed_at', 'is', null)
      .where('created_at', '<', since)
      // What is planned for later has not been tried.
      .where((eb) => eb.or([eb('attempts', '>', 0), eb('due_at', '<', since)]));
  const mails = await count(late(now - HOUR / 4).where('channel', '=', 'mail'));
  const others = await count(late(now - HOUR).where('channel', '!=', 'mail'));
  // A text message fails with its number or its five minutes; that is no illness of the house.
  const failed = await count(
    parcels()
      .where('channel', '!=', 'sms')
      .where('failed_at', '>', now - 24 * HOUR),
  );
  return { mails, others, failed };
}

/** The last links of the audit chain with their events, oldest first, after the hash of the link before them. */
export async function lastLinks(db: Db, limit: number) {
  const rows = await linksWithEvents(db)
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
