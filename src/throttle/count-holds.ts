import { sql } from 'kysely';
import { countRows } from '../database/count-rows.ts';
import type { Db } from '../database/open.ts';

export interface Holds {
  /** People whose typed codes rest for a while. */
  readonly codesHeld: number;
  /** People whose typed codes are closed until a key, a recovery code or an administrator opens them. */
  readonly codesClosed: number;
  /** Waits after wrong passwords: of one account there may be several, one a network. */
  readonly passwordWaits: number;
}

/** Over all accounts. Conditions are written as the indexes of migration 9 are, so that these are used, and not the order of keys. */
export async function countHolds(db: Db, now: number): Promise<Holds> {
  return {
    codesHeld: await countRows(
      db,
      sql`from guess_budget where hold_until_at is not null and hold_until_at > ${now}`,
    ),
    codesClosed: await countRows(db, sql`from guess_budget where closed_at is not null`),
    passwordWaits: await countRows(
      db,
      sql`from throttle where blocked_until_at is not null and blocked_until_at > ${now}
        and substr(key, 1, 9) = 'password/'`,
    ),
  };
}
