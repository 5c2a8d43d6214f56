import { findAccount } from '../../accounts/store.ts';
import type { Tx } from '../../database/open.ts';
import { prepared } from '../../database/prepared.ts';
import { restoredAt } from '../../database/restored-at.ts';
import type { Deps } from '../../deps.ts';
import { tokenHash } from '../../kit/encoding.ts';
import { SealBroken } from '../../kit/seal.ts';
import type { Visit } from '../../web/visit.ts';
import { REJECTED } from '../factor.ts';
import type { PasskeyDoor, PasskeyQuestion, PasskeyVerdict } from '../passkey-door.ts';
import { acceptKey } from './accept-key.ts';
import { type Asking, CHALLENGE_LIFETIME, isYoung, newChallenge, requestOptions } from './ask.ts';
import { CEREMONY_SCRIPTS, passkeyForm } from './ceremony.ts';
import { findByCredential, isAwaited, usableKeys } from './keys.ts';
import { readAssertion } from './read-credential.ts';
import { rpIdOf, userHandleOf } from './rules.ts';
import { verifyAssertion } from './verify.ts';

const COOKIE = 'passkey';

/** Nobody has signed in yet, so the browser keeps the question: sealed, for five minutes, good for one answer. */
export const passkeyDoor: PasskeyDoor = {
  kind: 'webauthn',
  ask,
  askAnew,
  async spend(tx, deps, visit) {
    const asking = readQuestion(deps, visit);
    // Asked before a restore, it may have been answered then: what was spent since the backup is forgotten (R82).
    if (!asking || asking.expiresAt - CHALLENGE_LIFETIME <= (await restoredAt(tx))) return null;
    return (await spendQuestion(tx, asking)) ? asking.challenge : null;
  },
  check,
  forget: { name: COOKIE, value: null },
  form({ config }, { locale }, { options, page, unknown, tried, fields }) {
    const told = unknown && { rpId: rpIdOf(config.baseUrl), credentialId: unknown };
    return passkeyForm({
      locale,
      ceremony: { kind: 'get', options, page },
      fields,
      data: {
        ...(told ? { 'data-unknown': JSON.stringify(told) } : {}),
        ...(tried ? { 'data-tried': '' } : {}),
      },
    });
  },
  scripts: CEREMONY_SCRIPTS,
};

function ask(deps: Deps, visit: Visit): PasskeyQuestion | null {
  const rpId = rpIdOf(deps.config.baseUrl);
  if (rpId === null) return null;
  const kept = readQuestion(deps, visit);
  if (kept && isYoung(kept, visit.now)) {
    return { options: requestOptions(kept, rpId, visit.now, null), cookies: [] };
  }
  return askAnew(deps, visit);
}

function askAnew(deps: Deps, visit: Visit): PasskeyQuestion | null {
  const rpId = rpIdOf(deps.config.baseUrl);
  if (rpId === null) return null;
  const asking = { challenge: newChallenge(deps), expiresAt: visit.now + CHALLENGE_LIFETIME };
  const value = deps.seal.seal('cookie', COOKIE, JSON.stringify(asking));
  return {
    options: requestOptions(asking, rpId, visit.now, null),
    cookies: [{ name: COOKIE, value, maxAge: CHALLENGE_LIFETIME / 1000 }],
  };
}

/** The question that this browser was asked and may still answer. */
function readQuestion({ seal }: Pick<Deps, 'seal'>, visit: Visit): Asking | null {
  const sealed = visit.cookies[COOKIE];
  if (!sealed) return null;
  try {
    const asking = JSON.parse(seal.open('cookie', COOKIE, sealed)) as Asking;
    return asking.expiresAt > visit.now ? asking : null;
  } catch (error) {
    // Anybody can send a cookie; a key that was retired since leaves one, too.
    if (error instanceof SealBroken) return null;
    throw error;
  }
}

const insertSpent = prepared<{ hash: string; expiresAt: number }>()((db, { hash, expiresAt }) =>
  db
    .insertInto('spent_challenge')
    .values({ hash, expires_at: expiresAt })
    .onConflict((conflict) => conflict.doNothing()),
);

/** One answer to one challenge, over all instances: whoever inserts first has it (R17). */
async function spendQuestion(tx: Tx, { challenge, expiresAt }: Asking): Promise<boolean> {
  return (await insertSpent.count(tx, { hash: tokenHash(challenge), expiresAt })) === 1;
}

/** The challenge has been spent before. A passkey that verified its person stands for both steps (R19). */
async function check(deps: Deps, challenge: string, text: string): Promise<PasskeyVerdict> {
  const answer = readAssertion(text);
  if (!answer) return { account: null, verdict: REJECTED, unknown: null };
  const factor = await findByCredential(deps.database.db, answer.id);
  if (!factor) {
    // One that was replaced may come back: a browser must not forget it meanwhile.
    const awaited = await isAwaited(deps.database.db, answer.id, deps.clock.now());
    return { account: null, verdict: REJECTED, unknown: awaited ? null : answer.id };
  }
  const account = await findAccount(deps.database.db, factor.account_id);
  const [key] = usableKeys(deps, [factor]);
  const refused = { account, verdict: REJECTED, unknown: null };
  if (!account || account.suspended_at !== null || !key) return refused;
  if (answer.response.userHandle !== userHandleOf(account.id)) return refused;
  const expected = { challenge, origin: deps.config.baseUrl, rpId: key.data.rpId };
  const asserted = await verifyAssertion(answer, expected, key.data, { userVerification: true });
  return asserted ? { ...refused, verdict: acceptKey(deps, account, key, asserted) } : refused;
}
