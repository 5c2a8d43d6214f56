import { isWebAddress } from '../clients/address-rules.ts';
import { findClient } from '../clients/store.ts';
import type { TaskHandler } from '../delivery/outbox.ts';
import type { Deps } from '../deps.ts';
import { SECOND } from '../kit/clock.ts';
import { signJwt } from '../kit/jwt.ts';
import type { PrivateJwk } from '../kit/key-pair.ts';
import { newToken } from '../kit/random.ts';
import { TELL_CLIENT } from '../sessions/session-clients.ts';
import { loadSigningKeys } from './signing-keys.ts';

const PATIENCE = 5 * SECOND;
/** An app that doesn't answer holds up the others for one try, not for each of its people's. */
const REST = 20 * SECOND;
/** Read at once or never (OpenID Connect Back-Channel Logout 1.0, 2.4). */
const TOKEN_SECONDS = 120;

/** The work of this room that the outbox does, by name. */
export function oidcTasks(deps: Deps): Readonly<Record<string, TaskHandler>> {
  const resting = new Map<string, number>();
  return {
    /** An app is told that a session has ended (R67). @throws until it has taken notice */
    async [TELL_CLIENT]({ client: clientId = '', account = '', sid = '' }) {
      const client = await findClient(deps.database.db, clientId);
      // Removed, or not interested any more: there is nobody to tell.
      if (!client?.backchannelLogoutUri || !isWebAddress(client.backchannelLogoutUri)) return;
      const now = deps.clock.now();
      if (now < (resting.get(clientId) ?? 0)) throw new Error('the app did not answer a moment ago');
      const keys = await loadSigningKeys(deps);
      // What every app takes, and what its ID tokens are signed with.
      const key = keys.find(({ alg }) => alg === 'RS256') as PrivateJwk;
      const token = signJwt(key, 'logout+jwt', {
        iss: deps.config.baseUrl,
        aud: clientId,
        iat: Math.floor(now / 1000),
        exp: Math.floor(now / 1000) + TOKEN_SECONDS,
        jti: newToken(deps.random),
        sub: account,
        sid,
        events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
      });
      try {
        await post(client.backchannelLogoutUri, token);
        resting.delete(clientId);
      } catch (error) {
        resting.set(clientId, now + REST);
        throw error;
      }
    },
  };
}

/** To the address that an administrator registered, and nowhere else: no redirect is followed. */
async function post(address: string, token: string): Promise<void> {
  const answer = await fetch(address, {
    method: 'POST',
    body: new URLSearchParams({ logout_token: token }),
    redirect: 'manual',
    signal: AbortSignal.timeout(PATIENCE),
  });
  await answer.body?.cancel();
  if (answer.status !== 200 && answer.status !== 204) throw new Error(`the app answered ${answer.status}`);
}
