import type { Account } from '../accounts/account.ts';
import type { Deps } from '../deps.ts';
import { Refusal } from '../kit/refusal.ts';
import { forbiddenKinds } from './accepted.ts';
import { answerMethods, isSpare } from './all.ts';
import type { AnswerMethod, FactorRow } from './factor.ts';
import { listFactors } from './store.ts';
import { workingOf } from './working.ts';

/**
 * What an account with these factors can answer with: the preferred method first, then the strongest; the spare last,
 * a recovery code (screen 2). A kind that is not accepted any more answers only where the person has nothing else.
 */
export async function methodsOf(deps: Deps, factors: readonly FactorRow[]): Promise<AnswerMethod[]> {
  const working = workingOf(deps, factors, await forbiddenKinds(deps.database.db));
  const kinds = new Set(working.map(({ kind }) => kind));
  const preferred = factors.find((factor) => factor.preferred === 1)?.kind;
  return answerMethods()
    .filter((method) => (isSpare(method) ? factors.length > 0 : kinds.has(method.kind)))
    .sort((left, right) => rank(right, preferred) - rank(left, preferred));
}

function rank(method: AnswerMethod, preferred: string | undefined): number {
  return method.kind === preferred ? 100 : method.strength;
}

/**
 * A page that is older than the rule, or a request without a page, names what is not asked any more. What the account
 * has not got is no matter of this: it answers nothing. @throws {Refusal} method_forbidden
 */
export async function assertAsked(
  deps: Deps,
  { id }: Pick<Account, 'id'>,
  method: AnswerMethod,
): Promise<void> {
  const { db } = deps.database;
  if (!(await forbiddenKinds(db)).has(method.kind)) return;
  if (!(await methodsOf(deps, await listFactors(db, id))).includes(method))
    throw new Refusal('method_forbidden');
}

/** The named method, or the first; null when the account has none, or not this one. */
export function pickMethod(methods: readonly AnswerMethod[], kind: string | undefined): AnswerMethod | null {
  if (kind === undefined) return methods[0] ?? null;
  return methods.find((method) => method.kind === kind) ?? null;
}
