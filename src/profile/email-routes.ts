import { z } from 'zod';
import type { Account } from '../accounts/account.ts';
import { listAddresses } from '../accounts/store.ts';
import type { Deps } from '../deps.ts';
import { Refusal } from '../kit/refusal.ts';
import type { Levels } from '../sessions/require.ts';
import { page, seeOther } from '../web/answer.ts';
import { takeNotice, withNotice } from '../web/flash.ts';
import { pageOfLink, rawText, textField } from '../web/input.ts';
import { told } from '../web/refused-form.ts';
import { type Route, route } from '../web/route.ts';
import type { Site } from '../web/site.ts';
import { changeEmail, findEmailChange } from './change-email.ts';
import { emailChangePage, emailPage, removeRecoveryPage } from './email-pages.ts';
import { cancelEmailChange, findPendingEmailChange } from './pending-email-change.ts';
import { removeRecoveryAddress } from './remove-recovery-address.ts';
import { requestEmailChange } from './request-email-change.ts';

const HERE = '/account/email';

export function emailRoutes(deps: Deps, site: Site, levels: Levels): Route[] {
  const { db } = deps.database;
  /** The one to sign in with first. */
  const addressesOf = async ({ id }: Account) =>
    (await listAddresses(db, id)).sort((left) => (left.kind === 'primary' ? -1 : 1));

  return [
    route({
      method: 'GET',
      path: HERE,
      level: levels.steppedUp,
      async handle({ visit, who: { account } }) {
        const { message, cookies } = takeNotice(visit);
        const addresses = await addressesOf(account);
        const pending = await findPendingEmailChange(db, account, visit.now);
        return page(emailPage(site, visit, { account, addresses, pending, message }), 200, { cookies });
      },
    }),
    route({
      method: 'POST',
      path: HERE,
      level: levels.steppedUp,
      body: z.strictObject({
        email: textField(320),
        use: z.enum(['primary', 'recovery'], 'malformed').default('primary'),
      }),
      async handle({ visit, who, body }) {
        await requestEmailChange(deps, visit, who, body);
        return seeOther(HERE, { cookies: [withNotice('email_link_sent')] });
      },
      async mistake({ visit, who: { account }, body }, refusal) {
        const use = body['use'] === 'recovery' ? 'recovery' : 'primary';
        const refused = { use, email: rawText(body, 'email') } as const;
        const addresses = await addressesOf(account);
        const pending = await findPendingEmailChange(db, account, visit.now);
        return emailPage(site, visit, { account, addresses, pending, refused, ...told(visit, refusal) });
      },
    }),
    route({
      method: 'POST',
      path: '/account/email/cancel',
      level: levels.steppedUp,
      formPage: HERE,
      body: z.strictObject({}),
      async handle({ visit, who }) {
        const cancelled = await cancelEmailChange(deps, visit, who);
        return seeOther(HERE, { cookies: cancelled ? [withNotice('email_change_cancelled')] : [] });
      },
    }),
    route({
      method: 'GET',
      path: '/account/email/remove-recovery',
      level: levels.steppedUp,
      async handle({ visit, who: { account } }) {
        const recovery = (await addressesOf(account)).find(({ kind }) => kind === 'recovery');
        if (!recovery) throw new Refusal('not_found');
        return page(removeRecoveryPage(site, visit, account, recovery.address));
      },
    }),
    route({
      method: 'POST',
      path: '/account/email/remove-recovery',
      level: levels.steppedUp,
      formPage: HERE,
      async handle({ visit, who }) {
        await removeRecoveryAddress(deps, visit, who);
        return seeOther(HERE, { cookies: [withNotice('recovery_address_removed')] });
      },
    }),
    route({
      method: 'GET',
      path: '/email-change',
      level: levels.steppedUp,
      query: z.object({ token: z.string().catch('') }),
      async handle({ visit, who: { account }, query: { token } }) {
        const { address, use } = await findEmailChange(db, account, token, visit.now);
        return page(emailChangePage(site, visit, { account, address: address.address, use, token }));
      },
    }),
    route({
      method: 'POST',
      path: '/email-change',
      level: levels.steppedUp,
      formPage: pageOfLink('/email-change'),
      body: z.strictObject({ token: textField() }),
      async handle({ visit, who, body }) {
        const use = await changeEmail(deps, visit, who, body.token);
        const notice = use === 'primary' ? 'email_changed' : 'recovery_address_added';
        return seeOther(HERE, { cookies: [withNotice(notice)] });
      },
    }),
  ];
}
