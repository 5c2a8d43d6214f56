import type { Deps } from '../deps.ts';
import { Refusal } from '../kit/refusal.ts';
import type { Levels } from '../sessions/require.ts';
import { isAlive, type SignedIn } from '../sessions/session.ts';
import { listSessions } from '../sessions/store.ts';
import { forget, page, seeOther } from '../web/answer.ts';
import { takeNotice, withNotice } from '../web/flash.ts';
import { type Route, route } from '../web/route.ts';
import type { Site } from '../web/site.ts';
import { endOtherSessions } from './end-other-sessions.ts';
import { endOne, endOthers, endPage } from './end-pages.ts';
import { endOwnSession } from './end-session.ts';
import { type OwnSession, sessionsPage } from './session-pages.ts';

const HERE = '/account/sessions';

export function sessionRoutes(deps: Deps, site: Site, levels: Levels): Route[] {
  /** This one first, then by last use; those that have run out are not told. */
  async function ownSessions({ account, session }: SignedIn, now: number): Promise<OwnSession[]> {
    const all = await listSessions(deps.database.db, account.id);
    const others = all.filter(({ id }) => id !== session.id);
    const alive = others.filter((one) => isAlive(one, now, deps.config.lifetimes));
    return [{ ...session, here: true }, ...alive.map((one) => ({ ...one, here: false }))];
  }

  return [
    route({
      method: 'GET',
      path: HERE,
      level: levels.steppedUp,
      async handle({ visit, who }) {
        const { message, cookies } = takeNotice(visit);
        const sessions = await ownSessions(who, visit.now);
        return page(sessionsPage(site, visit, { account: who.account, sessions, message }), 200, { cookies });
      },
    }),
    route({
      method: 'GET',
      path: '/account/sessions/:id/end',
      level: levels.steppedUp,
      async handle({ visit, who, params }) {
        const session = (await ownSessions(who, visit.now)).find(({ id }) => id === params['id']);
        if (!session) throw new Refusal('not_found');
        return page(endPage(site, visit, who.account, endOne(visit.locale, session)));
      },
    }),
    route({
      method: 'POST',
      path: '/account/sessions/:id/end',
      level: levels.steppedUp,
      formPage: HERE,
      async handle({ visit, who, params }) {
        await endOwnSession(deps, visit, who, params['id'] ?? '');
        if (params['id'] !== who.session.id)
          return seeOther(HERE, { cookies: [withNotice('session_ended')] });
        return seeOther('/sign-in', {
          cookies: [...forget('session'), withNotice('signed_out')],
        });
      },
    }),
    route({
      method: 'GET',
      path: '/account/sessions/end-others',
      level: levels.steppedUp,
      async handle({ visit, who }) {
        const others = (await ownSessions(who, visit.now)).filter(({ here }) => !here).length;
        // The list says that there is none.
        if (others === 0) return seeOther(HERE);
        return page(endPage(site, visit, who.account, endOthers(visit.locale, others)));
      },
    }),
    route({
      method: 'POST',
      path: '/account/sessions/end-others',
      level: levels.steppedUp,
      formPage: HERE,
      async handle({ visit, who }) {
        await endOtherSessions(deps, visit, who);
        return seeOther(HERE, { cookies: [withNotice('sessions_ended')] });
      },
    }),
  ];
}
