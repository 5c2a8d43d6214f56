import { findAccount } from '../accounts/store.ts';
import { record } from '../audit/record.ts';
import { revokeGrant } from '../clients/grant-store.ts';
import { consumeToken, findToken } from '../clients/token-store.ts';
import type { Deps } from '../deps.ts';
import { exchangeOf } from './exchange.ts';
import type { Library } from './library.ts';

/** One winner, over all instances. Whoever comes later, or at the same time, ends what was given to the first (R63). */
export async function redeem(deps: Deps, library: Library, hash: string): Promise<void> {
  const { database, clock } = deps;
  if (await database.transaction((tx) => consumeToken(tx, hash, clock.now()))) return;
  const found = await findToken(database.db, hash);
  if (found?.grant_id) await endGrant(deps, library, found.grant_id);
  throw new library.errors.InvalidGrant('used already');
}

/** With every token that rests on it. Of one that ends because something of it was used twice, a record is kept. */
export async function endGrant({ database }: Deps, { Provider }: Library, grantId: string): Promise<void> {
  const ctx = Provider.ctx;
  await database.transaction(async (tx) => {
    const revoked = await revokeGrant(tx, grantId);
    if (!revoked || ctx?.oidc.route !== 'token') return;
    await record(tx, exchangeOf(ctx).visit, {
      event: 'app.token_reused',
      outcome: 'failure',
      subject: await findAccount(tx, revoked.account_id),
      actor: revoked.client_id,
      detail: { client: revoked.client_id },
    });
  });
}
