import type { Db } from '../database/open.ts';
import { pause } from '../kit/pause.ts';
import { asPerson, type Person } from './person.ts';
import { matcher } from './search-rules.ts';
import { findPerson, listOpenInvitations, listPeopleAfter, type PersonRow } from './store.ts';

export const PER_PAGE = 50;
/** Read at once by a search. SQLite answers in this thread: meanwhile nobody else is served. */
const SLICE = 500;
/** Looked at by one request; the page then offers to go on. */
const MOST_SLICES = 100;

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
export async function findPeople(db: Db, { text, after }: PeopleQuery, now: number): Promise<FoundPeople> {
  const start = after === '' ? null : await findPerson(db, after);
  const { rows, next } = await (text === ''
    ? nextPage(db, start?.address_key ?? '')
    : search(db, start?.address_key ?? '', matcher(text)));
  const invited = rows.filter(({ invited }) => invited).map(({ id }) => id);
  const open = await listOpenInvitations(db, invited, now);
  return { people: rows.map((row) => asPerson(row, open)), next };
}

interface Found {
  readonly rows: readonly PersonRow[];
  readonly next: string | null;
}

async function nextPage(db: Db, after: string): Promise<Found> {
  return cut(await listPeopleAfter(db, after, PER_PAGE + 1));
}

/** One row more than a page was asked for, to know whether there is one. */
function cut(found: readonly PersonRow[]): Found {
  const rows = found.slice(0, PER_PAGE);
  return { rows, next: found.length > PER_PAGE ? (rows.at(-1)?.id ?? null) : null };
}

async function search(db: Db, after: string, matches: (row: PersonRow) => boolean): Promise<Found> {
  const found: PersonRow[] = [];
  let last: Pick<PersonRow, 'id' | 'address_key'> = { id: '', address_key: after };
  for (let slices = 0; slices < MOST_SLICES; slices++) {
    // Between two slices the others have their turn.
    if (slices > 0) await pause(0);
    const slice = await listPeopleAfter(db, last.address_key, SLICE);
    found.push(...slice.filter(matches));
    if (found.length > PER_PAGE || slice.length < SLICE) return cut(found);
    last = slice.at(-1)!;
  }
  return { rows: found, next: last.id };
}
