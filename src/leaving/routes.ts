import { z } from 'zod';
import { isAdministrator } from '../accounts/account.ts';
import { WAY_BACK } from '../accounts/delete-account.ts';
import { gatherOwnData, type OwnData, ownDataFile } from '../accounts/own-data.ts';
import { countAdministrators } from '../accounts/store.ts';
import { record } from '../audit/record.ts';
import type { Deps } from '../deps.ts';
import { DAY } from '../kit/clock.ts';
import { SIGNED_OUT } from '../sessions/end-here.ts';
import type { Levels } from '../sessions/require.ts';
import type { SignedIn } from '../sessions/session.ts';
import { page, seeOther } from '../web/answer.ts';
import { withNotice } from '../web/flash.ts';
import { CLEAR_SITE_DATA } from '../web/headers.ts';
import { rawText, ruledText } from '../web/input.ts';
import { told } from '../web/refused-form.ts';
import { type Route, route } from '../web/route.ts';
import type { Site } from '../web/site.ts';
import { leave } from './leave.ts';
import { dataPage, deletePage } from './pages.ts';

/** Own data and leaving. `parts`: what each room keeps about a person. */
export function leavingRoutes(deps: Deps, site: Site, levels: Levels, parts: readonly OwnData[]): Route[] {
  const { database } = deps;
  const days = WAY_BACK / DAY;

  const isLast = async ({ account }: SignedIn): Promise<boolean> =>
    isAdministrator(account) && (await countAdministrators(database.db)) <= 1;

  return [
    route({
      method: 'GET',
      path: '/account/export',
      level: levels.steppedUp,
      handle: async ({ visit, who: { account } }) => page(dataPage(site, visit, account)),
    }),
    route({
      method: 'POST',
      path: '/account/export',
      level: levels.steppedUp,
      async handle({ visit, who: { account } }) {
        const data = await gatherOwnData(deps, parts, account);
        await database.transaction((tx) =>
          record(tx, visit, { event: 'account.exported', subject: account }),
        );
        return ownDataFile(deps, visit.now, data);
      },
    }),
    route({
      method: 'GET',
      path: '/account/delete',
      level: levels.steppedUp,
      async handle({ visit, who }) {
        const last = await isLast(who);
        return page(deletePage(site, visit, { account: who.account, days, last, confirmation: '' }));
      },
    }),
    route({
      method: 'POST',
      path: '/account/delete',
      level: levels.steppedUp,
      body: z.strictObject({ confirmation: ruledText(), password: ruledText(1100) }),
      async handle({ visit, who, body }) {
        await leave(deps, visit, who, body);
        return seeOther('/sign-in', {
          cookies: [...SIGNED_OUT, withNotice('account_leaving')],
          headers: CLEAR_SITE_DATA,
        });
      },
      async mistake({ visit, who, body }, refusal) {
        const confirmation = rawText(body, 'confirmation');
        const shown = { account: who.account, days, last: await isLast(who), confirmation };
        return deletePage(site, visit, { ...shown, ...told(visit, refusal) });
      },
    }),
  ];
}
