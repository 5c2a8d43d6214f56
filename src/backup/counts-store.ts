import type { Selectable } from 'kysely';
import type { Tx } from '../database/open.ts';
import type {
  GuessBudgetTable,
  GuessDayTable,
  TextSentTable,
  ThrottleTable,
} from '../database/tables/throttle.ts';

// What was counted since the backup. Each of these takes some hundreds of rows at once: the database that they go into is
// locked meanwhile.

export type Budget = Selectable<GuessBudgetTable>;
export type Day = Selectable<GuessDayTable>;
export type Throttle = Selectable<ThrottleTable>;
export type Text = Pick<Selectable<TextSentTable>, 'id' | 'account_id' | 'number_mac' | 'sent_at'>;

type Keep<T> = (tx: Tx, rows: readonly T[]) => Promise<unknown>;

/** Only what belongs to people whom the backup knows. */
function ofPeopleHere<T extends { readonly account_id: string }>(keep: Keep<T>): Keep<T> {
  return async (tx, rows) => {
    const ids = [...new Set(rows.map(({ account_id }) => account_id))];
    const here = await tx.selectFrom('account').select('id').where('id', 'in', ids).execute();
    const known = new Set(here.map(({ id }) => id));
    const theirs = rows.filter(({ account_id }) => known.has(account_id));
    if (theirs.length > 0) await keep(tx, theirs);
  };
}

/** What was counted, where it counts here too the worse of both. */
function worseOfEach<T>(
  counted: readonly T[],
  rows: readonly T[],
  keyOf: (row: T) => string,
  worse: (one: T, other: T) => T,
): T[] {
  const here = new Map(rows.map((row) => [keyOf(row), row]));
  return counted.map((one) => {
    const other = here.get(keyOf(one));
    return other ? worse(one, other) : one;
  });
}

/** Of each column the one that lets fewer guesses through. */
export const keepWorseBudgets = ofPeopleHere<Budget>(async (tx, budgets) => {
  const ids = budgets.map(({ account_id }) => account_id);
  const rows = await tx.selectFrom('guess_budget').selectAll().where('account_id', 'in', ids).execute();
  const worse = worseOfEach(budgets, rows, ({ account_id }) => account_id, worseBudget);
  await tx.deleteFrom('guess_budget').where('account_id', 'in', ids).execute();
  await tx.insertInto('guess_budget').values(worse).execute();
});

function worseBudget(one: Budget, other: Budget): Budget {
  return {
    account_id: one.account_id,
    block: Math.max(one.block, other.block),
    run: Math.max(one.run, other.run),
    open: Math.max(one.open, other.open),
    reserved_at: later(one.reserved_at, other.reserved_at),
    holds: Math.max(one.holds, other.holds),
    hold_until_at: later(one.hold_until_at, other.hold_until_at),
    closed_at: later(one.closed_at, other.closed_at),
    relieved_at: later(one.relieved_at, other.relieved_at),
  };
}

/** Null: never. */
function later(one: number | null, other: number | null): number | null {
  return one === null || other === null ? (one ?? other) : Math.max(one, other);
}

export const keepWorseDays = ofPeopleHere<Day>((tx, days) =>
  tx
    .insertInto('guess_day')
    .values(days)
    .onConflict((conflict) =>
      conflict
        .columns(['account_id', 'day'])
        .doUpdateSet((eb) => ({ wrong: eb.ref('excluded.wrong') }))
        .where('guess_day.wrong', '<', (eb) => eb.ref('excluded.wrong')),
    )
    .execute(),
);

/** Of each column the one that slows more. */
export async function keepWorseThrottles(tx: Tx, throttles: readonly Throttle[]): Promise<void> {
  const keys = throttles.map(({ key }) => key);
  const rows = await tx.selectFrom('throttle').selectAll().where('key', 'in', keys).execute();
  const worse = worseOfEach(throttles, rows, ({ key }) => key, worseThrottle);
  await tx.deleteFrom('throttle').where('key', 'in', keys).execute();
  await tx.insertInto('throttle').values(worse).execute();
}

function worseThrottle(one: Throttle, other: Throttle): Throttle {
  return {
    key: one.key,
    count: Math.max(one.count, other.count),
    open: Math.max(one.open, other.open),
    window_at: Math.max(one.window_at, other.window_at),
    blocked_until_at: later(one.blocked_until_at, other.blocked_until_at),
  };
}

export const keepTexts = ofPeopleHere<Text>((tx, texts) =>
  tx
    .insertInto('text_sent')
    .values(texts)
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute(),
);
