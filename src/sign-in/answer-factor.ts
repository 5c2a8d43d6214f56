import type { Tx } from '../database/open.ts';
import type { Deps } from '../deps.ts';
import { askedAt } from '../factors/ask-page.ts';
import { examineAnswer } from '../factors/examine-answer.ts';
import type { AnswerMethod } from '../factors/factor.ts';
import { Refusal } from '../kit/refusal.ts';
import { completeSignIn } from '../sessions/complete.ts';
import { type NearMiss, nearMissOf, noteNearMiss, returnAttempt, spendAttempt } from '../sessions/pending.ts';
import type { PendingWho } from '../sessions/require.ts';
import { mayTrustBrowsers } from '../sessions/trusted-browser.ts';
import type { SetCookie } from '../web/answer.ts';
import type { Visit } from '../web/visit.ts';

/** The second step of a sign-in. @throws {Refusal} what `examineAnswer` throws */
export async function answerFactor(
  deps: Deps,
  visit: Visit,
  { pending, account }: PendingWho,
  { method, answer, trust }: { method: AnswerMethod; answer: string; trust: boolean },
): Promise<{ cookies: readonly SetCookie[]; next: string }> {
  const tries = {
    before: pending.attempts,
    nearMiss: nearMissOf(pending),
    async spend(tx: Tx) {
      if (await spendAttempt(tx, pending.id, visit.now)) return;
      throw new Refusal('pending_ended', { returnTo: pending.return_to });
    },
    giveBack: (tx: Tx) => returnAttempt(tx, pending.id),
    noteNearMiss: (tx: Tx, miss: NearMiss | null) => noteNearMiss(tx, pending.id, miss),
  };
  const asked = askedAt({ base: '/sign-in/factor', holderId: pending.id });
  const event = 'sign_in.factor' as const;
  const trusting = trust && (await mayTrustBrowsers(deps.database.db));
  const question = { account, method, asked, answer, tries, event, sessionId: null };
  const { cookies, sessionId } = await examineAnswer(deps, visit, question, (tx, accepted) =>
    completeSignIn(tx, deps, visit, account.id, {
      by: 'answer',
      pending,
      answer: accepted,
      method,
      trust: trusting,
    }),
  );
  return { cookies, next: sessionId === null ? '/account/security' : pending.return_to };
}
