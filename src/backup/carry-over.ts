import type { Load } from '../database/load.ts';
import type { Tx } from '../database/open.ts';
import { factorCare } from '../factors/all.ts';
import { keepTexts, keepWorseBudgets, keepWorseDays, keepWorseThrottles } from './counts-store.ts';
import type { Replaced } from './replaced.ts';
import { nextFactors, raiseCounters, raiseEach } from './store.ts';

const AT_ONCE = 500;

/** Wrong codes, waits and texts since the backup are not forgotten: of each count the worse one stays (R11, R15, R82). */
export async function carryCounts(load: Load, old: Replaced): Promise<void> {
  await inSteps(load, old.budgets, keepWorseBudgets);
  await inSteps(load, old.days, keepWorseDays);
  await inSteps(load, old.throttles, keepWorseThrottles);
  await inSteps(load, old.texts, keepTexts);
}

async function inSteps<T>(
  load: Load,
  rows: readonly T[],
  keep: (tx: Tx, rows: readonly T[]) => Promise<unknown>,
): Promise<void> {
  for (let start = 0; start < rows.length; start += AT_ONCE)
    await load.run((tx) => keep(tx, rows.slice(start, start + AT_ONCE)));
}

/**
 * What an app or a key has shown since may not be taken again (R10, R82). Where the replaced database tells each counter and
 * nothing is used in it any more, the code of this moment is the last one that is spent; else whatever anybody could have
 * accepted by now.
 */
export async function spendCounters(load: Load, now: number, old: Replaced | null): Promise<void> {
  const isExact = old !== null && old.active !== null && old.isStill;
  const kinds = new Map(factorCare().map((care) => [care.kind, care]));
  for (const { kind, spentBy, spentAt } of kinds.values()) {
    const least = isExact ? spentAt : spentBy;
    if (least) await load.run((tx) => raiseCounters(tx, kind, least(now)));
  }
  if (old === null) return;
  for (let after = ''; ; ) {
    const factors = await load.run((tx) => nextFactors(tx, after, AT_ONCE));
    const last = factors.at(-1);
    if (!last) return;
    after = last.id;
    const risen = new Map<string, number>();
    for (const { id, kind, counter } of factors) {
      // One that is gone from there was taken away since, and what it had shown by then went with it.
      const least = old.counters.get(id) ?? kinds.get(kind)?.spentBy?.(now) ?? 0;
      if (least > counter) risen.set(id, least);
    }
    await load.run((tx) => raiseEach(tx, risen));
  }
}
