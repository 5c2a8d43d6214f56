import type { FindAccount } from 'oidc-provider';
import type { Account } from '../accounts/account.ts';
import { findAccount, findProvenPrimary } from '../accounts/store.ts';
import { mayEnter } from '../clients/store.ts';
import type { Deps } from '../deps.ts';
import { listGroupsOf } from '../groups/store.ts';
import { demandOf } from '../policy/demand.ts';
import type { Acr } from '../sessions/session.ts';
import { meets } from './rules.ts';
import { inWords, SCOPE_CLAIMS } from './scopes.ts';

/** A code and a refresh token say it themselves, an access token among what we add to it. */
interface Proven {
  readonly acr?: Acr;
  readonly extra?: { readonly acr?: Acr };
}

/**
 * Undefined for somebody whose account is suspended or gone, and, wherever a token is used, for somebody whom its app's
 * rule no longer lets in, or to whom a rule that demands a second factor gives no session: code, refresh and userinfo are
 * then refused at once (R66).
 */
export function accountFinder({ database: { db }, clock }: Pick<Deps, 'database' | 'clock'>): FindAccount {
  return async (ctx, sub, token) => {
    const account = await findAccount(db, sub);
    if (!account || account.suspended_at !== null) return undefined;
    const { client } = ctx.oidc;
    if (token && client) {
      const { extra, acr = extra?.acr } = token as Proven;
      if (acr !== undefined && !meets(acr, client['acr'] as Acr)) return undefined;
      if (!(await mayEnter(db, client.clientId, account.id))) return undefined;
      if (account.two_factor_at === null && (await demandOf(db, account, clock.now()))) return undefined;
    }
    return {
      accountId: account.id,
      claims: async (use, scope, claims) => {
        // Those of the scopes stand at the userinfo endpoint, where an app has an access token for it (Core 5.4).
        const scopes = use === 'userinfo' ? inWords(scope) : [];
        const named = scopes.flatMap((name) => claimsOf(name));
        return {
          sub: account.id,
          ...(await claimsAbout(account, new Set([...named, ...Object.keys(claims)]))),
        };
      },
    };
  };

  async function claimsAbout(
    account: Account,
    wanted: ReadonlySet<string>,
  ): Promise<Record<string, unknown>> {
    const { name, email, locale, time_zone } = account;
    const about: Record<string, unknown> = { name, email };
    if (locale !== null) about['locale'] = locale;
    if (time_zone !== null) about['zoneinfo'] = time_zone;
    if (wanted.has('email_verified'))
      about['email_verified'] = (await findProvenPrimary(db, account.id)) !== null;
    if (wanted.has('groups'))
      about['groups'] = (await listGroupsOf(db, account.id)).map((group) => group.name);
    return Object.fromEntries(Object.entries(about).filter(([claim]) => wanted.has(claim)));
  }
}

function claimsOf(scope: string): readonly string[] {
  return scope in SCOPE_CLAIMS ? SCOPE_CLAIMS[scope as keyof typeof SCOPE_CLAIMS] : [];
}
