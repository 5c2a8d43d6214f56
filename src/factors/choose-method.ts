import type { Account } from '../accounts/account.ts';
import type { Deps } from '../deps.ts';
import { Refusal } from '../kit/refusal.ts';
import { forbiddenKinds } from './accepted.ts';
import { answerMethods } from './all.ts';
import type { AnswerMethod, FactorRow } from './factor.ts';
import { listFactors } from './store.ts';

/**
 * What this account can answer with: the preferred method first, then the strongest; recovery codes last (screen 2). A
 * kind that is not accepted any more answers only where the person has nothing else.
 */
export async function methodsOf(
  deps: Deps,
  account: Account,
  factors: readonly FactorRow[],
): Promise<AnswerMethod[]> {
  const available = await availableOf(deps, account, factors);
  const forbidden = await forbiddenKinds(deps.database.db);
  const accepted = available.filter(({ kind }) => !forbidden.has(kind));
  const preferred = factors.find((factor) => factor.preferred === 1)?.kind;
  const methods = accepted.some(isFactor) ? accepted : available;
  return methods.sort((left, right) => rank(right, preferred) - rank(left, preferred));
}

async function availableOf(
  deps: Deps,
  account: Account,
  factors: readonly FactorRow[],
): Promise<AnswerMethod[]> {
  const available: AnswerMethod[] = [];
  for (const method of answerMethods()) {
    if (await method.isAvailable(deps, account, factors)) available.push(method);
  }
  return available;
}

/** A recovery code is a spare. */
const isFactor = ({ strength }: AnswerMethod) => strength > 0;

function rank(method: AnswerMethod, preferred: string | undefined): number {
  return method.kind === preferred ? 100 : method.strength;
}

/**
 * A page that is older than the rule, or a request without a page, names what is not asked any more. What the account
 * has not got is no matter of this: it answers nothing. @throws {Refusal} method_forbidden
 */
export async function assertAsked(deps: Deps, account: Account, method: AnswerMethod): Promise<void> {
  const { db } = deps.database;
  if (!(await forbiddenKinds(db)).has(method.kind)) return;
  const factors = await listFactors(db, account.id);
  if (!(await methodsOf(deps, account, factors)).includes(method)) throw new Refusal('method_forbidden');
}

/**
 * Whether something more than a recovery code would still answer. A key that is bound to another name, or a phone where
 * text messages are off, is there and answers nothing.
 */
export async function canAnswer(
  deps: Deps,
  account: Account,
  factors: readonly FactorRow[],
): Promise<boolean> {
  return (await availableOf(deps, account, factors)).some(isFactor);
}

/** Without this factor nothing would sign in any more, or nothing that is accepted (`forbidden`: kinds that are not). */
export async function isLast(
  deps: Deps,
  account: Account,
  factors: readonly FactorRow[],
  factor: FactorRow,
  forbidden: ReadonlySet<string>,
): Promise<boolean> {
  const remaining = factors.filter((other) => other !== factor);
  if (!(await canAnswer(deps, account, remaining))) return true;
  if (forbidden.has(factor.kind)) return false;
  const accepted = remaining.filter(({ kind }) => !forbidden.has(kind));
  return !(await canAnswer(deps, account, accepted));
}

/** The named method, or the first; null when the account has none, or not this one. */
export function pickMethod(methods: readonly AnswerMethod[], kind: string | undefined): AnswerMethod | null {
  if (kind === undefined) return methods[0] ?? null;
  return methods.find((method) => method.kind === kind) ?? null;
}
