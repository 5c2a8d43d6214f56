import type { KoaContextWithOIDC } from 'oidc-provider';
import { consumeToken, findToken } from '../../clients/token-store.ts';
import type { Deps } from '../../deps.ts';
import { tokenHash } from '../../kit/encoding.ts';
import type { SignedIn } from '../../sessions/session.ts';
import { accountFinder } from '../claims.ts';
import { TRIED } from '../paths.ts';
import { readToken } from '../token.ts';
import { challengeOf, type Trial } from './trial.ts';

export interface Told {
  readonly idToken: Readonly<Record<string, unknown>>;
  readonly userinfo: Readonly<Record<string, unknown>>;
}

/**
 * What the token and the userinfo endpoint would say for this code. The app's secret is nowhere here, so the code is not
 * redeemed at the endpoint but read and used up, by whoever tried this very sign-in. Null: it is none of theirs.
 */
export async function redeemTrial(
  deps: Deps,
  { account }: SignedIn,
  trial: Trial,
  code: string,
): Promise<Told | null> {
  const { database, clock, config } = deps;
  const hash = tokenHash(code);
  const found = await findToken(database.db, hash);
  if (found?.kind !== 'AuthorizationCode' || found.consumed_at !== null) return null;
  const said = readToken(deps, found, code);
  if (!said || said.clientId !== trial.clientId || said.accountId !== account.id) return null;
  if (said.redirectUri !== config.baseUrl + TRIED || said.codeChallenge !== challengeOf(trial.verifier))
    return null;
  if (!(await database.transaction((tx) => consumeToken(tx, hash, clock.now())))) return null;
  // No token is given, so there is no request of the app's to look at.
  const nobody = { oidc: {} } as KoaContextWithOIDC;
  const person = await accountFinder(deps)(nobody, account.id);
  if (!person) return null;
  const scope = String(said.scope ?? '');
  const { acr, amr, authTime: auth_time, nonce, sid } = said;
  return {
    idToken: {
      iss: config.baseUrl,
      aud: trial.clientId,
      ...(await person.claims('id_token', scope, {}, [])),
      acr,
      amr,
      auth_time,
      nonce,
      sid,
    },
    userinfo: await person.claims('userinfo', scope, {}, []),
  };
}
