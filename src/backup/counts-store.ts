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

export const keepWorseBudgets = ofPeopleHere<Budget>((tx, budgets) => {
  const columns = Object.keys(budgets[0] as Budget) as (keyof Budget)[];
  return tx
    .insertInto('guess_budget')
    .values(budgets)
    .onConflict((conflict) =>
      conflict
        .column('account_id')
        .doUpdateSet((eb) => Object.fromEntries(columns.map((name) => [name, eb.ref(`excluded.${name}`)])))
        .where((eb) =>
          eb.or([
            eb('guess_budget.run', '<', eb.ref('excluded.run')),
            eb('guess_budget.holds', '<', eb.ref('excluded.holds')),
          ]),
        ),
    )
    .execute();
});

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
  const here = new Map(rows.map((row) => [row.key, row]));
  const worse = throttles.map((throttle) => {
    const other = here.get(throttle.key);
    return other ? worseOf(throttle, other) : throttle;
  });
  await tx
    .insertInto('throttle')
    .values(worse)
    .onConflict((conflict) =>
      conflict.column('key').doUpdateSet((eb) => ({
        count: eb.ref('excluded.count'),
        open: eb.ref('excluded.open'),
        window_at: eb.ref('excluded.window_at'),
        blocked_until_at: eb.ref('excluded.blocked_until_at'),
      })),
    )
    .execute();
}

function worseOf(one: Throttle, other: Throttle): Throttle {
  const until = Math.max(one.blocked_until_at ?? 0, other.blocked_until_at ?? 0);
  return {
    key: one.key,
    count: Math.max(one.count, other.count),
    open: Math.max(one.open, other.open),
    window_at: Math.max(one.window_at, other.window_at),
    blocked_until_at: until === 0 ? null : until,
  };
}

export const keepTexts = ofPeopleHere<Text>((tx, texts) =>
  tx
    .insertInto('text_sent')
    .values(texts)
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute(),
);
