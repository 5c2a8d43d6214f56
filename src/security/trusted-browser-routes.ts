import { record } from '../audit/record.ts';
import type { Deps } from '../deps.ts';
import { Refusal } from '../kit/refusal.ts';
import type { Levels } from '../sessions/require.ts';
import { removeTrustedBrowser } from '../sessions/trusted-browser.ts';
import { seeOther } from '../web/answer.ts';
import { withNotice } from '../web/flash.ts';
import { type Route, route } from '../web/route.ts';

/** Taking trust back makes an account safer, so it needs no step-up (R37, R39). */
export function trustedBrowserRoutes({ database }: Deps, levels: Levels): Route[] {
  return [
    route({
      method: 'POST',
      path: '/account/security/trusted-browsers/:id/remove',
      level: levels.signedIn,
      formPage: '/account/security',
      async handle({ visit, who: { account }, params }) {
        await database.transaction(async (tx) => {
          if (!(await removeTrustedBrowser(tx, account.id, params['id'] ?? '')))
            throw new Refusal('not_found');
          await record(tx, visit, { event: 'browser.untrusted', subject: account });
        });
        return seeOther('/account/security', { cookies: [withNotice('browser_untrusted')] });
      },
    }),
  ];
}
