import { nowhere } from '../../src/audit/place.ts';
import { addMember, createGroup } from '../../src/groups/change-groups.ts';
import type { Group } from '../../src/groups/store.ts';
import { makeTwoFactorOptional, requireTwoFactor } from '../../src/policy/change-two-factor-rule.ts';
import { setPolicyValue } from '../../src/policy/set-value.ts';
import type { PolicyKey, PolicyValues } from '../../src/policy/values.ts';
import type { House } from './house.ts';
import type { Person } from './people.ts';

/** Whatever the operator's commands would do, without a process of theirs. */
function byOperator(house: House) {
  const place = nowhere(house.clock.now());
  return { place, actor: 'operator' };
}

export async function newGroup(house: House, name: string, people: readonly Person[] = []): Promise<Group> {
  const group = await createGroup(house.app.deps, byOperator(house), name);
  for (const person of people) await join(house, group, person);
  return group;
}

export async function join(house: House, group: Group, { id }: Person): Promise<void> {
  await house.app.database.transaction(async (tx) => {
    const query = tx.selectFrom('account').select(['id', 'pseudonym']).where('id', '=', id);
    await addMember(tx, byOperator(house), group, await query.executeTakeFirstOrThrow());
  });
}

/** `from` null: now. `group` null: everybody. */
export function require2fa(house: House, from: number | null = null, group: Group | null = null) {
  const rule = { group: group?.id ?? null, from: from ?? house.clock.now(), stopped: 0 };
  return house.app.database.transaction((tx) =>
    requireTwoFactor(tx, house.app.deps, byOperator(house), rule),
  );
}

export function makeOptional(house: House, group: Group | null = null) {
  return house.app.database.transaction((tx) =>
    makeTwoFactorOptional(tx, byOperator(house), { group: group?.id ?? null }),
  );
}

export function setValue<K extends PolicyKey>(house: House, key: K, value: PolicyValues[K]) {
  return house.app.database.transaction((tx) => setPolicyValue(tx, byOperator(house), key, value));
}
