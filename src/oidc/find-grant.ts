import type Provider from 'oidc-provider';
import type { KoaContextWithOIDC } from 'oidc-provider';
import { findConsent } from '../clients/consent-store.ts';
import { type GrantRow, listSessionGrants } from '../clients/grant-store.ts';
import type { Deps } from '../deps.ts';
import { newId } from '../kit/random.ts';
import { exchangeOf } from './exchange.ts';

type Grant = InstanceType<Provider['Grant']>;

/**
 * What the answer to this request may rest on: what its person has allowed on the page before; else what was allowed
 * once, as one grant for each session and app. Undefined: nothing was allowed yet, or it was taken back.
 */
export async function findGrantFor(deps: Deps, ctx: KoaContextWithOIDC): Promise<Grant | undefined> {
  const { provider, client, result } = ctx.oidc;
  const exchange = exchangeOf(ctx);
  if (!client || !exchange.who) return undefined;
  const { account, session } = exchange.who;
  const { db } = deps.database;
  if (result?.consent?.grantId) return provider.Grant.find(result.consent.grantId);
  const consent = await findConsent(db, account.id, client.clientId);
  if (!consent) return undefined;
  const now = deps.clock.now();
  const given = await listSessionGrants(db, { sessionId: session.id, clientId: client.clientId, now });
  const same = given.find(({ scope, claims }) => scope === consent.scope && claims === consent.claims);
  const row: GrantRow = same ?? {
    id: newId(deps.random),
    account_id: account.id,
    client_id: client.clientId,
    session_id: session.id,
    offline: 0,
    scope: consent.scope,
    claims: consent.claims,
    created_at: now,
    expires_at: session.expires_at,
  };
  if (!same) exchange.grant = row;
  const grant = new provider.Grant({ accountId: account.id, clientId: client.clientId });
  grant.jti = row.id;
  grant.addOIDCScope(row.scope);
  if (row.claims !== '') grant.addOIDCClaims(row.claims.split(' '));
  return grant;
}
