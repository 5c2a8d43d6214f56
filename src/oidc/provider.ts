import type { IncomingMessage, ServerResponse } from 'node:http';
import type Provider from 'oidc-provider';
import { isAway } from '../database/database-away.ts';
import type { Deps } from '../deps.ts';
import { SECOND } from '../kit/clock.ts';
import { sameText, tokenHash } from '../kit/encoding.ts';
import type { PrivateJwk } from '../kit/key-pair.ts';
import { serializeCookie } from '../web/cookies.ts';
import type { Site } from '../web/site.ts';
import { commitWrites } from './commit-writes.ts';
import { configuration } from './configuration.ts';
import { errorRenderer } from './error-page.ts';
import { exchangeOf } from './exchange.ts';
import { keepAnswers, onlyOurPages } from './form-post.ts';
import { type Library, loadLibrary } from './library.ts';
import { openAfterwards } from './open-interactions.ts';
import { showOurSessions } from './session-view.ts';
import { loadSigningKeys } from './signing-keys.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** Keys that another process made are seen at the latest after so long. */
const KEYS_ARE_FRESH = 10 * SECOND;

/** The library with the keys of the moment; made when it is first asked for, and anew when the keys have changed. */
export function createHandler(deps: Deps, site: Site): () => Promise<Handler> {
  let made: { readonly ids: string; readonly handler: Handler } | null = null;
  let freshUntil = 0;
  let loading: Promise<Handler> | null = null;

  async function load(): Promise<Handler> {
    const [keys, library] = [await loadSigningKeys(deps), await loadLibrary()];
    const ids = keys.map(({ kid }) => kid).join(' ');
    if (made?.ids !== ids) made = { ids, handler: handlerWith(deps, site, library, keys) };
    freshUntil = deps.clock.now() + KEYS_ARE_FRESH;
    return made.handler;
  }

  return () => {
    if (made && deps.clock.now() < freshUntil) return Promise.resolve(made.handler);
    loading ??= load().finally(() => {
      loading = null;
    });
    return loading;
  };
}

function handlerWith(deps: Deps, site: Site, library: Library, keys: readonly PrivateJwk[]): Handler {
  const { config, log } = deps;
  const provider = new library.default(
    config.baseUrl,
    configuration(deps, library, keys, errorRenderer(site, library)),
  );
  // Address and protocol of a request are those that `relay` writes into it: always BASE_URL's.
  provider.proxy = true;
  // Faults are logged below, through our own redaction.
  provider.silent = true;
  compareHashes(provider);
  showOurSessions(provider);
  nameWhatIsNotAllowed(provider);
  provider.on('server_error', (ctx, error) => {
    exchangeOf(ctx).fault = error;
  });
  provider.use(async (ctx, next) => {
    await next();
    const exchange = exchangeOf(ctx);
    const { fault, visit } = exchange;
    // What the library would remember in the browser stands in our own cookie.
    ctx.remove('set-cookie');
    const cookies = openAfterwards(deps, visit, exchange);
    if (cookies.length > 0)
      ctx.set(
        'set-cookie',
        cookies.map((cookie) => serializeCookie(cookie, config.secure)),
      );
    if (fault === null) return;
    log.error({ err: fault, requestId: visit.requestId, path: visit.path, method: ctx.method }, 'fault');
    if (!isAway(fault)) return;
    ctx.status = 503;
    ctx.set('retry-after', '5');
  });
  provider.use(onlyOurPages(site));
  provider.use(commitWrites(deps));
  keepAnswers(provider);
  return provider.callback() as Handler;
}

/** To an app that asks as a program would, or the other way round, the library says `invalid_request` (RFC 6749, 5.2). */
function nameWhatIsNotAllowed(provider: Provider): void {
  provider.on('grant.error', (ctx, { error, error_description }) => {
    const { client, params } = ctx.oidc;
    const grant = params?.['grant_type'];
    if (error !== 'invalid_request' || !client || typeof grant !== 'string') return;
    if (!client.grantTypeAllowed(grant)) ctx.body = { error: 'unauthorized_client', error_description };
  });
}

/** What is stored for a secret is its hash. */
function compareHashes({ Client }: Provider): void {
  Client.prototype.compareClientSecret = function (secret: string) {
    return sameText(this.clientSecret as string, tokenHash(secret));
  };
  // Every app hears which session a token is of.
  Client.prototype.includeSid = () => true;
}
