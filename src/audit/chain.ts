import { sql } from 'kysely';
import type { Db, Tx } from '../database/open.ts';
import { isPostgres, prepared } from '../database/prepared.ts';
import type { AuditLinkTable } from '../database/tables/audit.ts';
import type { Deps } from '../deps.ts';
import { MINUTE } from '../kit/clock.ts';
import { newId } from '../kit/random.ts';
import { type Head, linkHash, START, writeHead } from './link-hash.ts';
import { type AuditRow, EVENT_COLUMNS } from './store.ts';

export type ChainDeps = Pick<Deps, 'database' | 'clock' | 'random' | 'seal'>;

const LEASE = 'audit-chain';
/** Sealing shares the event loop with sign-ins: a batch takes about 5 ms. */
const BATCH = 250;

/**
 * On PostgreSQL a row gets its number before it commits, so a smaller one can appear after a larger one was sealed; it
 * takes the next position. Further back, or older by its own date, nothing honest can appear: that is left for
 * `audit verify` to find.
 */
const LATE_BY = 20_000;
const LATE_FOR = 10 * MINUTE;

/**
 * Links every event that has no link yet, oldest first (R73). One process at a time: the row of the lease stays locked
 * until the links are committed, and a crash gives it back by itself. -> how many were linked.
 */
export async function sealAuditChain(
  deps: ChainDeps,
  holder = newId(deps.random),
  lookBack = true,
): Promise<number> {
  const { database } = deps;
  // Commits are in the order of numbers on SQLite.
  const late = lookBack && database.engine === 'postgres';
  let sealed = 0;
  while (await anythingToSeal(database.db, late)) {
    const batch = await database.transaction((tx) => sealBatch(tx, deps, holder, late));
    sealed += batch;
    // What we saw, another process has sealed; there may be more behind it, which that one seals too.
    if (batch === 0) break;
  }
  return sealed;
}

async function sealBatch(tx: Tx, { clock, seal }: ChainDeps, holder: string, late: boolean): Promise<number> {
  await holdChain(tx, holder, clock.now());
  const last = await tx
    .selectFrom('audit_link')
    .select(['position', 'hash'])
    .orderBy('position', 'desc')
    .limit(1)
    .executeTakeFirst();
  const events = await listUnsealed(tx, late);
  const keyId = seal.activeKey;
  let position = last?.position ?? 0;
  let hash = last?.hash ?? START;
  const links = events.map((event) => {
    position += 1;
    hash = linkHash(seal, hash, event, keyId);
    return { position, event_seq: event.seq, key_id: keyId, hash };
  });
  if (links.length === 0) return 0;
  await insertLinks(tx, links);
  await writeHead(tx, seal, { position, hash, keyId } satisfies Head);
  return links.length;
}

const insertLink = prepared<AuditLinkTable>()((db, { position, event_seq, key_id, hash }) =>
  db.insertInto('audit_link').values({ position, event_seq, key_id, hash }),
);

/** One statement where each would be a journey; on SQLite a statement for each number of rows would only fill its cache. */
async function insertLinks(tx: Tx, links: AuditLinkTable[]): Promise<void> {
  if (isPostgres(tx)) await tx.insertInto('audit_link').values(links).execute();
  else for (const link of links) await insertLink.count(tx, link);
}

/**
 * The row's lock, which on PostgreSQL is what another process waits for until this transaction ends; SQLite's writer is
 * alone anyway. Also for whoever writes more records at once than may come late, or removes some.
 */
export async function holdChain(tx: Tx, holder: string, now: number): Promise<void> {
  await tx
    .insertInto('lease')
    .values({ name: LEASE, holder, until_at: now })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ holder, until_at: now }))
    .execute();
}

const lastSealed = sql<number>`(select coalesce(max(event_seq), 0) from audit_link)`;

const isLate = sql<boolean>`seq > ${lastSealed} - ${LATE_BY} and seq < ${lastSealed}
  and at >= (select coalesce(max(at), 0) from audit_event where seq = ${lastSealed}) - ${LATE_FOR}
  and not exists (select 1 from audit_link where event_seq = audit_event.seq)`;

async function listUnsealed(tx: Tx, late: boolean): Promise<AuditRow[]> {
  const query = tx.selectFrom('audit_event').select(EVENT_COLUMNS).orderBy('seq').limit(BATCH);
  const before = late ? await query.where(isLate).execute() : [];
  const after = await query.where(sql<boolean>`seq > ${lastSealed}`).execute();
  return [...before, ...after].slice(0, BATCH);
}

/** Reads only: an idle server writes nothing. */
async function anythingToSeal(db: Db, late: boolean): Promise<boolean> {
  const query = db.selectFrom('audit_event').select('seq').limit(1);
  const after = await query.where(sql<boolean>`seq > ${lastSealed}`).executeTakeFirst();
  if (after || !late) return after !== undefined;
  return (await query.where(isLate).executeTakeFirst()) !== undefined;
}

export interface AuditSealer {
  /** Seals within a second of each event. */
  start(): void;
  /** Seals what is left. */
  stop(): Promise<void>;
}

const EVERY_MS = 500;
/** Looks for late rows only while there was something to be late for. */
const ROUNDS_AFTER_LAST = 120;

/** The timer around the sealer. Every process may run one. */
export function createAuditSealer(deps: ChainDeps & Pick<Deps, 'log'>): AuditSealer {
  const holder = newId(deps.random);
  let timer: NodeJS.Timeout | undefined;
  let running = false;
  let away = false;
  let quiet = 0;
  let round: Promise<void> = Promise.resolve();

  async function sealOnce(): Promise<void> {
    try {
      const sealed = await sealAuditChain(deps, holder, quiet < ROUNDS_AFTER_LAST);
      quiet = sealed > 0 ? 0 : quiet + 1;
      away = false;
    } catch (error) {
      if (!away) deps.log.error({ err: error }, 'the audit chain could not be continued');
      away = true;
    }
  }

  function schedule(): void {
    timer = setTimeout(() => {
      round = sealOnce().then(() => {
        if (running) schedule();
      });
    }, EVERY_MS).unref();
  }

  return {
    start() {
      if (running) return;
      running = true;
      schedule();
    },
    async stop() {
      if (!running) return;
      running = false;
      clearTimeout(timer);
      await round;
      await sealOnce();
    },
  };
}
