import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/server';
import type { Account } from '../../accounts/account.ts';
import type { Deps } from '../../deps.ts';
import { MINUTE } from '../../kit/clock.ts';
import {
  type Challenge,
  type ChallengeOwner,
  findChallenge,
  putChallenge,
  takeChallenge,
} from '../challenge.ts';
import type { Key } from './keys.ts';
import { ALGORITHMS, userHandleOf } from './rules.ts';

/** R17. In milliseconds. */
export const CHALLENGE_LIFETIME = 5 * MINUTE;
const CHALLENGE_BYTES = 32;

/** What the browser signs, and until when. */
export interface Asking {
  /** base64url */
  readonly challenge: string;
  readonly expiresAt: number;
}

export function newChallenge({ random }: Pick<Deps, 'random'>): string {
  return random.bytes(CHALLENGE_BYTES).toString('base64url');
}

/** Past its half it is renewed, so that whoever looks at a page has time to find the key. */
export function isYoung({ expiresAt }: Pick<Challenge, 'expiresAt'>, now: number): boolean {
  return expiresAt - now > CHALLENGE_LIFETIME / 2;
}

/** An enrolment and a step-up of one session are two questions. */
function kindOf({ purpose }: ChallengeOwner): string {
  return purpose === 'enrol' ? 'webauthn-enrol' : 'webauthn';
}

/** The same across reloads while it is young (R17). */
export async function currentChallenge(deps: Deps, owner: ChallengeOwner): Promise<Asking> {
  const found = await findChallenge(deps, owner, kindOf(owner));
  if (found && isYoung(found, deps.clock.now())) return asking(found);
  const data = { challenge: newChallenge(deps) };
  const made = await deps.database.transaction((tx) =>
    putChallenge(tx, deps, owner, kindOf(owner), data, CHALLENGE_LIFETIME),
  );
  return asking(made);
}

/** Gone and committed before anything is checked: one answer of many has it (R17). Null: there is none to answer. */
export async function spendChallenge(deps: Deps, owner: ChallengeOwner): Promise<string | null> {
  const found = await findChallenge(deps, owner, kindOf(owner));
  if (!found) return null;
  const won = await deps.database.transaction((tx) => takeChallenge(tx, found.id, deps.clock.now()));
  return won ? asking(found).challenge : null;
}

function asking({ data, expiresAt }: Challenge): Asking {
  return { challenge: data['challenge'] ?? '', expiresAt };
}

/** For `parseRequestOptionsFromJSON`. Without keys: any passkey that the person's devices have for us. */
export function requestOptions(
  { challenge, expiresAt }: Asking,
  rpId: string,
  now: number,
  keys: readonly Key[] | null,
): PublicKeyCredentialRequestOptionsJSON {
  return {
    challenge,
    rpId,
    timeout: expiresAt - now,
    // A second step after the password takes keys without a PIN too; a passkey stands for both steps (R19).
    userVerification: keys ? 'preferred' : 'required',
    ...(keys ? { allowCredentials: keys.map(descriptor) } : {}),
  };
}

/** For `parseCreationOptionsFromJSON`. */
export function creationOptions(
  { challenge, expiresAt }: Asking,
  rp: { readonly id: string; readonly name: string },
  account: Account,
  own: readonly Key[],
  { now, attested }: { readonly now: number; readonly attested: boolean },
): PublicKeyCredentialCreationOptionsJSON {
  return {
    challenge,
    rp,
    user: { id: userHandleOf(account.id), name: account.email, displayName: account.name },
    pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: 'public-key', alg })),
    timeout: expiresAt - now,
    attestation: attested ? 'direct' : 'none',
    excludeCredentials: own.map(descriptor),
    authenticatorSelection: {
      residentKey: 'preferred',
      requireResidentKey: false,
      userVerification: 'preferred',
    },
    extensions: { credProps: true },
  };
}

function descriptor({ factor, data }: Key) {
  return {
    type: 'public-key' as const,
    id: factor.external_id ?? '',
    transports: [...data.transports],
  };
}
