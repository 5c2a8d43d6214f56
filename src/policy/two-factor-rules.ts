import type { Db, Tx } from '../database/open.ts';
import type { Random } from '../kit/random.ts';
import { newId } from '../kit/random.ts';

/** Who must use a second factor, and from when on. */
export interface TwoFactorRule {
  readonly id: string;
  /** Null: everybody. */
  readonly group: { readonly id: string; readonly name: string } | null;
  /** Epoch milliseconds; what lies ahead is announced. */
  readonly required_from_at: number;
  readonly created_at: number;
}

/** Everybody's first, then the groups by name. */
export async function listTwoFactorRules(db: Db): Promise<TwoFactorRule[]> {
  const rows = await db
    .selectFrom('two_factor_rule')
    .leftJoin('people_group', 'people_group.id', 'two_factor_rule.group_id')
    .select(['two_factor_rule.id', 'two_factor_rule.group_id', 'people_group.name', 'people_group.name_key'])
    .select(['two_factor_rule.required_from_at', 'two_factor_rule.created_at'])
    .execute();
  return rows
    .sort((one, other) => ((one.name_key ?? '') < (other.name_key ?? '') ? -1 : 1))
    .map(({ group_id, name, name_key: _key, ...rule }) => ({
      ...rule,
      group: group_id === null ? null : { id: group_id, name: name as string },
    }));
}

/** The instant from which the rule of this group holds, `groupId` null: everybody's; null where there is none. */
export async function findTwoFactorRule(db: Db, groupId: string | null): Promise<number | null> {
  const row = await db
    .selectFrom('two_factor_rule')
    .select('required_from_at')
    .where('group_id', groupId === null ? 'is' : '=', groupId)
    .executeTakeFirst();
  return row?.required_from_at ?? null;
}

/** One rule for each: setting it anew moves its date. `groupId` null: everybody. */
export async function putTwoFactorRule(
  tx: Tx,
  random: Random,
  groupId: string | null,
  requiredFromAt: number,
  now: number,
): Promise<void> {
  await dropTwoFactorRule(tx, groupId);
  await tx
    .insertInto('two_factor_rule')
    .values({ id: newId(random), group_id: groupId, required_from_at: requiredFromAt, created_at: now })
    .execute();
}

/** -> true where there was one. */
export async function dropTwoFactorRule(tx: Tx, groupId: string | null): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('two_factor_rule')
    .where('group_id', groupId === null ? 'is' : '=', groupId)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}
