import type { Link } from '../accounts/link.ts';
import type { Tx } from '../database/open.ts';

export type UndoPurpose = 'undo-email' | 'undo-replace' | 'undo-delete';

/** The undo links that were made with this one or after it, oldest first, used ones too. */
export function undoLinksSince(tx: Tx, link: Link): Promise<Link[]> {
  return tx
    .selectFrom('link')
    .selectAll()
    .where('account_id', '=', link.account_id)
    .where('purpose', '=', link.purpose)
    .where('created_at', '>=', link.created_at)
    .orderBy('created_at')
    .execute();
}

/**
 * What an undone change led to is undone with it, so its own undo links die. Older ones live on: a thief who changed
 * something twice must not void the owner's link by using the second one.
 */
export async function voidUndoLinksSince(tx: Tx, link: Link): Promise<void> {
  await tx
    .deleteFrom('link')
    .where('account_id', '=', link.account_id)
    .where('purpose', '=', link.purpose)
    .where('created_at', '>=', link.created_at)
    .execute();
}
