import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider';
import { findGrant } from '../clients/grant-store.ts';
import { findClientWithSecret } from '../clients/store.ts';
import { deleteToken, findToken, grantOf, insertToken } from '../clients/token-store.ts';
import type { Deps } from '../deps.ts';
import { tokenHash } from '../kit/encoding.ts';
import { type Exchange, exchangeOf, type Write } from './exchange.ts';
import {
  dropOldest,
  findInteraction,
  insertInteraction,
  LOOK_EVERY,
  MOST_OPEN,
  takeInteraction,
} from './interaction-store.ts';
import { issueCode } from './issue-code.ts';
import type { Library } from './library.ts';
import { metadataOf } from './metadata.ts';
import { TRIED } from './paths.ts';
import { consume, endGrant, endReused, isRace, UsedAlready } from './redeem.ts';
import { readToken } from './token.ts';

/** What of the library's storage there is here; whatever else it might ask for would be a feature that is off. */
const NOTHING: Adapter = {
  upsert: unexpected,
  find: unexpected,
  findByUserCode: unexpected,
  findByUid: unexpected,
  consume: unexpected,
  destroy: unexpected,
  revokeByGrantId: unexpected,
};

async function unexpected(): Promise<never> {
  throw new Error('OpenID Connect asks for something that is not stored here');
}

/** Storage of the library's models, for both engines. */
export function adapters(deps: Deps, library: Library): AdapterFactory {
  const known: Readonly<Record<string, Adapter>> = {
    Client: clients(deps),
    Grant: grants(deps, library),
    Interaction: interactions(deps, library),
    AuthorizationCode: tokens(deps, library, 'AuthorizationCode'),
    AccessToken: tokens(deps, library, 'AccessToken'),
    RefreshToken: tokens(deps, library, 'RefreshToken'),
    ClientCredentials: tokens(deps, library, 'ClientCredentials'),
  };
  return (name) => known[name] ?? NOTHING;
}

/** Read anew with every request, so that a changed secret or address, or a rule that begins, counts at once. */
function clients({ database: { db }, clock, config }: Deps): Adapter {
  return {
    ...NOTHING,
    async find(id) {
      const client = await findClientWithSecret(db, id);
      if (!client || client.kind === 'forward-auth') return undefined;
      return metadataOf(client, config.baseUrl + TRIED, clock.now()) as AdapterPayload;
    },
  };
}

function grants(deps: Deps, { Provider }: Library): Adapter {
  return {
    ...NOTHING,
    async find(id) {
      const known = hereAndNow(Provider)?.found;
      const row = known?.id === id ? known : await findGrant(deps.database.db, id);
      if (!row || row.expires_at <= deps.clock.now()) return undefined;
      return {
        kind: 'Grant',
        jti: id,
        accountId: row.account_id,
        clientId: row.client_id,
        openid: { scope: row.scope, claims: row.claims === '' ? [] : row.claims.split(' ') },
      };
    },
    destroy: (id) => endGrant(deps, id, hereAndNow(Provider)),
  };
}

function interactions(deps: Deps, { Provider, errors }: Library): Adapter {
  const { database, clock } = deps;
  let begun = 0;
  return {
    ...NOTHING,
    async upsert(uid, payload, expiresIn = 0) {
      const { visit } = exchangeOf(Provider.ctx!);
      const session = visit.cookies['session'];
      const createdAt = clock.now();
      const found = {
        uid,
        clientId: String((payload.params as { client_id?: unknown }).client_id),
        sessionHash: session ? tokenHash(session) : '',
        payload: payload as never,
        createdAt,
        expiresAt: createdAt + expiresIn * 1000,
      };
      begun += 1;
      const look = begun % LOOK_EVERY === 0;
      await database.transaction(async (tx) => {
        await insertInteraction(tx, deps, found);
        if (look) await dropOldest(tx, MOST_OPEN);
      });
    },
    async find(uid) {
      const found = await findInteraction(database.db, deps, uid, clock.now());
      return found ? (found.payload as AdapterPayload) : undefined;
    },
    async destroy(uid) {
      const taken = await database.transaction((tx) => takeInteraction(tx, uid));
      // Two requests at once: one of them goes on (R63).
      if (!taken) throw new errors.SessionNotFound('this authorization request was answered already');
    },
  };
}

type TokenKind = 'AuthorizationCode' | 'AccessToken' | 'RefreshToken' | 'ClientCredentials';

function tokens(deps: Deps, library: Library, kind: TokenKind): Adapter {
  const { database, clock, seal } = deps;
  const { Provider, errors } = library;

  /** At the token endpoint together with everything else, at its end. */
  async function write(what: Write): Promise<void> {
    const writes = hereAndNow(Provider)?.writes;
    if (writes) writes.push(what);
    else await database.transaction(what);
  }

  return {
    ...NOTHING,
    async upsert(id, payload, expiresIn = 0) {
      const hash = tokenHash(id);
      // The token is known by its hash alone (A27).
      const { jti: _id, ...rest } = payload;
      const now = clock.now();
      const row = {
        hash,
        kind,
        client_id: payload.clientId as string,
        account_id: payload.accountId ?? null,
        grant_id: payload.grantId ?? null,
        session_id: payload.sessionUid ?? null,
        sealed: seal.seal('oidc', hash, JSON.stringify(rest)),
        created_at: now,
        expires_at: now + expiresIn * 1000,
      };
      if (kind === 'AuthorizationCode') await issueCode(deps, library, row, payload.sid as string);
      else await write((tx) => insertToken(tx, row));
    },
    async find(id) {
      const found = await findToken(database.db, tokenHash(id));
      const exchange = hereAndNow(Provider);
      if (found?.kind !== kind || isRace(found, exchange)) return undefined;
      if (exchange) exchange.found = grantOf(found);
      return readToken(deps, found, id);
    },
    async consume(id) {
      const hash = tokenHash(id);
      try {
        await write((tx) => consume(tx, hash, clock.now()));
      } catch (error) {
        if (!(error instanceof UsedAlready)) throw error;
        await endReused(deps, error, hereAndNow(Provider));
        throw new errors.InvalidGrant('used already');
      }
    },
    async destroy(id) {
      await database.transaction((tx) => deleteToken(tx, tokenHash(id)));
    },
    // Its tokens go with the grant, whose turn comes together with this.
    revokeByGrantId: (grantId) => endGrant(deps, grantId, hereAndNow(Provider)),
  };
}

/** The request that the library is answering; null where it was called by nobody's request. */
function hereAndNow(provider: Library['Provider']): Exchange | null {
  return provider.ctx ? exchangeOf(provider.ctx) : null;
}
