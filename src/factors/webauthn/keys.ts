import { sql } from 'kysely';
import type { Db, Tx } from '../../database/open.ts';
import { prepared } from '../../database/prepared.ts';
import type { Deps } from '../../deps.ts';
import { rowOwner } from '../../kit/seal.ts';
import type { FactorRow } from '../factor.ts';
import { type KeyData, rpIdOf } from './rules.ts';

/** A factor of this kind, with what lies sealed in it. */
export interface Key {
  readonly factor: FactorRow;
  readonly data: KeyData;
}

export function sealKey(
  { seal }: Pick<Deps, 'seal'>,
  accountId: string,
  factorId: string,
  data: KeyData,
): string {
  return seal.seal('webauthn', rowOwner(accountId, factorId), JSON.stringify(data));
}

export function openKey({ seal }: Pick<Deps, 'seal'>, factor: FactorRow): Key {
  const text = seal.open('webauthn', rowOwner(factor.account_id, factor.id), factor.sealed_data ?? '');
  return { factor, data: JSON.parse(text) as KeyData };
}

/** Every key of an account, suspended or bound to another name too. */
export function keysAmong(factors: readonly FactorRow[]): FactorRow[] {
  return factors.filter(({ kind }) => kind === 'webauthn');
}

/** Those that can answer here and now: not suspended, and bound to the name under which we are reached today. */
export function usableKeys(deps: Pick<Deps, 'seal' | 'config'>, factors: readonly FactorRow[]): Key[] {
  const rpId = rpIdOf(deps.config.baseUrl);
  return keysAmong(factors)
    .filter(({ suspended_at }) => suspended_at === null)
    .map((factor) => openKey(deps, factor))
    .filter(({ data }) => data.rpId === rpId);
}

const byCredential = prepared<{ id: string }>()((db, { id }) =>
  db.selectFrom('factor').selectAll().where('external_id', '=', id).where('kind', '=', 'webauthn'),
);

/** Whosever it is: an id belongs to one account at most (R21). */
export async function findByCredential(db: Db, credentialId: string): Promise<FactorRow | null> {
  const [row] = await byCredential(db, { id: credentialId });
  return row ?? null;
}

/**
 * True while a replaced key may still come back by its undo. Its id stays taken until then: whoever saw it could put it
 * on a key of their own, and the owner's undo would have no place to go to (R21).
 */
export async function isAwaited(db: Db, credentialId: string, now: number): Promise<boolean> {
  const rows = await undoLinks(db, now).where('data', 'like', `%"external_id":"${credentialId}"%`).execute();
  // `_` in an id is any letter to LIKE.
  return rows.some(({ data }) => JSON.parse(data)['external_id'] === credentialId);
}

/** The ids of all of an account's keys that may still come back so. */
export async function awaitedIds(db: Db, accountId: string, now: number): Promise<string[]> {
  const rows = await undoLinksOf(db, { accountId, now });
  return rows.flatMap(({ data }) => {
    const { kind, external_id } = JSON.parse(data) as Record<string, string>;
    return kind === 'webauthn' && external_id ? [external_id] : [];
  });
}

// With every look at the Security page.
const undoLinksOf = prepared<{ accountId: string; now: number }>()((db, { accountId, now }) =>
  undoLinks(db, now).where('account_id', '=', accountId),
);

function undoLinks(db: Pick<Db, 'selectFrom'>, now: number) {
  return (
    db
      .selectFrom('link')
      .select('data')
      // Written as the index is, so that it is used.
      .where(sql<boolean>`purpose = 'undo-replace'`)
      .where('used_at', 'is', null)
      .where('expires_at', '>', now)
  );
}

const touch = prepared<{ id: string; now: number }>()((db, { id, now }) =>
  db
    .updateTable('factor')
    .set({ last_used_at: now })
    .where('id', '=', id)
    .where('counter', '=', 0)
    .where('suspended_at', 'is', null),
);

/** For a key that doesn't count. False when it was removed or suspended, or has begun to count, in the meantime. */
export async function touchKey(tx: Tx, id: string, now: number): Promise<boolean> {
  return (await touch.count(tx, { id, now })) === 1;
}

export async function rewriteKey(tx: Tx, id: string, sealed: string): Promise<void> {
  await tx.updateTable('factor').set({ sealed_data: sealed }).where('id', '=', id).execute();
}

/** False when it was suspended or removed already. */
export async function markSuspended(tx: Tx, id: string, now: number): Promise<boolean> {
  const result = await tx
    .updateTable('factor')
    .set({ suspended_at: now, preferred: 0 })
    .where('id', '=', id)
    .where('suspended_at', 'is', null)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}
