import type { Selectable } from 'kysely';
import { sql } from 'kysely';
import type { Db, Tx } from '../database/open.ts';
import { isPostgres, prepared } from '../database/prepared.ts';
import type { GuessBudgetTable } from '../database/tables/throttle.ts';
import { DAY } from '../kit/clock.ts';
import { BLOCK, holdLength, MONTH_CAP, MONTH_DAYS, RESERVATION_MS, RUN_CAP } from './guess-rules.ts';

type Budget = Selectable<GuessBudgetTable>;

/** What typed codes meet, for the sentence, the mail and the record. */
export type Verdict = { readonly kind: 'held'; readonly until: number } | { readonly kind: 'closed' };

/**
 * What a reservation met. `crowded`: all tries are reserved and undecided; wait a moment and ask again. `begins`: by
 * this very request, which then has to tell it.
 */
export type Reservation =
  | { readonly kind: 'reserved' }
  | { readonly kind: 'crowded' }
  | (Verdict & { readonly begins: boolean });

const insert = prepared<{ accountId: string; now: number }>()((db, { accountId, now }) =>
  db
    .insertInto('guess_budget')
    .values({ account_id: accountId, block: 1, run: 1, open: 1, reserved_at: now })
    .onConflict((conflict) => conflict.doNothing()),
);

/** `since`: the first day (since 1970) that counts for the month. */
const take = prepared<{ accountId: string; now: number; since: number }>()((db, { accountId, now, since }) =>
  db
    .updateTable('guess_budget')
    .set((eb) => ({
      block: eb('block', '+', 1),
      run: eb('run', '+', 1),
      open: eb('open', '+', 1),
      reserved_at: now,
    }))
    .where('account_id', '=', accountId)
    .where('closed_at', 'is', null)
    .where((eb) => eb.or([eb('hold_until_at', 'is', null), eb('hold_until_at', '<=', now)]))
    .where('block', '<', BLOCK)
    .where('run', '<', RUN_CAP)
    // Reservations count here too, or a burst would overrun the month.
    .where(
      (eb) =>
        eb
          .selectFrom('guess_day')
          .select(sql<number>`coalesce(sum(guess_day.wrong), 0) + guess_budget.open`.as('month'))
          .where('guess_day.account_id', '=', accountId)
          .where('guess_day.day', '>=', since),
      '<',
      MONTH_CAP,
    ),
);

const find = prepared<{ accountId: string }>()((db, { accountId }) =>
  db.selectFrom('guess_budget').selectAll().where('account_id', '=', accountId),
);

const lockRow = prepared<{ accountId: string }>()((db, { accountId }) =>
  db.selectFrom('guess_budget').select('account_id').where('account_id', '=', accountId).forUpdate(),
);

/**
 * Reserves one guess at a typed code before the code is looked at (R11). The budget is the account's: shared by all its
 * sign-ins, methods, surfaces and instances.
 */
export async function reserveGuess(tx: Tx, accountId: string, now: number): Promise<Reservation> {
  const since = firstDayOfMonth(now);
  // PostgreSQL would look at the month as it was before it waited for the row, and at the row as it is after: so the
  // row is there and ours before the question is asked.
  if (isPostgres(tx) && (await lockRow(tx, { accountId })).length === 0) {
    if ((await insert.count(tx, { accountId, now })) === 1) return { kind: 'reserved' };
    await lockRow(tx, { accountId });
  }
  if ((await take.count(tx, { accountId, now, since })) === 1) return { kind: 'reserved' };
  if ((await insert.count(tx, { accountId, now })) === 1) return { kind: 'reserved' };
  const [budget] = await find(tx, { accountId });
  if (!budget) return { kind: 'crowded' };
  const verdict = verdictOf(budget, now);
  if (verdict) return { ...verdict, begins: false };
  const undecided = budget.open > 0 && now - (budget.reserved_at ?? 0) < RESERVATION_MS;
  if (undecided) return { kind: 'crowded' };
  // A crash left reservations without an answer: they count as wrong. No wrong answer began the hold, so this does.
  const settled = { ...budget, open: 0 };
  const late = await enforce(tx, settled, now, await wrongInMonth(tx, accountId, now));
  return late ? { ...late, begins: true } : { kind: 'crowded' };
}

function verdictOf(budget: Budget, now: number): Verdict | null {
  if (budget.closed_at !== null) return { kind: 'closed' };
  const until = budget.hold_until_at;
  return until !== null && until > now ? { kind: 'held', until } : null;
}

function firstDayOfMonth(now: number): number {
  return Math.floor(now / DAY) - MONTH_DAYS + 1;
}

