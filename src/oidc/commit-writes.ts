import type { KoaContextWithOIDC } from 'oidc-provider';
import type { Deps } from '../deps.ts';
import { exchangeOf } from './exchange.ts';
import { endReused, UsedAlready } from './redeem.ts';

/**
 * What the token endpoint gives for a code or a refresh token is stored together with its being used up: in one
 * transaction, after the library is done and before anything is answered. Whoever loses the race for it gets what the
 * library says of one that is used up (R63).
 */
export function commitWrites(deps: Deps) {
  return async (ctx: KoaContextWithOIDC, next: () => Promise<unknown>): Promise<void> => {
    await next();
    const exchange = exchangeOf(ctx);
    const { writes } = exchange;
    if (!writes || writes.length === 0 || ctx.status !== 200) return;
    try {
      await deps.database.transaction(async (tx) => {
        for (const write of writes) await write(tx);
      });
    } catch (error) {
      if (error instanceof UsedAlready) {
        await endReused(deps, error, exchange);
        ctx.status = 400;
        ctx.body = { error: 'invalid_grant', error_description: 'grant request is invalid' };
        return;
      }
      exchange.fault = error;
      ctx.status = 500;
      ctx.body = { error: 'server_error', error_description: 'oops! something went wrong' };
    }
  };
}
