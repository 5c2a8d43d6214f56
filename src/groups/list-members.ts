import type { Db } from '../database/open.ts';
import { cutPage } from '../kit/cut-page.ts';
import { pause } from '../kit/pause.ts';
import { hasMoreMembers, membersAmong } from './store.ts';

export interface Member {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  /** Its place in the order. */
  readonly address_key: string;
}

/** How one page is found. */
export interface MemberReach {
  /** A group up to this size is read and sorted; of a larger one, enough are found by going through everybody. */
  readonly sorted: number;
  /** So many of everybody are looked at together, and so often. */
  readonly step: number;
  readonly looks: number;
}

const REACH: MemberReach = { sorted: 10_000, step: 1_000, looks: 200 };

/**
 * One page in the order of addresses. `after`, `next`: the address key to go on after; null on the last page. Of a large
 * group a page may be short, even empty, and not the last.
 */
export async function listMembersAfter(
  db: Db,
  groupId: string,
  { after, count }: { readonly after: string; readonly count: number },
  reach = REACH,
): Promise<{ readonly members: readonly Member[]; readonly next: string | null }> {
  if (!(await hasMoreMembers(db, groupId, reach.sorted)))
    return cut(await sorted(db, groupId, after, count + 1), count);
  const members: Member[] = [];
  let last = after;
  for (let looks = 0; looks < reach.looks; looks++) {
    // Between two looks the others have their turn.
    if (looks > 0) await pause(0);
    const people = await everybody(db, last, reach.step);
    const ids = people.map(({ id }) => id);
    const belong = await membersAmong(db, groupId, ids);
    members.push(...people.filter(({ id }) => belong.has(id)));
    if (members.length > count) return cut(members, count);
    if (people.length < reach.step) return { members, next: null };
    last = people.at(-1)?.address_key ?? last;
  }
  return { members, next: last };
}

function cut(rows: readonly Member[], count: number) {
  const { shown, next } = cutPage(rows, count, ({ address_key }) => address_key);
  return { members: shown, next };
}

/** Its members come first: SQLite keeps to the order of a cross join, and else may go through everybody. */
function sorted(db: Db, groupId: string, after: string, count: number): Promise<Member[]> {
  return db
    .selectFrom('group_member')
    .crossJoin('email_address')
    .crossJoin('account')
    .select(['account.id', 'account.name', 'account.email', 'email_address.address_key'])
    .where('group_member.group_id', '=', groupId)
    .whereRef('email_address.account_id', '=', 'group_member.account_id')
    .whereRef('account.id', '=', 'group_member.account_id')
    .where('email_address.kind', '=', 'primary')
    .where('email_address.address_key', '>', after)
    .orderBy('email_address.address_key')
    .limit(count)
    .execute();
}

function everybody(db: Db, after: string, count: number): Promise<Member[]> {
  return db
    .selectFrom('email_address')
    .innerJoin('account', 'account.id', 'email_address.account_id')
    .select(['account.id', 'account.name', 'account.email', 'email_address.address_key'])
    .where('email_address.kind', '=', 'primary')
    .where('email_address.address_key', '>', after)
    .orderBy('email_address.address_key')
    .limit(count)
    .execute();
}
