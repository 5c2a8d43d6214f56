import { sql } from 'kysely';
import { accountSlices } from '../accounts/slices.ts';
import type { Db } from '../database/open.ts';
import { isPostgres } from '../database/prepared.ts';
import { hasMoreMembers } from '../groups/store.ts';
import { pause } from '../kit/pause.ts';

/** Whom a rule is about: null is everybody, an id the people of a group, several ids those of any of these groups. */
export type People = string | null | readonly string[];

/** What a rule that is switched on at this moment would do: whom it stops until they have a second factor. */
export interface Stopped {
  /** May sign in, is concerned, and has no factor. */
  readonly total: number;
  /** Of them: with a session, which ends. */
  readonly signedIn: number;
  /** Of them: no browser is known in which they have ever signed in. */
  readonly neverSignedIn: number;
  /** Of them: administrators, who must use two factors without any rule. */
  readonly administrators: number;
}

/** Since when a session must have been used to live, and the instant that it must outlast. */
export interface Moment {
  readonly now: number;
  readonly idleSince: number;
}

export async function countStopped(db: Db, people: People, moment: Moment): Promise<Stopped> {
  const sum = { total: 0, signedIn: 0, neverSignedIn: 0 };
  for await (const { after, upTo } of accountSlices(db, sliceOf(people))) {
    const { rows } = await sql<{ total: number; signed_in: number | null; never: number | null }>`select
        count(*) as total,
        sum(case when exists (${aliveSession(moment)}) then 1 else 0 end) as signed_in,
        sum(case when exists (${knownBrowser}) then 0 else 1 end) as never
      ${unprotected(people)} and ${between(people, after, upTo)}`.execute(db);
    sum.total += Number(rows[0]?.total);
    sum.signedIn += Number(rows[0]?.signed_in);
    sum.neverSignedIn += Number(rows[0]?.never);
  }
  return { ...sum, administrators: await countAdministrators(db, people) };
}

/** The number alone, for the record of what was switched on. */
export async function countWithoutFactor(db: Db, people: People): Promise<number> {
  let total = 0;
  for await (const { after, upTo } of accountSlices(db, sliceOf(people))) {
    const { rows } = await sql<{ total: number }>`select count(*) as total
      ${unprotected(people)} and ${between(people, after, upTo)}`.execute(db);
    total += Number(rows[0]?.total);
  }
  return total;
}

async function countAdministrators(db: Db, people: People): Promise<number> {
  // A handful has a role, a million may have no factor: by the index of the former.
  const { rows } = await sql<{ total: number }>`select count(*) as total
    ${unprotected(null)} and ${isOne(people)}
      and id in (select id from account where roles <> '' and roles like '%admin%')`.execute(db);
  return Number(rows[0]?.total);
}

export interface StoppedPerson {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly roles: string;
  readonly signedIn: boolean;
  readonly neverSignedIn: boolean;
}

/** How one page of a group's people is found. */
export interface Reach {
  /** A group up to this size is read and sorted; of a larger one, enough are found by going through everybody. */
  readonly sorted: number;
  /** So many of everybody are looked at together, and so often. */
  readonly step: number;
  readonly looks: number;
}

const REACH: Reach = { sorted: 20_000, step: 1_000, looks: 200 };

/**
 * One page in the order of addresses. `after`: the id of the last one before. `next`: to go on after; null on the last
 * page. A page may be short, even empty, and not the last, where few of a large group have no factor.
 */
export async function listStopped(
  db: Db,
  whom: People,
  { after, count, moment }: { after: string; count: number; moment: Moment },
  reach = REACH,
): Promise<{ people: StoppedPerson[]; next: string | null }> {
  const before = await db.selectFrom('account').select('email').where('id', '=', after).executeTakeFirst();
  const sorted =
    whom === null || (typeof whom === 'string' && !(await hasMoreMembers(db, whom, reach.sorted)));
  const step = sorted ? count + 1 : reach.step;
  const people: StoppedPerson[] = [];
  let last = { email: before?.email ?? '', id: after };
  for (let looks = 0; looks < (sorted ? 1 : reach.looks); looks++) {
    if (looks > 0) await pause(0);
    const rows = await pageAfter(db, whom, sorted, { after: last.email, limit: step, moment });
    for (const { concerned, ...person } of rows) if (concerned) people.push(person);
    if (people.length > count) return { people: people.slice(0, count), next: people[count - 1]!.id };
    if (rows.length < step) return { people, next: null };
    last = rows.at(-1)!;
  }
  return { people, next: last.id };
}

interface Row {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly roles: string;
  readonly signed_in: unknown;
  readonly known: unknown;
  readonly concerned: unknown;
}

/** `sorted`: the group's members alone; else everybody, with whether they belong to it. */
async function pageAfter(
  db: Db,
  people: People,
  sorted: boolean,
  { after, limit, moment }: { after: string; limit: number; moment: Moment },
): Promise<(StoppedPerson & { concerned: boolean })[]> {
  // The order of bytes, as in the index.
  const email = isPostgres(db) ? sql`email collate "C"` : sql`email`;
  const { rows } = await sql<Row>`select account.id, email, name, roles,
      exists (${aliveSession(moment)}) as signed_in,
      exists (${knownBrowser}) as known,
      ${sorted ? sql`1 = 1` : isOne(people)} as concerned
    ${unprotected(sorted ? people : null)} and ${email} > ${after}
    order by ${email} limit ${limit}`.execute(db);
  return rows.map(({ signed_in, known, concerned, ...person }) => ({
    ...person,
    signedIn: Boolean(signed_in),
    neverSignedIn: !known,
    concerned: Boolean(concerned),
  }));
}

/**
 * Who may sign in and has no factor, as in the index `account_unprotected`; a condition may follow. Of a group its
 * members come first: SQLite keeps to the order of a cross join, and a small group among a million accounts is found at
 * once.
 */
export function unprotected(people: People) {
  const all = sql`two_factor_at is null and suspended_at is null`;
  if (typeof people === 'object' && people !== null)
    return sql`from account where ${all} and ${isOne(people)}`;
  return people === null
    ? sql`from account where ${all}`
    : sql`from group_member cross join account
      where group_member.group_id = ${people} and account.id = group_member.account_id and ${all}`;
}

export function between(people: People, after: string, upTo: string) {
  const id = typeof people === 'string' ? sql`group_member.account_id` : sql`account.id`;
  return sql`${id} > ${after} and ${id} <= ${upTo}`;
}

/** Somebody is of these people, however many of their groups they are in. */
function isOne(people: People) {
  if (people === null) return sql`1 = 1`;
  return sql`exists (select 1 from group_member as one
    where one.group_id in (${sql.join([people].flat())}) and one.account_id = account.id)`;
}

/** The people of several groups are found among everybody: nobody counts twice. */
const sliceOf = (people: People) => ({ groupId: typeof people === 'string' ? people : null });

const aliveSession = ({ now, idleSince }: Moment) =>
  sql`select 1 from session where session.account_id = account.id and expires_at > ${now} and last_used_at > ${idleSince}`;

const knownBrowser = sql`select 1 from known_browser where known_browser.account_id = account.id`;
