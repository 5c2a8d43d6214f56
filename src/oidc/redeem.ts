import { findAccount } from '../accounts/store.ts';
import { record } from '../audit/record.ts';
import { revokeGrant } from '../clients/grant-store.ts';
import { consumeToken, type FoundToken, findToken } from '../clients/token-store.ts';
import type { Tx } from '../database/open.ts';
import type { Deps } from '../deps.ts';
import type { Exchange } from './exchange.ts';

/** Somebody has redeemed it before. */
export class UsedAlready extends Error {
  readonly hash: string;
  constructor(hash: string) {
    super('used already');
    this.name = 'UsedAlready';
    this.hash = hash;
  }
}

/** One winner, over all instances (R63). @throws {UsedAlready} */
export async function consume(tx: Tx, hash: string, now: number): Promise<void> {
  if (!(await consumeToken(tx, hash, now))) throw new UsedAlready(hash);
}

/** Whoever comes after the winner ends what was given to it. */
export async function endReused(deps: Deps, { hash }: UsedAlready, exchange: Exchange | null): Promise<void> {
  const found = await findToken(deps.database.db, hash);
  if (found?.grant_id && !isRace(found, exchange)) await endGrant(deps, found.grant_id, exchange);
}

/**
 * This request was under way already when another one won: two tabs that refresh at once, or a repeated packet. It gets
 * nothing, and ends nothing; who comes after the winner has been answered is somebody who should not have it.
 */
export function isRace({ consumed_at }: Pick<FoundToken, 'consumed_at'>, exchange: Exchange | null): boolean {
  return exchange !== null && consumed_at !== null && exchange.visit.now <= consumed_at;
}

/**
 * With every token that rests on it. Of one that ends at the token endpoint, because something of it was used twice, a
 * record is kept.
 */
export async function endGrant(
  { database }: Deps,
  grantId: string,
  exchange: Exchange | null,
): Promise<void> {
  await database.transaction(async (tx) => {
    const revoked = await revokeGrant(tx, grantId);
    if (!revoked || !exchange?.writes) return;
    await record(tx, exchange.visit, {
      event: 'app.token_reused',
      outcome: 'failure',
      subject: await findAccount(tx, revoked.account_id),
      actor: revoked.client_id,
      detail: { client: revoked.client_id },
    });
  });
}
