import { sql } from 'kysely';
import { pause } from '../kit/pause.ts';
import { systemRandom as random } from '../kit/random.ts';
import { ALL_TABLES } from './backup-tables.ts';
import { DatabaseBusy, type Held, insideOf, LOCK_PATIENCE_MS } from './held.ts';
import { isEmpty, lockSchema } from './migrate.ts';
import { openDatabase, type Tx } from './open.ts';
import { postgresSnapshot, quoted } from './snapshot.ts';
import { withoutLimit } from './without-limit.ts';

/**
 * Holds every table of ours from the first look to the one COMMIT, all or nothing. Servers wait meanwhile, and say 503 where
 * that takes longer than their time limit. @throws {DatabaseBusy}
 */
export async function holdPostgres(url: string, work: (held: Held) => Promise<void>): Promise<void> {
  const database = openDatabase(url);
  try {
    await database.db.transaction().execute(async (tx) => {
      // Whoever migrates waits for us, and finds the whole of it.
      await lockSchema.execute(tx);
      await withoutLimit(tx);
      // Whose they are is looked at first: another program's are left alone.
      if (!(await isEmpty({ ...database, db: tx }))) await lock(tx);
      await work(heldBy(tx));
    });
  } finally {
    await database.close();
  }
}

function heldBy(tx: Tx): Held {
  return {
    tx,
    database: insideOf(tx, 'postgres'),
    snapshot: () => postgresSnapshot(tx),
    dropTables: () => dropTables(tx),
  };
}

/**
 * Against readers too: a lock that lets them go on would have to be made stronger later, against whoever has read meanwhile
 * and waits for us. We step back and try again where a transaction of a server holds one table and waits for another.
 */
async function lock(tx: Tx): Promise<void> {
  const tables = await ourTables(tx);
  if (tables.length === 0) return;
  const patience = performance.now() + LOCK_PATIENCE_MS;
  await sql`set local lock_timeout = '2s'`.execute(tx);
  for (;;) {
    await sql`savepoint unlocked`.execute(tx);
    try {
      await sql.raw(`lock table ${tables.map(quoted).join(', ')} in access exclusive mode`).execute(tx);
      break;
    } catch (error) {
      // lock_not_available, deadlock_detected
      if (!['55P03', '40P01'].includes(String((error as { code?: unknown }).code))) throw error;
      if (performance.now() > patience) throw new DatabaseBusy();
      await sql`rollback to savepoint unlocked`.execute(tx);
      await pause(50 + random.bytes(1).readUInt8());
    }
  }
  await sql`set local lock_timeout = 0`.execute(tx);
}

async function ourTables(tx: Tx): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select tablename as name from pg_tables where schemaname = current_schema() order by tablename`.execute(
    tx,
  );
  const ours = new Set<string>(ALL_TABLES);
  return rows.map(({ name }) => name).filter((name) => ours.has(name));
}

/** Not what others have made of them: where a view of somebody else hangs on a table, PostgreSQL refuses, and so do we. */
async function dropTables(tx: Tx): Promise<void> {
  const tables = await ourTables(tx);
  const { rows } = await sql<{ called: string }>`
    select distinct tgfoid::regprocedure::text as called from pg_trigger
    join pg_class on pg_class.oid = tgrelid join pg_namespace on pg_namespace.oid = relnamespace
    where not tgisinternal and nspname = current_schema() and relname in (${sql.join(tables)})`.execute(tx);
  await sql.raw(`drop table ${tables.map(quoted).join(', ')}`).execute(tx);
  for (const { called } of rows) await sql.raw(`drop function ${called}`).execute(tx);
}
