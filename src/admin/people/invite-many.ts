import { type Invitee, invite } from '../../accounts/invite.ts';
import { listTaken } from '../../accounts/store.ts';
import type { Db, Tx } from '../../database/open.ts';
import type { Deps } from '../../deps.ts';
import { addMember } from '../../groups/change-groups.ts';
import { groupName } from '../../groups/name.ts';
import { findGroup, type Group, listGroups } from '../../groups/store.ts';
import { Refusal } from '../../kit/refusal.ts';
import type { SignedIn } from '../../sessions/session.ts';
import type { Visit } from '../../web/visit.ts';
import { act } from '../act.ts';
import {
  addressKeys,
  type JudgedRow,
  judgeRows,
  MOST_ROWS,
  PLAIN_COLUMNS,
  readColumns,
} from './judge-rows.ts';
import { readCsv } from './read-csv.ts';

/** Why a list can't be judged row by row. */
export type ListFault =
  | { readonly kind: 'empty' | 'columns' }
  | { readonly kind: 'unreadable'; readonly line: number }
  | { readonly kind: 'many'; readonly rows: number };

export type Report =
  | { readonly fault: ListFault }
  /** `wrong`: how many rows have something wrong; only at 0 is anybody invited. */
  | { readonly fault: null; readonly rows: readonly JudgedRow[]; readonly wrong: number };

/** Looks through a list and changes nothing. */
export async function judgeList(db: Db, text: string): Promise<Report> {
  const read = readCsv(text);
  if ('unreadable' in read) return { fault: { kind: 'unreadable', line: read.unreadable } };
  const columns = readColumns(read[0]?.cells ?? []);
  if (columns === 'unknown') return { fault: { kind: 'columns' } };
  const typed = columns === null ? read : read.slice(1);
  if (typed.length === 0) return { fault: { kind: 'empty' } };
  if (typed.length > MOST_ROWS) return { fault: { kind: 'many', rows: typed.length } };
  const places = columns ?? PLAIN_COLUMNS;
  const groups = (await listGroups(db)).map(({ id, name }) => [groupName(name)?.key ?? '', id] as const);
  const taken = await listTaken(db, addressKeys(typed, places));
  const rows = judgeRows(typed, places, { groups: new Map(groups), taken });
  return { fault: null, rows, wrong: rows.filter(({ complaints }) => complaints.length > 0).length };
}

/**
 * Invites everybody of a list in one transaction, or nobody: -> the report where something is wrong, null when all are
 * invited. @throws {Refusal} not_found, changes_frozen, conflict where a group went away meanwhile
 */
export async function inviteMany(
  deps: Deps,
  visit: Visit,
  who: SignedIn,
  text: string,
): Promise<Report | null> {
  const report = await judgeList(deps.database.db, text);
  if (report.fault !== null || report.wrong > 0) return report;
  try {
    await act(deps, visit, who, async (tx, by) => {
      const groups = await findGroups(tx, report.rows);
      for (const row of report.rows) {
        const invitee: Invitee = { email: row.email, name: row.name, role: row.role, provenAt: null };
        const { account } = await invite(tx, deps, visit, invitee, { actor: by.actor, locale: visit.locale });
        for (const id of row.groups) await addMember(tx, by, groups.get(id) as Group, account);
      }
    });
    return null;
  } catch (error) {
    // Somebody has taken one of the addresses meanwhile: the list is looked through again and says which.
    if (error instanceof Refusal && error.code === 'invalid_input') return judgeList(deps.database.db, text);
    throw error;
  }
}

async function findGroups(tx: Tx, rows: readonly JudgedRow[]): Promise<Map<string, Group>> {
  const groups = new Map<string, Group>();
  for (const id of new Set(rows.flatMap(({ groups }) => groups))) {
    const group = await findGroup(tx, id);
    if (!group) throw new Refusal('conflict');
    groups.set(id, group);
  }
  return groups;
}
