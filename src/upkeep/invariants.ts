import { type RawBuilder, sql } from 'kysely';
import { accountSlices, type Slice } from '../accounts/slices.ts';
import type { Db } from '../database/open.ts';
import type { Deps } from '../deps.ts';

/** Whom it is broken for: a row each time. One statement each, so that nothing is seen half done. */
type Search = (slice: Slice, now: number) => RawBuilder<{ email: string }>;

/** What holds at every moment (security, section 3). */
const INVARIANTS = {
  /** No session of an account with two-factor authentication for which neither a factor nor a trusted browser stood. */
  half_sessions: ({ after, upTo }, now) => sql`
    select account.email from session join account on account.id = session.account_id
    where session.account_id > ${after} and session.account_id <= ${upTo} and session.expires_at > ${now}
      and account.two_factor_at is not null and session.acr = 'pwd'
      and coalesce(session.method, '') <> 'trusted-browser'`,
  /** No account whose two-factor authentication is on without any factor, or off with one. */
  half_protected: ({ after, upTo }) => sql`
    select email from account where id > ${after} and id <= ${upTo}
      and (two_factor_at is null) = exists (select 1 from factor where factor.account_id = account.id)`,
  /**
   * No recovery code that was spent without a record: the record stands in the transaction that spends it (R72). As far
   * back as records are kept.
   */
  unrecorded_codes: ({ after, upTo }) => sql`
    select account.email from recovery_code join account on account.id = recovery_code.account_id
    where recovery_code.account_id > ${after} and recovery_code.account_id <= ${upTo}
      and recovery_code.used_at > (select coalesce(max(removed_until_at), 0) from audit_cut)
      and not exists (select 1 from audit_event where audit_event.subject = account.pseudonym
        and audit_event.event = 'recovery_code.used' and audit_event.at = recovery_code.used_at)`,
} as const satisfies Record<string, Search>;

export type Invariant = keyof typeof INVARIANTS;

export interface Broken {
  readonly count: number;
  /** Addresses of the first few. */
  readonly whose: readonly string[];
}

const NAMED = 3;

/** How often it is broken, which must be never. A slice of the accounts at a time: a million hold nobody up. */
export async function findBroken(db: Db, invariant: Invariant, now: number): Promise<Broken> {
  const search: Search = INVARIANTS[invariant];
  let count = 0;
  const whose = new Set<string>();
  for await (const slice of accountSlices(db, {})) {
    const { rows } = await search(slice, now).execute(db);
    count += rows.length;
    for (const { email } of rows) if (whose.size < NAMED) whose.add(email);
  }
  return { count, whose: [...whose] };
}

/** Looks at all of them, for whoever watches this process, and raises the alarm for each that is broken. */
export async function watchInvariants({
  database,
  clock,
  log,
  broken,
}: Pick<Deps, 'database' | 'clock' | 'log' | 'broken'>): Promise<void> {
  for (const invariant of Object.keys(INVARIANTS) as Invariant[]) {
    const { count } = await findBroken(database.db, invariant, clock.now());
    broken.set(invariant, count);
    if (count > 0) log.error({ invariant, count }, 'an invariant is broken: doctor says for whom');
  }
}
