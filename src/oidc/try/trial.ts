import { createHash } from 'node:crypto';
import type { Deps } from '../../deps.ts';
import { newToken } from '../../kit/random.ts';
import { SealBroken } from '../../kit/seal.ts';
import type { SetCookie } from '../../web/answer.ts';
import type { Visit } from '../../web/visit.ts';
import { INTERACTION } from '../lifetimes.ts';
import { PATHS, TRIED } from '../paths.ts';
import { PERSONAL_SCOPES } from '../scopes.ts';

const COOKIE = 'trial';

/** A sign-in that an administrator tries: what an app keeps from its question to the answer. */
export interface Trial {
  readonly clientId: string;
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  readonly until: number;
}

/** All but `offline_access`, which would give something that outlives the try. */
export const TRIED_SCOPES = PERSONAL_SCOPES.filter((scope) => scope !== 'offline_access');

export const challengeOf = (verifier: string): string =>
  createHash('sha256').update(verifier).digest('base64url');

/** The authorization request that the app would make. `anew`: through both steps once more. */
export function beginTrial(
  { config, random, seal }: Pick<Deps, 'config' | 'random' | 'seal'>,
  visit: Pick<Visit, 'now'>,
  sessionId: string,
  clientId: string,
  anew: boolean,
): { readonly path: string; readonly cookie: SetCookie } {
  const [state, nonce, verifier] = [newToken(random), newToken(random), newToken(random)];
  const trial: Trial = { clientId, state, nonce, verifier, until: visit.now + INTERACTION };
  const query = new URLSearchParams({
    client_id: clientId,
    redirect_uri: config.baseUrl + TRIED,
    response_type: 'code',
    scope: TRIED_SCOPES.join(' '),
    code_challenge: challengeOf(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
    ...(anew ? { prompt: 'login' } : {}),
  });
  const value = seal.seal('cookie', ownerOf(sessionId), JSON.stringify(trial));
  return {
    path: `${PATHS.authorization}?${query}`,
    cookie: { name: COOKIE, value, maxAge: INTERACTION / 1000 },
  };
}

/** What this session tries at the moment; null for nothing. */
export function readTrial(
  { seal }: Pick<Deps, 'seal'>,
  { cookies, now }: Pick<Visit, 'cookies' | 'now'>,
  sessionId: string,
): Trial | null {
  const sealed = cookies[COOKIE];
  if (sealed === undefined) return null;
  try {
    const trial = JSON.parse(seal.open('cookie', ownerOf(sessionId), sealed)) as Trial;
    return now < trial.until ? trial : null;
  } catch (error) {
    if (error instanceof SealBroken) return null;
    throw error;
  }
}

export const FORGET_TRIAL: SetCookie = { name: COOKIE, value: null };

const ownerOf = (sessionId: string): string => `${COOKIE}/${sessionId}`;
