import { sql } from 'kysely';
import { countRows } from '../database/count-rows.ts';
import type { Db } from '../database/open.ts';
import { countHolds, type Holds } from '../throttle/count-holds.ts';
import { CHANNELS } from './instruments.ts';

/** What is looked up whenever somebody asks. Each condition has an index of its own: migrations 1, 9 and 13. */
export interface Standing extends Holds {
  readonly sessions: number;
  /** When the oldest record was written that is not in the chain yet. */
  readonly unsealedSince: number | null;
  readonly outbox: readonly { readonly channel: string; readonly waiting: number; readonly since: number }[];
}

export async function readStanding(db: Db, now: number): Promise<Standing> {
  return {
    sessions: await countRows(db, sql`from session where expires_at > ${now}`),
    ...(await countHolds(db, now)),
    unsealedSince: await oldestUnsealed(db),
    outbox: await countWaiting(db, now),
  };
}

async function oldestUnsealed(db: Db): Promise<number | null> {
  const row = await db
    .selectFrom('audit_event')
    .select('at')
    .where(sql<boolean>`seq > (select coalesce(max(event_seq), 0) from audit_link)`)
    .orderBy('seq')
    .limit(1)
    .executeTakeFirst();
  return row?.at ?? null;
}

/**
 * What is queued for later, such as the hundred-thousandth mail after a restore, waits from when it is due. Once it was tried,
 * only when it was queued is known.
 */
async function countWaiting(db: Db, now: number): Promise<Standing['outbox']> {
  const waiting = sql`from outbox where sent_at is null and failed_at is null`;
  const { rows } = await sql<{ channel: string; waiting: number; since: number }>`
    select channel, sum(waiting) as waiting, min(since) as since from (
      select channel, count(*) as waiting, min(due_at) as since ${waiting}
        and channel in (${sql.join(CHANNELS)}) and due_at <= ${now} and attempts = 0 group by channel
      union all
      select channel, count(*) as waiting, min(created_at) as since ${waiting} and attempts > 0 group by channel
    ) as counted group by channel`.execute(db);
  return rows.map(({ channel, waiting, since }) => ({
    channel,
    waiting: Number(waiting),
    since: Number(since),
  }));
}
