import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../database/open.ts';
import { prepared } from '../database/prepared.ts';
import { Refusal } from '../kit/refusal.ts';
import { type Demand, roleDemand } from './rules.ts';

/** The first instant, past or to come, from which on a rule demands a second factor of this account. */
export function earliestDemand(accountId: RawBuilder<string>) {
  return sql<number | null>`(select min(required_from_at) from two_factor_rule
    where group_id is null
      or group_id in (select group_id from group_member where account_id = ${accountId}))`;
}

const earliest = prepared<{ accountId: string }>()((db, { accountId }) =>
  db.selectNoFrom(earliestDemand(sql`${accountId}`).as('from')),
);

/** Why this person must use a second factor now; null: they choose. Read anew each time, so that a rule holds at once. */
export async function demandOf(
  db: Db,
  account: { readonly id: string; readonly roles: string },
  now: number,
): Promise<Demand> {
  return roleDemand(account) ?? (await ruleDemand(db, account.id, now));
}

/** Before anything that leaves somebody without a second factor (R42). @throws {Refusal} policy_requires_two_factor */
export async function assertNotDemanded(...whom: Parameters<typeof demandOf>): Promise<void> {
  const demand = await demandOf(...whom);
  if (demand) throw new Refusal('policy_requires_two_factor', { byRole: demand === 'role' });
}

/** The rules alone, without what the role asks for. */
async function ruleDemand(db: Db, accountId: string, now: number): Promise<'rule' | null> {
  const from = await requiredFrom(db, accountId);
  return from !== null && from <= now ? 'rule' : null;
}

/** Null: none does, or will. */
export async function requiredFrom(db: Db, accountId: string): Promise<number | null> {
  const [row] = await earliest(db, { accountId });
  return row?.from ?? null;
}
