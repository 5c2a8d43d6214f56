import type { ExpressionBuilder, Selectable } from 'kysely';
import type { Database, Db, Tx } from '../database/open.ts';
import { prepared } from '../database/prepared.ts';
import type { Schema } from '../database/schema.ts';
import type { OutboxTable } from '../database/tables/delivery.ts';

export type Channel = OutboxTable['channel'];

export type NewRow = Pick<
  OutboxTable,
  'id' | 'channel' | 'kind' | 'account_id' | 'sealed' | 'created_at' | 'due_at'
>;

/** A parcel that this process alone may deliver until its lease ends. */
export type Claimed = Pick<
  Selectable<OutboxTable>,
  'id' | 'channel' | 'kind' | 'sealed' | 'created_at' | 'due_at' | 'attempts'
> & { readonly leased_by: string };

/** What can be said of a parcel from outside. */
export type Progress = Pick<Selectable<OutboxTable>, 'sent_at' | 'failed_at' | 'last_error'>;

export async function findProgress(db: Db, id: string): Promise<Progress | null> {
  const row = await db
    .selectFrom('outbox')
    .select(['sent_at', 'failed_at', 'last_error'])
    .where('id', '=', id)
    .executeTakeFirst();
  return row ?? null;
}

/** What isn't through yet is not sent any more, except where a try is under way right now. */
export async function withdrawParcel(tx: Tx, id: string, now: number): Promise<void> {
  await tx
    .updateTable('outbox')
    .set({ failed_at: now, last_error: 'withdrawn', sealed: '', leased_by: null, leased_until_at: null })
    .where('id', '=', id)
    .where('sent_at', 'is', null)
    .where('failed_at', 'is', null)
    .execute();
}

export async function insertParcel(tx: Tx, row: NewRow): Promise<void> {
  await tx.insertInto('outbox').values(row).execute();
}

export const CHANNELS = ['task', 'mail', 'sms'] as const satisfies readonly Channel[];

/** How many of each channel. */
export type Places = Readonly<Record<Channel, number>>;

/** Reads only: an idle server writes nothing. One statement for all: it is asked after every sign-in. */
const listDue = prepared<Places & { now: number }>()((db, most) => {
  const of = (channel: Channel) =>
    db
      .selectFrom((eb) =>
        eb
          .selectFrom('outbox')
          .select(['id', 'channel'])
          .where('sent_at', 'is', null)
          .where('failed_at', 'is', null)
          .where('due_at', '<=', most.now)
          .where('channel', '=', channel)
          .where(isFree(most.now))
          .orderBy('due_at')
          .orderBy('id')
          .limit(most[channel])
          .as(channel),
      )
      .select(['id', 'channel']);
  return of('task').unionAll(of('mail')).unionAll(of('sms'));
});

const isFree = (now: number) => (eb: ExpressionBuilder<Schema, 'outbox'>) =>
  eb.or([eb('leased_until_at', 'is', null), eb('leased_until_at', '<=', now)]);

/**
 * One conditional UPDATE: a row goes to exactly one of the processes that reach for it, and comes free again when the
 * lease ends, whatever became of its holder (R74). `free`: so many of each channel at most; `held`: those that the
 * caller is at. Oldest first. `more`: where others may be due.
 */
export async function claimDue(
  database: Database,
  claim: {
    now: number;
    free: Places;
    holder: string;
    until: number;
    held: Readonly<Record<Channel, { has(id: string): boolean; readonly size: number }>>;
  },
): Promise<{ readonly rows: readonly Claimed[]; readonly more: Readonly<Record<Channel, boolean>> }> {
  const { now, free, holder, until, held } = claim;
  const listed = await listDue(database.db, {
    now,
    ...forAll((one) => free[one] && free[one] + held[one].size),
  });
  // Ours may look forsaken where the clock jumped.
  const due = forAll((one) => listed.filter(({ id, channel }) => channel === one && !held[one].has(id)));
  const more = forAll((one) => due[one].length >= free[one]);
  const ids = CHANNELS.flatMap((one) => due[one].slice(0, free[one]).map(({ id }) => id));
  if (ids.length === 0) return { rows: [], more };
  const rows = await database.transaction((tx) =>
    tx
      .updateTable('outbox')
      .set((eb) => ({ leased_by: holder, leased_until_at: until, attempts: eb('attempts', '+', 1) }))
      .where('id', 'in', ids)
      .where('sent_at', 'is', null)
      .where('failed_at', 'is', null)
      .where('due_at', '<=', now)
      .where(isFree(now))
      .returning(['id', 'channel', 'kind', 'sealed', 'created_at', 'due_at', 'attempts'])
      .execute(),
  );
  const claimed = rows.map((row) => ({ ...row, leased_by: holder }));
  // RETURNING promises no order, and a mailbox shows the order of sending.
  return { rows: claimed.sort((a, b) => a.due_at - b.due_at || (a.id < b.id ? -1 : 1)), more };
}

export function forAll<T>(of: (channel: Channel) => T): Record<Channel, T> {
  return { task: of('task'), mail: of('mail'), sms: of('sms') };
}

/** Delivered; given up; to be tried again. */
type Settlement =
  | { readonly sent_at: number }
  | { readonly failed_at: number; readonly last_error: string }
  | { readonly due_at: number; readonly last_error: string };

/**
 * Writes down what became of a try, if the parcel is still ours. What is done with keeps no address, word or link (A27).
 * False when the lease had ended and somebody else has taken the parcel over.
 */
export async function settleParcel(
  database: Database,
  row: Claimed,
  settlement: Settlement,
): Promise<boolean> {
  const done = 'due_at' in settlement ? {} : { sealed: '' };
  const result = await database.transaction((tx) =>
    tx
      .updateTable('outbox')
      .set({ ...settlement, ...done, leased_by: null, leased_until_at: null })
      .where('id', '=', row.id)
      .where('leased_by', '=', row.leased_by)
      .where('attempts', '=', row.attempts)
      .executeTakeFirst(),
  );
  return result.numUpdatedRows === 1n;
}
