import { readAddress } from '../../accounts/address.ts';
import { findAccountByAddress } from '../../accounts/store.ts';
import type { Db } from '../../database/open.ts';
import { membersAmong } from '../../groups/store.ts';
import { pause } from '../../kit/pause.ts';
import { asPerson, type Person } from './person.ts';
import { readWanted, type Wanted } from './search-rules.ts';
import { byAddress, byWord, type Entry, inGroup, inState, type Source } from './sources.ts';
import { findPerson, isInState, listOpenInvitations, type State } from './store.ts';

const PER_PAGE = 50;

/** How far one request of a search looks; the page then offers to go on. */
export interface Reach {
  /** Read at once. SQLite answers in this thread: meanwhile nobody else is served. */
  readonly slice: number;
  readonly slices: number;
}

const REACH: Reach = { slice: 200, slices: 250 };

/** Of whom only: those in a state, or of one group. Null: everybody. */
export type Show = { readonly state: State } | { readonly group: string } | null;

export interface PeopleQuery {
  /** Words to look for; empty: everybody. */
  readonly text: string;
  readonly show?: Show;
  /** What `next` said; empty, and what there is not: from the beginning. */
  readonly after: string;
}

export interface FoundPeople {
  readonly people: readonly Person[];
  /** To go on after; null: there are no more. */
  readonly next: string | null;
}

/** One page. With words to look for it may be short, even empty, and still not the last. */
export async function findPeople(
  db: Db,
  { text, show = null, after }: PeopleQuery,
  now: number,
  reach = REACH,
): Promise<FoundPeople> {
  const wanted = readWanted(text);
  const found = (await byWholeAddress(db, text, show)) ?? (await search(db, wanted, show, after, reach));
  const rows = found.entries.map(({ row }) => row);
  const invited = rows.filter((row) => row.invited).map(({ id }) => id);
  const open = await listOpenInvitations(db, invited, now);
  return { people: rows.map((row) => asPerson(row, open)), next: found.next };
}

interface Found {
  readonly entries: readonly Entry[];
  readonly next: string | null;
}

/** At once, however many people there are. */
async function byWholeAddress(db: Db, text: string, show: Show): Promise<Found | null> {
  const address = show === null ? readAddress(text) : null;
  const account = address && (await findAccountByAddress(db, address.key));
  const row = account && (await findPerson(db, account.id));
  return row ? { entries: [{ row, mark: row.id }], next: null } : null;
}

async function search(
  db: Db,
  wanted: Wanted | null,
  show: Show,
  after: string,
  { slice, slices }: Reach,
): Promise<Found> {
  const source = sourceOf(db, wanted, show);
  const sieve = sieveOf(db, wanted, show);
  const size = sieve === null ? PER_PAGE + 1 : slice;
  const found: Entry[] = [];
  let mark = after;
  for (let read = 0; read < slices; read++) {
    // Between two slices the others have their turn.
    if (read > 0) await pause(0);
    const { entries, next } = await source(mark, size);
    found.push(...(sieve === null ? entries : await sieve(entries)));
    // One more than a page was asked for, to know whether there is one.
    if (found.length > PER_PAGE) {
      const page = found.slice(0, PER_PAGE);
      return { entries: page, next: page.at(-1)?.mark ?? null };
    }
    if (next === null) return { entries: after === '' ? inOrder(found) : found, next: null };
    mark = next;
  }
  return { entries: found, next: mark };
}

/** All there are, by address, whatever they were found by. */
function inOrder(entries: readonly Entry[]): Entry[] {
  return [...entries].sort((left, right) => (left.row.email < right.row.email ? -1 : 1));
}

/** The index that leaves least to look through. */
function sourceOf(db: Db, wanted: Wanted | null, show: Show): Source {
  const driver = wanted?.driver;
  if (driver) return driver.kind === 'word' ? byWord(db, driver.prefix) : byAddress(db, driver.prefix);
  if (show === null) return byAddress(db);
  return 'state' in show ? inState(db, show.state) : inGroup(db, show.group);
}

/** What the index left open; null: nothing. */
function sieveOf(
  db: Db,
  wanted: Wanted | null,
  show: Show,
): ((entries: readonly Entry[]) => Promise<Entry[]>) | null {
  const driven = Boolean(wanted?.driver);
  if (wanted === null || (wanted.single && show === null)) return null;
  return async (entries) => {
    const matching = entries.filter(({ row }) => wanted.matches(row));
    if (show === null || !driven) return matching;
    if ('state' in show) return matching.filter(({ row }) => isInState(row, show.state));
    const ids = matching.map(({ row }) => row.id);
    const members = await membersAmong(db, show.group, ids);
    return matching.filter(({ row }) => members.has(row.id));
  };
}
