import type { Db, Tx } from '../database/open.ts';
import type { Deps } from '../deps.ts';
import { MINUTE } from '../kit/clock.ts';
import { newId } from '../kit/random.ts';
import { rowOwner } from '../kit/seal.ts';
import type { Holder } from '../sessions/require.ts';

/** Ten minutes to scan, save and type; then it begins anew (R7). */
const DRAFT_LIFETIME = 10 * MINUTE;

/** What is shown but not yet in force: a secret to scan, recovery codes to save. */
export interface Draft {
  readonly id: string;
  readonly kind: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly replacesId: string | null;
  readonly expiresAt: number;
}

export interface DraftOwner {
  readonly accountId: string;
  /** The session or enrolment pass that began it; nobody else may finish it (R7). */
  readonly holderId: string;
}

export function holderId(holder: Holder): string {
  return holder.kind === 'session' ? holder.session.id : holder.pass.id;
}

export function draftOwner(holder: Holder): DraftOwner {
  return { accountId: holder.account.id, holderId: holderId(holder) };
}

/** The recovery codes in a draft that was made with some: of a first factor, or a new set. */
export function codesOf({ data }: Draft): readonly string[] {
  return data['codes'] as readonly string[];
}

/**
 * The draft of this kind in this session: the same across reloads for ten minutes, then a new one from `make`.
 * `replacesId` belongs to the key: replacing an app and adding one are two drafts.
 */
export async function draftFor(
  deps: Deps,
  owner: DraftOwner,
  kind: string,
  replacesId: string | null,
  make: () => Readonly<Record<string, unknown>>,
): Promise<Draft> {
  const name = draftKind(kind, replacesId);
  const found = await findDraft(deps, owner, kind, replacesId);
  if (found) return found;
  const now = deps.clock.now();
  const id = newId(deps.random);
  const sealed = deps.seal.seal('enrolment', rowOwner(owner.accountId, id), JSON.stringify(make()));
  await deps.database.transaction(async (tx) => {
    await tx
      .deleteFrom('factor_draft')
      .where('holder_id', '=', owner.holderId)
      .where('expires_at', '<=', now)
      .execute();
    await tx
      .insertInto('factor_draft')
      .values({
        id,
        account_id: owner.accountId,
        holder_id: owner.holderId,
        kind: name,
        sealed_data: sealed,
        replaces_id: replacesId,
        created_at: now,
        expires_at: now + DRAFT_LIFETIME,
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  });
  // Two tabs may have come at once: both show what the first one stored.
  const draft = await findDraft(deps, owner, kind, replacesId);
  if (!draft) throw new Error('a draft that was just stored is gone');
  return draft;
}

export async function findDraft(
  { database, seal, clock }: Deps,
  owner: DraftOwner,
  kind: string,
  replacesId: string | null,
): Promise<Draft | null> {
  const row = await database.db
    .selectFrom('factor_draft')
    .selectAll()
    .where('holder_id', '=', owner.holderId)
    .where('account_id', '=', owner.accountId)
    .where('kind', '=', draftKind(kind, replacesId))
    .where('expires_at', '>', clock.now())
    .executeTakeFirst();
  if (!row) return null;
  const data = JSON.parse(
    seal.open('enrolment', rowOwner(row.account_id, row.id), row.sealed_data),
  ) as Draft['data'];
  return { id: row.id, kind, data, replacesId: row.replaces_id, expiresAt: row.expires_at };
}

/** Takes the draft out for good: one caller wins. */
export async function claimDraft(tx: Tx, id: string, now: number): Promise<boolean> {
  const result = await tx
    .deleteFrom('factor_draft')
    .where('id', '=', id)
    .where('expires_at', '>', now)
    .executeTakeFirst();
  return result.numDeletedRows === 1n;
}

/**
 * Like `claimDraft`, for what a second press may ask about: that it is in force stays known as long as it would have
 * been shown, its secrets don't. What it takes the place of, in whichever browser, is in force no longer.
 */
export async function useUpDraft(
  tx: Tx,
  { seal, clock }: Deps,
  owner: DraftOwner,
  { id, kind }: Draft,
): Promise<boolean> {
  const used = usedKind(kind);
  const theirs = tx.deleteFrom('factor_draft').where('account_id', '=', owner.accountId);
  await theirs.where('kind', '=', used).where('id', '!=', id).execute();
  const result = await tx
    .updateTable('factor_draft')
    .set({ kind: used, sealed_data: seal.seal('enrolment', rowOwner(owner.accountId, id), '{}') })
    .where('id', '=', id)
    .where('kind', '=', kind)
    .where('expires_at', '>', clock.now())
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/**
 * Whether the last one that this session was shown is in force: then a second press has nothing to do. `shownId`: the one
 * of the page whose button was pressed; undefined where that was not said.
 */
export async function isUsedUp(
  db: Db,
  { clock }: Deps,
  owner: DraftOwner,
  kind: string,
  shownId: string | undefined,
): Promise<boolean> {
  const rows = await db
    .selectFrom('factor_draft')
    .select(['id', 'kind'])
    .where('holder_id', '=', owner.holderId)
    .where('account_id', '=', owner.accountId)
    .where('kind', 'in', [kind, usedKind(kind)])
    .where('expires_at', '>', clock.now())
    .execute();
  const [last] = rows;
  return rows.length === 1 && last?.kind === usedKind(kind) && (shownId ?? last.id) === last.id;
}

const usedKind = (kind: string) => `${kind}/used`;

/** Readable by nobody but `draftFor`: only its uniqueness per holder matters. */
function draftKind(kind: string, replacesId: string | null): string {
  return replacesId === null ? kind : `${kind}/${replacesId}`;
}
