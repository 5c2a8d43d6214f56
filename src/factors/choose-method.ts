import type { Account } from '../accounts/account.ts';
import type { Deps } from '../deps.ts';
import { answerMethods } from './all.ts';
import type { AnswerMethod, FactorRow } from './factor.ts';

/** What this account can answer with: the preferred method first, then the strongest; recovery codes last (screen 2). */
export async function methodsOf(
  deps: Deps,
  account: Account,
  factors: readonly FactorRow[],
): Promise<AnswerMethod[]> {
  const available: AnswerMethod[] = [];
  for (const method of answerMethods()) {
    if (await method.isAvailable(deps, account, factors)) available.push(method);
  }
  const preferred = factors.find((factor) => factor.preferred === 1)?.kind;
  return available.sort((left, right) => rank(right, preferred) - rank(left, preferred));
}

function rank(method: AnswerMethod, preferred: string | undefined): number {
  return method.kind === preferred ? 100 : method.strength;
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
  return (await methodsOf(deps, account, factors)).some(({ strength }) => strength > 0);
}

/** The named method, or the first; null when the account has none, or not this one. */
export function pickMethod(methods: readonly AnswerMethod[], kind: string | undefined): AnswerMethod | null {
  if (kind === undefined) return methods[0] ?? null;
  return methods.find((method) => method.kind === kind) ?? null;
}
