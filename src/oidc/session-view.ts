import type Provider from 'oidc-provider';
import type { KoaContextWithOIDC } from 'oidc-provider';
import { tokenHash } from '../kit/encoding.ts';
import { exchangeOf } from './exchange.ts';
import { authenticatedAt } from './rules.ts';

interface SessionPayload {
  readonly uid: string;
  readonly jti: string;
  readonly accountId: string;
  readonly acr: string;
  readonly amr: readonly string[];
  readonly loginTs: number;
}

type LibrarySession = { destroyed?: boolean };

/** What of the library's class is replaced. */
interface SessionClass {
  new (payload?: SessionPayload): LibrarySession;
  get(ctx: KoaContextWithOIDC): Promise<LibrarySession>;
  readonly prototype: {
    uid: string;
    sidFor(clientId: string): string;
    loginAccount(): void;
    resetIdentifier(): void;
  };
}

/**
 * The library has no sessions of its own here: what it takes for one is a view of ours, read on this very request. It
 * can't be older than ours, outlive it, or say more than was proven in it (R64, R66); nothing is stored, no cookie set.
 */
export function showOurSessions(provider: Provider): void {
  const Session = provider.Session as unknown as SessionClass;
  Session.get = async (ctx) => {
    const { who } = exchangeOf(ctx);
    const session = who
      ? new Session({
          uid: who.session.id,
          jti: who.session.id,
          accountId: who.account.id,
          acr: who.session.acr,
          amr: who.session.amr.split(' '),
          loginTs: Math.floor(authenticatedAt(who.session) / 1000),
        })
      : new Session();
    // Then it is neither saved nor set as a cookie.
    session.destroyed = true;
    ctx.oidc.entity('Session', session as never);
    return session;
  };
  Session.prototype.sidFor = function (clientId) {
    return sidFor(this.uid, clientId);
  };
  // Who is signed in is read, never taken from what an interaction says.
  Session.prototype.loginAccount = () => {};
  Session.prototype.resetIdentifier = () => {};
}

/** What one app knows a session as: the same every time, another one for each app. */
function sidFor(sessionId: string, clientId: string): string {
  return tokenHash(`${sessionId}\n${clientId}`);
}
