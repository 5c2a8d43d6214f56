import { record } from '../audit/record.ts';
import type { Tx } from '../database/open.ts';
import type { Deps } from '../deps.ts';
import { assertAccepted } from '../factors/accepted.ts';
import { passkeys } from '../factors/all.ts';
import { REJECTED } from '../factors/factor.ts';
import type { PasskeyVerdict } from '../factors/passkey-door.ts';
import { whileCrowded } from '../kit/pause.ts';
import { Refusal } from '../kit/refusal.ts';
import { completeSignIn, Replayed } from '../sessions/complete.ts';
import { reserveTry, settleRightTry, settleWrongTry, tooManyTries } from '../throttle/brake.ts';
import { PASSKEY_FROM_NETWORK } from '../throttle/brakes.ts';
import { networkPrefix } from '../throttle/network.ts';
import type { SetCookie } from '../web/answer.ts';
import type { Visit } from '../web/visit.ts';

type Settle = (tx: Tx, visit: Visit) => Promise<void>;

/**
 * A passkey that verified its person is both steps at once (R19). Try and challenge are spent and committed before
 * anything is looked at; whatever is wrong, one sentence says so. -> cookies to set.
 * @throws {Refusal} passkey_refused, method_forbidden, too_many_attempts
 */
export async function signInWithPasskey(
  deps: Deps,
  visit: Visit,
  credential: string,
): Promise<readonly SetCookie[]> {
  // By the password and the key, somebody who has nothing else gets as far as setting up another factor.
  const { kind } = passkeys();
  await assertAccepted(deps.database.db, kind);
  const brake = `passkey/${networkPrefix(visit.network)}`;
  const challenge = await spend(deps, visit, brake);
  const found = challenge === null ? NOTHING : await passkeys().check(deps, challenge, credential);
  const { account, verdict } = found;
  if (verdict.kind === 'rejected' || !account) {
    return refuse(deps, visit, brake, found, verdict.kind === 'rejected' ? verdict.settle : undefined);
  }
  try {
    const { cookies } = await deps.database.transaction(async (tx) => {
      await settleRightTry(tx, brake);
      const { detail = {} } = verdict;
      await record(tx, visit, { event: 'sign_in.passkey', subject: account, method: kind, detail });
      const { security_version: securityVersion } = account;
      return completeSignIn(tx, deps, visit, account.id, {
        by: 'passkey',
        kind,
        securityVersion,
        answer: verdict,
      });
    });
    return [...cookies, passkeys().forget];
  } catch (error) {
    if (error instanceof Replayed) return refuse(deps, visit, brake, found, verdict.lost);
    // The account changed in this very moment.
    if (error instanceof Refusal && error.code === 'pending_ended') return refuse(deps, visit, brake, found);
    throw error;
  }
}

const NOTHING: PasskeyVerdict = { account: null, verdict: REJECTED, unknown: null };

/** -> the challenge, if this browser was asked one and nobody has answered it. @throws {Refusal} too_many_attempts */
async function spend(deps: Deps, visit: Visit, brake: string): Promise<string | null> {
  const taken = await whileCrowded(() =>
    deps.database.transaction(async (tx) => {
      const take = await reserveTry(tx, brake, PASSKEY_FROM_NETWORK, visit.now);
      const challenge = take.kind === 'taken' ? await passkeys().spend(tx, deps, visit) : null;
      return { ...take, challenge };
    }),
  );
  if (taken?.kind === 'taken') return taken.challenge;
  throw tooManyTries(taken);
}

async function refuse(
  deps: Deps,
  visit: Visit,
  brake: string,
  { account, unknown }: PasskeyVerdict,
  settle?: Settle,
): Promise<never> {
  await deps.database.transaction(async (tx) => {
    await settleWrongTry(tx, brake, PASSKEY_FROM_NETWORK, deps.clock.now());
    await record(tx, visit, {
      event: 'sign_in.passkey',
      outcome: 'failure',
      subject: account,
      method: passkeys().kind,
    });
    await settle?.(tx, visit);
  });
  throw new Refusal('passkey_refused', unknown === null ? {} : { unknownCredential: unknown });
}
