import type { Db } from '../database/open.ts';
import { frozenUntil } from '../policy/freeze.ts';
import { guessState } from '../throttle/guess-budget.ts';
import type { Account } from './account.ts';
import { listPasswordWaits } from './password-waits.ts';

/** What keeps a person waiting. `until` null: until a key, a recovery code or an administrator opens typed codes again. */
export interface Hold {
  readonly on: 'codes' | 'password' | 'changes';
  readonly from?: 'network' | 'browser' | 'everywhere';
  /** Epoch milliseconds. */
  readonly until: number | null;
}

export async function listHolds(
  db: Db,
  { id, frozen_until_at }: Pick<Account, 'id' | 'frozen_until_at'>,
  now: number,
): Promise<Hold[]> {
  const codes = await guessState(db, id, now);
  const waits = await listPasswordWaits(db, id, now);
  const frozen = frozenUntil({ frozen_until_at }, now);
  return [
    ...(codes ? [{ on: 'codes' as const, until: codes.kind === 'held' ? codes.until : null }] : []),
    ...waits.map((wait) => ({ on: 'password' as const, ...wait })),
    ...(frozen === null ? [] : [{ on: 'changes' as const, until: frozen }]),
  ];
}
