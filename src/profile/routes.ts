import { z } from 'zod';
import type { Deps } from '../deps.ts';
import type { Levels } from '../sessions/require.ts';
import { page, seeOther } from '../web/answer.ts';
import { takeNotice, withNotice } from '../web/flash.ts';
import { optionalText, rawText, textField } from '../web/input.ts';
import { told } from '../web/refused-form.ts';
import { type Route, route } from '../web/route.ts';
import type { Site } from '../web/site.ts';
import { activityRoutes } from './activity-routes.ts';
import { changeProfile } from './change-profile.ts';
import { emailRoutes } from './email-routes.ts';
import { helpRoutes } from './help/routes.ts';
import { homeOf } from './home-rules.ts';
import { mailLinkRoutes } from './mail-link-routes.ts';
import { profilePage } from './pages.ts';
import { passwordRoutes } from './password-routes.ts';
import { sessionRoutes } from './session-routes.ts';

/** The person's own data: everything below `/account` but the second step. */
export function profileRoutes(deps: Deps, site: Site, levels: Levels): Route[] {
  return [
    route({
      method: 'GET',
      path: '/',
      level: levels.signedIn,
      handle: async ({ who }) => seeOther(homeOf(who)),
    }),
    route({
      method: 'GET',
      path: '/account',
      level: levels.signedIn,
      async handle({ visit, who: { account } }) {
        const { message, cookies } = takeNotice(visit);
        const typed = { name: account.name, locale: account.locale ?? '', timeZone: account.time_zone ?? '' };
        return page(profilePage(site, visit, { account, ...typed, message }), 200, { cookies });
      },
    }),
    route({
      method: 'POST',
      path: '/account',
      level: levels.signedIn,
      body: z.strictObject({ name: textField(500), locale: optionalText(20), time_zone: optionalText(80) }),
      async handle({ visit, who, body }) {
        await changeProfile(deps, visit, who, {
          name: body.name,
          locale: body.locale,
          timeZone: body.time_zone,
        });
        return seeOther('/account', { cookies: [withNotice('profile_saved')] });
      },
      async mistake({ visit, who, body }, refusal) {
        const typed = {
          name: rawText(body, 'name'),
          locale: rawText(body, 'locale'),
          timeZone: rawText(body, 'time_zone'),
        };
        return profilePage(site, visit, { account: who.account, ...typed, ...told(visit, refusal) });
      },
    }),
    ...emailRoutes(deps, site, levels),
    ...passwordRoutes(deps, site, levels),
    ...sessionRoutes(deps, site, levels),
    ...activityRoutes(deps, site, levels),
    ...mailLinkRoutes(deps, site, levels),
    ...helpRoutes(site, levels),
  ];
}