async function wrongInMonth(tx: Tx, accountId: string, now: number): Promise<number> {
  const { wrong } = await tx
    .selectFrom('guess_day')
    .select((eb) => eb.fn.coalesce(eb.fn.sum<number>('wrong'), sql<number>`0`).as('wrong'))
    .where('account_id', '=', accountId)
    .where('day', '>=', firstDayOfMonth(now))
    .executeTakeFirstOrThrow();
  return Number(wrong);
}

/** -> what begins now, and whether this was the first wrong code after a success ("Someone knows your password"). */
export async function settleWrong(
  tx: Tx,
  accountId: string,
  now: number,
): Promise<{ verdict: Verdict | null; firstOfBurst: boolean }> {
  const day = Math.floor(now / DAY);
  await tx
    .insertInto('guess_day')
    .values({ account_id: accountId, day, wrong: 1 })
    .onConflict((conflict) =>
      conflict.columns(['account_id', 'day']).doUpdateSet((eb) => ({ wrong: eb('guess_day.wrong', '+', 1) })),
    )
    .execute();
  const budget = await decide(tx, accountId);
  if (!budget) return { verdict: null, firstOfBurst: false };
  const verdict = await enforce(tx, budget, now, await wrongInMonth(tx, accountId, now));
  return { verdict, firstOfBurst: budget.run - budget.open === 1 };
}

async function decide(tx: Tx, accountId: string): Promise<Budget | null> {
  await tx
    .updateTable('guess_budget')
    .set((eb) => ({ open: eb('open', '-', 1) }))
    .where('account_id', '=', accountId)
    .where('open', '>', 0)
    .execute();
  return (await find(tx, { accountId }))[0] ?? null;
}

/** Begins a hold or closes typed codes, once the last undecided reservation is settled. */
async function enforce(tx: Tx, budget: Budget, now: number, month: number): Promise<Verdict | null> {
  if (budget.open > 0 || budget.closed_at !== null) return null;
  const mine = tx.updateTable('guess_budget').where('account_id', '=', budget.account_id);
  if (budget.run >= RUN_CAP || month >= MONTH_CAP) {
    await mine.set({ closed_at: now, open: 0 }).execute();
    return { kind: 'closed' };
  }
  if (budget.block < BLOCK) return null;
  const until = now + holdLength(budget.holds);
  await mine.set((eb) => ({ hold_until_at: until, holds: eb('holds', '+', 1), block: 0, open: 0 })).execute();
  return { kind: 'held', until };
}

const succeed = prepared<{ accountId: string }>()((db, { accountId }) =>
  db
    .updateTable('guess_budget')
    .set({
      block: sql<number>`case when open > 0 then open - 1 else 0 end`,
      run: sql<number>`case when open > 0 then open - 1 else 0 end`,
      open: sql<number>`case when open > 0 then open - 1 else 0 end`,
      holds: 0,
      hold_until_at: null,
    })
    .where('account_id', '=', accountId),
);

/** A right typed code ends the row of wrong ones; reservations of others stay counted. */
export async function settleRight(tx: Tx, accountId: string): Promise<void> {
  await succeed.count(tx, { accountId });
}

/** A right code that was used before is no guess: its reservation comes back (contract, "Guesses"). */
export async function giveBackGuess(tx: Tx, accountId: string): Promise<void> {
  await tx
    .updateTable('guess_budget')
    .set((eb) => ({ block: eb('block', '-', 1), run: eb('run', '-', 1), open: eb('open', '-', 1) }))
    .where('account_id', '=', accountId)
    .where('open', '>', 0)
    .where('block', '>', 0)
    .where('run', '>', 0)
    .execute();
}

const clearBudget = prepared<{ accountId: string }>()((db, { accountId }) =>
  db.deleteFrom('guess_budget').where('account_id', '=', accountId),
);
const clearDays = prepared<{ accountId: string }>()((db, { accountId }) =>
  db.deleteFrom('guess_day').where('account_id', '=', accountId),
);

/** A security key, a recovery code or an administrator opens everything again (A8). */
export async function clearGuesses(tx: Tx, accountId: string): Promise<void> {
  await clearBudget.count(tx, { accountId });
  await clearDays.count(tx, { accountId });
}

/** A password reset by mail ends a running hold, once a day; it refills nothing (A8). */
export async function relieveHold(tx: Tx, accountId: string, now: number): Promise<void> {
  await tx
    .updateTable('guess_budget')
    .set({ hold_until_at: null, relieved_at: now })
    .where('account_id', '=', accountId)
    .where('hold_until_at', '>', now)
    .where((eb) => eb.or([eb('relieved_at', 'is', null), eb('relieved_at', '<=', now - DAY)]))
    .execute();
}

/** For pages: whether typed codes are on hold or closed right now. */
export async function guessState(db: Db, accountId: string, now: number): Promise<Verdict | null> {
  const [budget] = await find(db, { accountId });
  return budget ? verdictOf(budget, now) : null;
}
