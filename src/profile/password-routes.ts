import { z } from 'zod';
import { minPasswordLength } from '../accounts/choose-password.ts';
import type { Deps } from '../deps.ts';
import type { Levels } from '../sessions/require.ts';
import { page, seeOther } from '../web/answer.ts';
import { takeNotice, withNotice } from '../web/flash.ts';
import { ruledText } from '../web/input.ts';
import { told } from '../web/refused-form.ts';
import { type Route, route } from '../web/route.ts';
import type { Site } from '../web/site.ts';
import { changePassword } from './change-password.ts';
import { passwordPage } from './password-pages.ts';

const HERE = '/account/password';
/** Beyond 1,024 bytes a new password is refused by its own rule (R1), not cut and not by a rule of the form. */
const MOST_CHARACTERS = 64 * 1024;

export function passwordRoutes(deps: Deps, site: Site, levels: Levels): Route[] {
  return [
    route({
      method: 'GET',
      path: HERE,
      level: levels.steppedUp,
      async handle({ visit, who: { account } }) {
        const { message, cookies } = takeNotice(visit);
        const minLength = await minPasswordLength(deps);
        return page(passwordPage(site, visit, { account, minLength, message }), 200, { cookies });
      },
    }),
    route({
      method: 'POST',
      path: HERE,
      level: levels.steppedUp,
      body: z.strictObject({ current_password: ruledText(1100), new_password: ruledText(MOST_CHARACTERS) }),
      async handle({ visit, who, body }) {
        const passwords = { current: body.current_password, next: body.new_password };
        const cookies = await changePassword(deps, visit, who, passwords);
        return seeOther(HERE, { cookies: [...cookies, withNotice('password_changed')] });
      },
      async mistake({ visit, who: { account } }, refusal) {
        const minLength = await minPasswordLength(deps);
        return passwordPage(site, visit, { account, minLength, ...told(visit, refusal, minLength) });
      },
    }),
    route({
      method: 'GET',
      path: '/.well-known/change-password',
      level: levels.everyone,
      handle: async () => seeOther(HERE),
    }),
  ];
}
