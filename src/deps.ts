import type { Selectable } from 'kysely';
import type { Config } from './config.ts';
import type { Database } from './database/open.ts';
import type { FactorTable } from './database/tables/factor.ts';
import type { Outbox } from './delivery/outbox.ts';
import type { Clock } from './kit/clock.ts';
import type { Log } from './kit/log.ts';
import type { PasswordHasher } from './kit/password-hash.ts';
import type { Random } from './kit/random.ts';
import type { Seal } from './kit/seal.ts';

/** What every action is given. Made once, in `app.ts`; in tests with a clock that is moved by hand. */
export interface Deps {
  readonly config: Config;
  readonly database: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly seal: Seal;
  readonly hasher: PasswordHasher;
  readonly outbox: Outbox;
  readonly log: Log;
  /** `factors/working.answersHere`: what makes sessions asks it, and is itself asked by the kinds of factors. */
  readonly answersHere: (deps: Pick<Deps, 'seal' | 'config'>, factor: Selectable<FactorTable>) => boolean;
  /** How far this machine's clock was from the database's at the last look, in milliseconds (R9). */
  readonly clockOffset: { ms: number };
  /** How often each invariant was broken at the last look; empty before the first. */
  readonly broken: Map<string, number>;
}
