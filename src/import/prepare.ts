import type { Deps } from '../deps.ts';
import type { Adopting } from '../factors/factor.ts';
import { newId } from '../kit/random.ts';
import type { Checked } from './check-newcomer.ts';
import type { Batch } from './store.ts';

export type Prepared = { [Table in keyof Batch]: Batch[Table][number][] };

/** What will stand in the tables for one person. Nothing is hashed here: the other system's hash serves until they sign in. */
export function prepare(
  deps: Pick<Deps, 'seal' | 'random' | 'clock'>,
  { adopt }: Adopting,
  { id, position }: { id: string; position: number },
  person: Checked,
): Prepared {
  const now = deps.clock.now();
  const account = { id: newId(deps.random), locale: person.locale };
  const factors = person.apps.map((found) => ({ import_id: id, ...adopt(deps, account, found) }));
  return {
    rows: [
      {
        import_id: id,
        position,
        place: person.place,
        account_id: account.id,
        pseudonym: newId(deps.random),
        email: person.address,
        address_key: person.addressKey,
        name: person.name,
        password_hash: person.passwordHash,
        roles: person.roles.filter((role) => role !== 'member').join(' '),
        locale: person.locale,
        proven_at: person.proven ? now : null,
        suspended_at: person.suspended ? now : null,
        two_factor_at: factors.length > 0 ? now : null,
      },
    ],
    factors,
    members: person.groups.map(({ key }) => ({ import_id: id, account_id: account.id, group_key: key })),
  };
}
