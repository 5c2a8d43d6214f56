import { readAddress } from '../accounts/address.ts';
import { findAccountByAddress } from '../accounts/store.ts';
import type { Db } from '../database/open.ts';
import { pause } from '../kit/pause.ts';
import { asPerson, type Person } from './person.ts';
import { matcher } from './search-rules.ts';
import { findPerson, listOpenInvitations, listPeopleAfter, type PersonRow } from './store.ts';

const PER_PAGE = 50;

/** How far one request of a search looks; the page then offers to go on. */
export interface Reach {
  /** Read at once. SQLite answers in this thread: meanwhile nobody else is served. */
  readonly slice: number;
  readonly slices: number;
}

const REACH: Reach = { slice: 200, slices: 250 };

export interface PeopleQuery {
  /** Words to look for; empty: everybody. */
  readonly text: string;
  /** Go on after the account with this id; one that there is not begins at the start. */
  readonly after: string;
}

export interface FoundPeople {
  readonly people: readonly Person[];
  /** To go on after; null: there are no more. */
  readonly next: string | null;
}

/** One page, in the order of addresses. With words to look for it may be short, even empty, and still not the last. */
export async function findPeople(
  db: Db,
  { text, after }: PeopleQuery,
  now: number,
  reach = REACH,
): Promise<FoundPeople> {
  const start = (after === '' ? null : await findPerson(db, after))?.address_key ?? '';
  const { rows, next } =
    text === ''
      ? await nextPage(db, start)
      : ((await byWholeAddress(db, text)) ?? (await search(db, start, matcher(text), reach)));
  const invited = rows.filter(({ invited }) => invited).map(({ id }) => id);
  const open = await listOpenInvitations(db, invited, now);
  return { people: rows.map((row) => asPerson(row, open)), next };
}

interface Found {
  readonly rows: readonly PersonRow[];
  readonly next: string | null;
}

/** At once, however many people there are. */
async function byWholeAddress(db: Db, text: string): Promise<Found | null> {
  const address = readAddress(text);
  const account = address && (await findAccountByAddress(db, address.key));
  const row = account && (await findPerson(db, account.id));
  return row ? { rows: [row], next: null } : null;
}

async function nextPage(db: Db, after: string): Promise<Found> {
  return cut(await listPeopleAfter(db, after, PER_PAGE + 1));
}

/** One row more than a page was asked for, to know whether there is one. */
function cut(found: readonly PersonRow[]): Found {
  const rows = found.slice(0, PER_PAGE);
  return { rows, next: found.length > PER_PAGE ? (rows.at(-1)?.id ?? null) : null };
}

async function search(
  db: Db,
  after: string,
  matches: (row: PersonRow) => boolean,
  { slice, slices }: Reach,
): Promise<Found> {
  const found: PersonRow[] = [];
  let last: Pick<PersonRow, 'id' | 'address_key'> = { id: '', address_key: after };
  for (let read = 0; read < slices; read++) {
    // Between two slices the others have their turn.
    if (read > 0) await pause(0);
    const rows = await listPeopleAfter(db, last.address_key, slice);
    found.push(...rows.filter(matches));
    if (found.length > PER_PAGE || rows.length < slice) return cut(found);
    last = rows.at(-1)!;
  }
  return { rows: found, next: last.id };
}
