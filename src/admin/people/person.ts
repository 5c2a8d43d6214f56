import { type Role, rolesOf } from '../../accounts/account.ts';
import type { PersonRow } from './store.ts';

/** One person, as the Dashboard shows them. */
export interface Person {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly twoFactor: boolean;
  readonly suspended: boolean;
  /** `open`: the link in the mail still works; `expired`: it does not, and nobody has used it. */
  readonly invitation: 'accepted' | 'open' | 'expired';
}

export function asPerson(row: PersonRow, open: ReadonlySet<string>): Person {
  const { id, email, name } = row;
  return {
    id,
    email,
    name,
    roles: rolesOf(row),
    twoFactor: row.two_factor_at !== null,
    suspended: row.suspended_at !== null,
    invitation: row.invited ? (open.has(id) ? 'open' : 'expired') : 'accepted',
  };
}

/** A suspended person can't accept an invitation. */
export function canBeInvited({ invitation, suspended }: Pick<Person, 'invitation' | 'suspended'>): boolean {
  return invitation !== 'accepted' && !suspended;
}
