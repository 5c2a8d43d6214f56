import type { Db } from '../database/open.ts';
import { pause } from '../kit/pause.ts';

/** Account ids above `after`, up to and including `upTo`. */
export interface Slice {
  readonly after: string;
  readonly upTo: string;
}

/** SQLite answers in this thread: what is asked of so many accounts takes milliseconds, and then others have their turn. */
const PER_SLICE = 2_000;
const LAST = '\u{10ffff}';

/**
 * All accounts, or the members of a group, a slice at a time in the order of their ids; together they leave nobody out.
 * Whoever counts a million with it holds nobody up. `after`: go on behind this id.
 */
export async function* accountSlices(
  db: Db,
  {
    groupId = null,
    after = '',
    size = PER_SLICE,
  }: { groupId?: string | null; after?: string; size?: number },
): AsyncGenerator<Slice, void, void> {
  for (let from = after; ; ) {
    const edge = await edgeAfter(db, groupId, from, size);
    yield { after: from, upTo: edge ?? LAST };
    if (edge === null) return;
    from = edge;
    await pause(0);
  }
}

/** The id that closes the slice; null where fewer are left than would fill one. */
async function edgeAfter(
  db: Db,
  groupId: string | null,
  after: string,
  size: number,
): Promise<string | null> {
  const row =
    groupId === null
      ? await db
          .selectFrom('account')
          .select('id')
          .where('id', '>', after)
          .orderBy('id')
          .limit(1)
          .offset(size - 1)
          .executeTakeFirst()
      : await db
          .selectFrom('group_member')
          .select('account_id as id')
          .where('group_id', '=', groupId)
          .where('account_id', '>', after)
          .orderBy('account_id')
          .limit(1)
          .offset(size - 1)
          .executeTakeFirst();
  return row?.id ?? null;
}
