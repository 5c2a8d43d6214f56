import { z } from 'zod';
import { localeOf } from '../accounts/account.ts';
import { record } from '../audit/record.ts';
import { acrOf, type Client } from '../clients/client.ts';
import { findClientByOrigin, mayEnter } from '../clients/store.ts';
import type { Deps } from '../deps.ts';
import { type Lacking, lackingFor } from '../factors/lacking.ts';
import { firstSetUp } from '../factors/ways-to-add.ts';
import { Refusal } from '../kit/refusal.ts';
import type { Levels } from '../sessions/require.ts';
import { meets, type SignedIn } from '../sessions/session.ts';
import { page, seeOther } from '../web/answer.ts';
import { withReturnTo } from '../web/return-to.ts';
import { type Route, route } from '../web/route.ts';
import type { Site } from '../web/site.ts';
import { rememberWay } from '../web/way-back.ts';
import { OWN_PATH, readTarget } from './asked-rules.ts';
import { closedPage, goingPage, proofPage } from './pages.ts';
import { giveTicket } from './ticket.ts';

const START = '/forward-auth/start';

/** The part of the way that lies on our own origin: signing in, with all that the app demands, and the ticket. */
export function startRoutes(deps: Deps, site: Site, levels: Levels): Route[] {
  const { db } = deps.database;
  return [
    route({
      method: 'GET',
      path: START,
      once: true,
      level: levels.everyone,
      query: z.object({ rd: z.string().max(4_000).catch(''), state: z.string().catch('') }),
      async handle({ visit: sent, query, headers }) {
        // Only to hosts that an administrator has registered (no open redirect), and asked before anybody signs in for it.
        const target = readTarget(query.rd);
        const client = target && (await findClientByOrigin(db, target.origin));
        if (!client) throw new Refusal('app_unknown');
        const { origin, path } = target;
        // Whoever comes from elsewhere gets the host's cookie first, to which the ticket is bound.
        const begin = `${origin}${OWN_PATH}/begin?rd=${encodeURIComponent(path)}`;
        if (!/^[\w-]{43}$/.test(query.state)) return seeOther(begin);

        const who = await levels.signedIn.admit(sent);
        const visit = { ...sent, locale: localeOf(who.account) ?? sent.locale };
        const asking = { site, visit, client, account: who.account };
        const here = `${START}?${new URLSearchParams({ rd: origin + path, state: query.state })}`;
        const missing = await look(who, client, visit.now);
        if (missing === 'entry') {
          await deps.database.transaction((tx) =>
            record(tx, visit, {
              event: 'app.signed_in',
              outcome: 'failure',
              subject: who.account,
              detail: { client: client.id },
            }),
          );
          if (visit.wantsJson) throw new Refusal('app_closed');
          return page(closedPage(asking), 403);
        }
        if (missing === 'confirm') return seeOther(withReturnTo('/confirm', here));
        if (missing) {
          const setUp = await firstSetUp(deps, visit.locale);
          const shown = proofPage(asking, missing, { here, setUp });
          return page(shown, 200, { cookies: [rememberWay(here)] });
        }

        const ticket = await giveTicket(deps, visit, who, client, { beginHash: query.state, path });
        const href = `${origin}${OWN_PATH}/callback?ticket=${ticket}`;
        // A form of ours that is redirected to another origin is stopped by `form-action`: then a page leads on instead.
        const fromElsewhere = /^(cross-site|same-site|none)$/.test(headers['sec-fetch-site'] ?? '');
        if (fromElsewhere) return seeOther(href);
        return page(goingPage(site, visit, client, href), 200, { headers: { refresh: `0;url=${href}` } });
      },
    }),
  ];

  /** `entry`: in none of the groups that may. Null: nothing stands between this person and the app. */
  async function look(who: SignedIn, client: Client, now: number): Promise<'entry' | Lacking | null> {
    if (!(await mayEnter(db, client.id, who.account.id))) return 'entry';
    const demand = acrOf(client, now);
    return meets(who.session.acr, demand) ? null : lackingFor(deps, who.account, demand);
  }
}
