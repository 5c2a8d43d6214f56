import type { Db, Tx } from '../database/open.ts';
import type { Deps } from '../deps.ts';
import { tokenHash } from '../kit/encoding.ts';

/** What of an authorization request is remembered while its person signs in, steps up or decides. */
export interface InteractionPayload {
  readonly params: Readonly<Record<string, string | undefined>>;
  readonly result?: unknown;
  /** The account that its person named, where they were asked which. */
  readonly chosen?: string;
  readonly [name: string]: unknown;
}

/** Of all that are open; each may hold some kilobytes, and anybody may begin one. */
export const MOST_OPEN = 100_000;
/** So many are begun between two looks at how many there are. */
export const LOOK_EVERY = 200;

export interface FoundInteraction {
  readonly uid: string;
  readonly clientId: string;
  readonly sessionHash: string;
  readonly payload: InteractionPayload;
  readonly createdAt: number;
  readonly expiresAt: number;
}

type Sealing = Pick<Deps, 'seal'>;

export async function insertInteraction(
  tx: Tx,
  { seal }: Sealing,
  { uid, clientId, sessionHash, payload, createdAt, expiresAt }: FoundInteraction,
): Promise<void> {
  const hash = tokenHash(uid);
  await tx
    .insertInto('oidc_interaction')
    .values({
      hash,
      client_id: clientId,
      session_hash: sessionHash,
      sealed: seal.seal('oidc', hash, JSON.stringify(payload)),
      created_at: createdAt,
      expires_at: expiresAt,
    })
    .execute();
}

/** Whoever floods us pushes out what is oldest, and not everybody's disk. */
export async function dropOldest(tx: Tx, most: number): Promise<void> {
  const [first] = await tx
    .selectFrom('oidc_interaction')
    .select('expires_at')
    .orderBy('expires_at', 'desc')
    .offset(most)
    .limit(1)
    .execute();
  if (first) await tx.deleteFrom('oidc_interaction').where('expires_at', '<=', first.expires_at).execute();
}

/** False when it has been answered meanwhile. */
export async function updateInteraction(
  tx: Tx,
  { seal }: Sealing,
  uid: string,
  payload: InteractionPayload,
): Promise<boolean> {
  const hash = tokenHash(uid);
  const result = await tx
    .updateTable('oidc_interaction')
    .set({ sealed: seal.seal('oidc', hash, JSON.stringify(payload)) })
    .where('hash', '=', hash)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

export async function findInteraction(
  db: Db,
  { seal }: Sealing,
  uid: string,
  now: number,
): Promise<FoundInteraction | null> {
  const hash = tokenHash(uid);
  const row = await db
    .selectFrom('oidc_interaction')
    .selectAll()
    .where('hash', '=', hash)
    .where('expires_at', '>', now)
    .executeTakeFirst();
  if (!row) return null;
  return {
    uid,
    clientId: row.client_id,
    sessionHash: row.session_hash,
    payload: JSON.parse(seal.open('oidc', hash, row.sealed)) as InteractionPayload,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  };
}

/** One winner: a request is answered once (R63). */
export async function takeInteraction(tx: Tx, uid: string): Promise<boolean> {
  const result = await tx
    .deleteFrom('oidc_interaction')
    .where('hash', '=', tokenHash(uid))
    .executeTakeFirst();
  return result.numDeletedRows === 1n;
}
