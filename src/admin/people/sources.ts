import { listByWord, type WordPlace, wordsOf } from '../../accounts/search-words.ts';
import type { Db } from '../../database/open.ts';
import { listMemberIds } from '../../groups/store.ts';
import {
  findAddressKey,
  findPerson,
  listByAddress,
  listByIds,
  listInState,
  type PersonRow,
  type State,
} from './store.ts';

/** One person of a list, and the mark by which the list goes on after them. */
export interface Entry {
  readonly row: PersonRow;
  readonly mark: string;
}

export interface Slice {
  readonly entries: readonly Entry[];
  /** To go on after what was looked at; null: nothing is left. */
  readonly next: string | null;
}

/**
 * People in one order, read from an index a slice at a time. A mark that names nobody (any more) begins at the start. A
 * mark holds an id and never an address: it stands in addresses of pages, and those in logs.
 */
export type Source = (after: string, count: number) => Promise<Slice>;

/** By address. `prefix`: those whose address begins so, empty: all. */
export function byAddress(db: Db, prefix = ''): Source {
  return async (mark, count) => {
    const after = mark === '' ? '' : ((await findAddressKey(db, mark)) ?? '');
    const rows = await listByAddress(db, { prefix, after, count });
    return asSlice(rows, count);
  };
}

/** By address as it is shown. */
export function inState(db: Db, state: State): Source {
  return async (mark, count) => {
    const after = mark === '' ? '' : ((await findPerson(db, mark))?.email ?? '');
    return asSlice(await listInState(db, state, { after, count }), count);
  };
}

/** People of whose words one begins so, by that word. */
export function byWord(db: Db, prefix: string): Source {
  return async (mark, count) => {
    const places = await listByWord(db, prefix, readPlace(mark), count);
    const rows = await listByIds(
      db,
      places.map(({ accountId }) => accountId),
    );
    const known = new Map(rows.map((row) => [row.id, row]));
    const entries = places.flatMap((place) => {
      const row = known.get(place.accountId);
      // Whoever has two such words stands at the first of them.
      return row && place.word === firstWord(row, prefix) ? [{ row, mark: writePlace(place) }] : [];
    });
    const last = places.at(-1);
    return { entries, next: last && places.length === count ? writePlace(last) : null };
  };
}

function firstWord(row: PersonRow, prefix: string): string | undefined {
  // The order of the index is that of bytes, and of these only the words of one person are compared.
  return wordsOf(row)
    .filter((word) => word.startsWith(prefix))
    .sort((left, right) => Buffer.compare(Buffer.from(left), Buffer.from(right)))[0];
}

/** Nothing in an id is a dot. */
const writePlace = ({ word, accountId }: WordPlace): string => `${accountId}.${word}`;

function readPlace(mark: string): WordPlace | null {
  const [accountId = '', word = ''] = mark.split(/\.(.*)/su);
  return accountId === '' || word === '' ? null : { accountId, word };
}

/** So many can be put into the order of their addresses at each look; more are listed in the order of the index. */
const FEW = 2_000;

/** The people of one group: by address where they are few. */
export function inGroup(db: Db, groupId: string): Source {
  return async (mark, count) => {
    const ids = await listMemberIds(db, groupId, { after: '', count: FEW + 1 });
    if (ids.length > FEW) return ofMany(mark, count);
    const rows = (await listByIds(db, ids)).sort((left, right) => (left.email < right.email ? -1 : 1));
    const from = rows.findIndex(({ id }) => id === mark) + 1;
    return asSlice(rows.slice(from, from + count), count);
  };

  async function ofMany(after: string, count: number): Promise<Slice> {
    const ids = await listMemberIds(db, groupId, { after, count });
    const rows = new Map((await listByIds(db, ids)).map((row) => [row.id, row]));
    return asSlice(
      ids.flatMap((id) => rows.get(id) ?? []),
      count,
    );
  }
}

function asSlice(rows: readonly PersonRow[], count: number): Slice {
  const entries = rows.map((row) => ({ row, mark: row.id }));
  return { entries, next: rows.length === count ? (rows.at(-1)?.id ?? null) : null };
}
