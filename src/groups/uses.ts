import type { Db, Tx } from '../database/open.ts';
import { isPostgres } from '../database/prepared.ts';

/** What names a group, and loses it when the group goes. */
export interface GroupUses {
  /** Since when (or from when on) its people must use a second factor; null: no rule of its own. Epoch milliseconds. */
  readonly requiredFromAt: number | null;
  readonly clients: readonly UsingClient[];
}

export interface UsingClient {
  readonly id: string;
  readonly name: string;
  /** It lets in nobody else: without the group it would let in everybody. */
  readonly only: boolean;
}

export async function usesOf(db: Db, groupId: string): Promise<GroupUses> {
  const rule = await db
    .selectFrom('two_factor_rule')
    .select('required_from_at')
    .where('group_id', '=', groupId)
    .executeTakeFirst();
  return { requiredFromAt: rule?.required_from_at ?? null, clients: await clientsWith(db, groupId) };
}

/** The same apps as they stay until the transaction ends. */
export async function lockClientsWith(tx: Tx, groupId: string): Promise<UsingClient[]> {
  const query = tx
    .selectFrom('client')
    .select('id')
    .where('id', 'in', (eb) =>
      eb.selectFrom('client_group').select('client_id').where('group_id', '=', groupId),
    )
    .orderBy('id');
  await (isPostgres(tx) ? query.forUpdate() : query).execute();
  return clientsWith(tx, groupId);
}

async function clientsWith(db: Db, groupId: string): Promise<UsingClient[]> {
  const rows = await db
    .selectFrom('client_group')
    .innerJoin('client', 'client.id', 'client_group.client_id')
    .select(['client.id', 'client.name'])
    .select((eb) =>
      eb
        .selectFrom('client_group as every')
        .select((count) => count.fn.countAll<number>().as('count'))
        .whereRef('every.client_id', '=', 'client.id')
        .as('groups'),
    )
    .where('client_group.group_id', '=', groupId)
    .orderBy('client.name')
    .orderBy('client.id')
    .execute();
  return rows.map(({ id, name, groups }) => ({ id, name, only: Number(groups) === 1 }));
}
