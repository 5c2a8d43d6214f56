import { sql } from 'kysely';
import type { Db, Tx } from '../database/open.ts';
import type { ImportFactorTable, ImportMemberTable, ImportRowTable } from '../database/tables/import.ts';
import { withoutLimit } from '../database/without-limit.ts';

export interface Batch {
  readonly rows: readonly ImportRowTable[];
  readonly factors: readonly ImportFactorTable[];
  readonly members: readonly ImportMemberTable[];
}

/** One person may belong to a hundred groups, and a statement takes some ten thousand values. */
const MEMBERS_AT_ONCE = 2_000;

export async function beginRun(tx: Tx, id: string, now: number): Promise<void> {
  await tx.insertInto('import_run').values({ id, touched_at: now }).execute();
}

/** False where the run is gone: somebody took it for one that a crash had left. */
export async function stage(tx: Tx, id: string, batch: Batch, now: number): Promise<boolean> {
  const run = tx.updateTable('import_run').set({ touched_at: now }).where('id', '=', id);
  if ((await run.executeTakeFirst()).numUpdatedRows !== 1n) return false;
  const { rows, factors, members } = batch;
  if (rows.length > 0)
    await tx
      .insertInto('import_row')
      .values([...rows])
      .execute();
  if (factors.length > 0)
    await tx
      .insertInto('import_factor')
      .values([...factors])
      .execute();
  for (let start = 0; start < members.length; start += MEMBERS_AT_ONCE)
    await tx
      .insertInto('import_member')
      .values(members.slice(start, start + MEMBERS_AT_ONCE))
      .execute();
  return true;
}

/** The staged rows whose address somebody here has by now; a page of them. */
export async function listConflicts(db: Db, id: string) {
  return db
    .selectFrom('import_row')
    .innerJoin('email_address', 'email_address.address_key', 'import_row.address_key')
    .select(['import_row.place', 'import_row.email'])
    .where('import_row.import_id', '=', id)
    .orderBy('import_row.position')
    .limit(1_000)
    .execute();
}

export async function countStaged(db: Db, id: string): Promise<number> {
  const query = db.selectFrom('import_row').where('import_id', '=', id);
  const { count } = await query
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
}

/**
 * Everything that was staged becomes real, in a handful of statements that don't leave the database: the caller's
 * transaction holds up every other writer of SQLite for as long as this takes. `detail` is the record's, as JSON.
 */
export async function takeIn(
  tx: Tx,
  id: string,
  { now, detail }: { now: number; detail: string },
): Promise<void> {
  await withoutLimit(tx);
  await sql`insert into account (id, pseudonym, email, name, password_hash, roles, locale, suspended_at, two_factor_at, created_at)
    select account_id, pseudonym, email, name, password_hash, roles, locale, suspended_at, two_factor_at, ${sql.lit(now)}
    from import_row where import_id = ${id} order by account_id`.execute(tx);
  await sql`insert into email_address (address_key, account_id, address, kind, proven_at, created_at)
    select address_key, account_id, email, 'primary', proven_at, ${sql.lit(now)}
    from import_row where import_id = ${id} order by address_key`.execute(tx);
  await sql`insert into factor (id, account_id, kind, label, sealed_data, counter, created_at)
    select id, account_id, kind, label, sealed_data, counter, ${sql.lit(now)}
    from import_factor where import_id = ${id} order by id`.execute(tx);
  await sql`insert into group_member (group_id, account_id, created_at)
    select people_group.id, import_member.account_id, ${sql.lit(now)}
    from import_member join people_group on people_group.name_key = import_member.group_key
    where import_member.import_id = ${id} order by people_group.id, import_member.account_id`.execute(tx);
  // As `audit/record.ts` writes them, one for each person.
  await sql`insert into audit_event (at, event, outcome, subject, actor, detail)
    select ${sql.lit(now)}, 'account.imported', 'success', pseudonym, 'operator', ${sql.lit(detail)}
    from import_row where import_id = ${id} order by position`.execute(tx);
}
