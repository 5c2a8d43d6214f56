import type { Account } from '../accounts/account.ts';
import type { Db } from '../database/open.ts';
import type { Deps } from '../deps.ts';
import { enrolmentPolicy, enrolmentPolicyIn } from '../factors/accepted.ts';
import { careOf, factorCare, namedIn } from '../factors/all.ts';
import type { FactorRow } from '../factors/factor.ts';
import { lossesOf } from '../factors/loss-rules.ts';
import { codesLeft } from '../factors/recovery-codes/store.ts';
import { listFactors } from '../factors/store.ts';
import { waysToAdd } from '../factors/ways-to-add.ts';
import { workingOf } from '../factors/working.ts';
import type { Content } from '../kit/html.ts';
import { demandOf } from '../policy/demand.ts';
import { allPolicyValues, type PolicyValues } from '../policy/values.ts';
import type { Enrolling } from '../sessions/enrolment-pass.ts';
import { listTrustedBrowsers, type TrustedBrowser } from '../sessions/trusted-browser.ts';
import type { Visit } from '../web/visit.ts';
import type { Locale } from '../words/locale.ts';
import { dueCheckUp } from './check-up.ts';
import type { Overview } from './overview-pages.ts';

/** What somebody with an enrolment pass can set up; after a temporary pass everything begins anew. */
export async function waysToEnter(deps: Deps, { account, pass }: Enrolling, locale: Locale) {
  const anew = account.two_factor_at === null || pass.recovery_id !== null;
  const rows = anew ? [] : await listFactors(deps.database.db, account.id);
  return waysToAdd(deps, await enrolmentPolicy(deps.database.db), rows, locale);
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
  const values = await allPolicyValues(db);
  const policy = enrolmentPolicyIn(values);
  const working = workingOf(deps, rows, policy.forbidden);
  return {
    account,
    factors: rows.map((row) => {
      const care = careOf(row.kind);
      const detail = care?.detail(deps, row, visit.locale) ?? null;
      return {
        row,
        icon: care?.icon ?? 'shield',
        detail,
        works: working.includes(row),
        accepted: !policy.forbidden.has(row.kind),
      };
    }),
    protectedBy: factorCare().flatMap(({ kind, counted }) => {
      const count = working.filter((row) => row.kind === kind).length;
      return count === 0 ? [] : counted(visit.locale, count);
    }),
    adding: waysToAdd(deps, policy, rows, visit.locale),
    losses: lossesOf(
      working.map((row) => ({ id: row.id, carrier: careOf(row.kind)?.carrier(deps, row) ?? null })),
    ),
    codes: await codesLeft(db, account.id),
    browsers: account.two_factor_at === null ? null : await trustedBrowsers(db, account, values, visit.now),
    checkUp: await dueCheckUp(db, account, visit.now),
    required: await demandOf(db, account, visit.now),
    told: await whatBrowsersKnow(deps, account, rows),
    message,
  };
}

async function whatBrowsersKnow(deps: Deps, account: Account, rows: readonly FactorRow[]) {
  const told = factorCare().map((care) => care.tellBrowser?.(deps, account, rows));
  return (await Promise.all(told)).flatMap((one) => one ?? []);
}

/** Null where there is none and administrators forbid to trust any. */
async function trustedBrowsers(
  db: Db,
  account: Account,
  values: PolicyValues,
  now: number,
): Promise<TrustedBrowser[] | null> {
  const browsers = await listTrustedBrowsers(db, account, now);
  return browsers.length > 0 || values.trusted_browsers === 'allowed' ? browsers : null;
}
