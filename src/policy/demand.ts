import type { Db } from '../database/open.ts';
import { prepared } from '../database/prepared.ts';
import { type Demand, roleDemand } from './rules.ts';

const inForce = prepared<{ accountId: string; now: number }>()((db, { accountId, now }) =>
  db
    .selectFrom('two_factor_rule')
    .select('id')
    .where('required_from_at', '<=', now)
    .where((eb) =>
      eb.or([
        eb('group_id', 'is', null),
        eb(
          'group_id',
          'in',
          eb.selectFrom('group_member').select('group_id').where('account_id', '=', accountId),
        ),
      ]),
    )
    .limit(1),
);

/** Why this person must use a second factor now; null: they choose. Read anew each time, so that a rule holds at once. */
export async function demandOf(
  db: Db,
  account: { readonly id: string; readonly roles: string },
  now: number,
): Promise<Demand> {
  return roleDemand(account) ?? (await ruleDemand(db, account.id, now));
}

/** The rules alone, without what the role asks for. */
export async function ruleDemand(db: Db, accountId: string, now: number): Promise<'rule' | null> {
  return (await inForce(db, { accountId, now })).length > 0 ? 'rule' : null;
}
