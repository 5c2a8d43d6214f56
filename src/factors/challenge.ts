import type { Tx } from '../database/open.ts';
import { prepared } from '../database/prepared.ts';
import type { FactorChallengeTable } from '../database/tables/factor.ts';
import type { Deps } from '../deps.ts';
import { newId } from '../kit/random.ts';
import { rowOwner } from '../kit/seal.ts';

/** Whose answer counts: this account's, for this purpose, in this pending sign-in, session or enrolment (R14, R17). */
export interface ChallengeOwner {
  readonly accountId: string;
  readonly holderId: string;
  readonly purpose: FactorChallengeTable['purpose'];
}

/** What a factor asked and awaits the answer to. `data` is its own affair; it lies sealed. */
export interface Challenge {
  readonly id: string;
  readonly data: Readonly<Record<string, string>>;
  readonly createdAt: number;
  readonly expiresAt: number;
}

/** Asks anew: what was asked before in this place, by this kind of factor, is void. `lifetime` in milliseconds. */
export async function putChallenge(
  tx: Tx,
  { clock, random, seal }: Pick<Deps, 'clock' | 'random' | 'seal'>,
  owner: ChallengeOwner,
  kind: string,
  data: Challenge['data'],
  lifetime: number,
): Promise<Challenge> {
  const now = clock.now();
  const id = newId(random);
  const row = {
    id,
    account_id: owner.accountId,
    purpose: owner.purpose,
    sealed_data: seal.seal('challenge', rowOwner(owner.accountId, id), JSON.stringify(data)),
    attempts: 0,
    created_at: now,
    expires_at: now + lifetime,
  };
  await tx
    .insertInto('factor_challenge')
    .values({ ...row, holder_id: owner.holderId, kind })
    .onConflict((conflict) => conflict.columns(['holder_id', 'kind']).doUpdateSet(row))
    .execute();
  return { id, data, createdAt: now, expiresAt: row.expires_at };
}

const find = prepared<ChallengeOwner & { kind: string; now: number }>()((db, asked) =>
  db
    .selectFrom('factor_challenge')
    .selectAll()
    .where('holder_id', '=', asked.holderId)
    .where('kind', '=', asked.kind)
    .where('account_id', '=', asked.accountId)
    .where('purpose', '=', asked.purpose)
    .where('expires_at', '>', asked.now),
);

/** What this owner was asked and can still answer. */
export async function findChallenge(
  { database, clock, seal }: Pick<Deps, 'database' | 'clock' | 'seal'>,
  owner: ChallengeOwner,
  kind: string,
): Promise<Challenge | null> {
  const [row] = await find(database.db, { ...owner, kind, now: clock.now() });
  if (!row) return null;
  const data = JSON.parse(
    seal.open('challenge', rowOwner(row.account_id, row.id), row.sealed_data),
  ) as Challenge['data'];
  return { id: row.id, data, createdAt: row.created_at, expiresAt: row.expires_at };
}

const attempt = prepared<{ id: string; most: number }>()((db, { id, most }) =>
  db
    .updateTable('factor_challenge')
    .set((eb) => ({ attempts: eb('attempts', '+', 1) }))
    .where('id', '=', id)
    .where('attempts', '<', most),
);

/** Takes one of `most` tries, to be committed before the answer is looked at. False when none is left. */
export async function spendChallengeTry(tx: Tx, id: string, most: number): Promise<boolean> {
  return (await attempt.count(tx, { id, most })) === 1;
}

const take = prepared<{ id: string; now: number }>()((db, { id, now }) =>
  db.deleteFrom('factor_challenge').where('id', '=', id).where('expires_at', '>', now),
);

/** Spends it: of all that answer at once, one caller wins. */
export async function takeChallenge(tx: Tx, id: string, now: number): Promise<boolean> {
  return (await take.count(tx, { id, now })) === 1;
}
