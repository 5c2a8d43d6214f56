import { sql } from 'kysely';
import type { Slice } from '../../accounts/slices.ts';
import type { Db } from '../../database/open.ts';
import type { NamedPerson } from '../count-store.ts';
import { CODES_IN_A_SET } from './rules.ts';

/**
 * Of one slice of the accounts, those with two factors and not one unused recovery code, in the order of their ids: no
 * set was ever made, as for people who were imported, or all of it is used up. Of millions of codes only the used ones
 * are looked at.
 */
export async function listWithoutCodes(db: Db, { after, upTo }: Slice): Promise<NamedPerson[]> {
  // The ids first, from indexes alone; names only of the few that are found.
  const { rows } = await sql<NamedPerson>`select id, email, name from account where id in (
      select one.id from account as one
      where one.id > ${after} and one.id <= ${upTo}
        and one.two_factor_at is not null and one.suspended_at is null
        and not exists (select 1 from recovery_code_set where recovery_code_set.account_id = one.id)
      union all
      select account_id from recovery_code
      where account_id > ${after} and account_id <= ${upTo} and used_at is not null
      group by account_id having count(*) >= ${CODES_IN_A_SET})
    and two_factor_at is not null and suspended_at is null
    and not exists (select 1 from recovery_code as code
      where code.account_id = account.id and code.used_at is null)
    order by id`.execute(db);
  return rows;
}
