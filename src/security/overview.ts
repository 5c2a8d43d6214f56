import type { Account } from '../accounts/account.ts';
import type { Deps } from '../deps.ts';
import { careOf, factorCare, namedIn } from '../factors/all.ts';
import type { FactorRow } from '../factors/factor.ts';
import { codesLeft } from '../factors/recovery-codes/store.ts';
import { listFactors } from '../factors/store.ts';
import type { Content } from '../kit/html.ts';
import { demandOf } from '../policy/demand.ts';
import { listTrustedBrowsers } from '../sessions/trusted-browser.ts';
import type { Visit } from '../web/visit.ts';
import type { Locale } from '../words/locale.ts';
import { dueCheckUp } from './check-up.ts';
import { lossesOf } from './loss-rules.ts';
import type { Overview } from './overview-pages.ts';

/** What else than an authenticator app can be the first second step: a phone, where messages can be sent. */
export function otherFirsts(deps: Deps, account: Account, locale: Locale) {
  return waysToAdd(deps, account, [], locale).slice(1);
}

function waysToAdd(deps: Deps, account: Account, rows: readonly FactorRow[], locale: Locale) {
  return factorCare().flatMap((care) => care.adding(deps, account, rows, locale) ?? []);
}

/** Everything that Account > Security tells, read at once. */
export async function gatherOverview(
  deps: Deps,
  visit: Visit,
  account: Account,
  message: Content,
): Promise<Overview> {
  const { db } = deps.database;
  const rows = (await listFactors(db, account.id)).map((row) => namedIn(visit.locale, row));
  const working = rows.filter(({ suspended_at }) => suspended_at === null);
  return {
    account,
    factors: rows.map((row) => {
      const care = careOf(row.kind);
      return { row, icon: care?.icon ?? 'shield', detail: care?.detail(deps, row, visit.locale) ?? null };
    }),
    protectedBy: factorCare().flatMap(({ kind, counted }) => {
      const count = working.filter((row) => row.kind === kind).length;
      return count === 0 ? [] : counted(visit.locale, count);
    }),
    adding: waysToAdd(deps, account, rows, visit.locale),
    losses: lossesOf(
      working.map((row) => ({ id: row.id, carrier: careOf(row.kind)?.carrier(deps, row) ?? null })),
    ),
    codes: await codesLeft(db, account.id),
    browsers: account.two_factor_at === null ? [] : await listTrustedBrowsers(db, account, visit.now),
    checkUp: await dueCheckUp(db, account, visit.now),
    required: (await demandOf(db, account, visit.now)) !== null,
    told: factorCare().flatMap((care) => care.tellBrowser?.(deps, account, rows) ?? []),
    message,
  };
}
