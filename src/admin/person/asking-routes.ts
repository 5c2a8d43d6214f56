import { z } from 'zod';
import type { Account } from '../../accounts/account.ts';
import { findAccount } from '../../accounts/store.ts';
import type { Deps } from '../../deps.ts';
import { Refusal } from '../../kit/refusal.ts';
import type { AdministratorLevels } from '../../sessions/administrator.ts';
import { page, seeOther } from '../../web/answer.ts';
import { askingContent } from '../../web/confirmation.ts';
import { withNotice } from '../../web/flash.ts';
import { dashboardLayout } from '../../web/layout.ts';
import { notice } from '../../web/parts.ts';
import { type Route, route } from '../../web/route.ts';
import type { Site } from '../../web/site.ts';
import type { Visit } from '../../web/visit.ts';
import { refusalSentence } from '../../words/refusals.ts';
import { actAbout, actAboutOther } from '../act.ts';
import { idIn } from '../ids.ts';
import { PEOPLE } from '../people/people-pages.ts';
import { type Deed, deedsOf, type Params } from './deeds.ts';
import { personPath } from './questions.ts';

/** A page that asks, and what follows a yes: for each deed a GET and a POST of one address. */
export function askingRoutes(
  deps: Deps,
  site: Site,
  { steppedUpAdministrator: level }: AdministratorLevels,
): Route[] {
  async function find(params: Params): Promise<Account> {
    const person = await findAccount(deps.database.db, idIn(params));
    if (!person) throw new Refusal('not_found');
    return person;
  }

  async function show(visit: Visit, account: Account, deed: Deed, params: Params, error: string | null) {
    const person = await find(params);
    if (deed.others && person.id === account.id) throw new Refusal('own_account');
    const back = { href: personPath(person), text: person.name };
    return dashboardLayout(site, visit, {
      ...askingContent(await deed.ask(visit, person, params), back.href),
      current: 'people',
      person: account,
      back,
      notice: error === null ? null : notice('danger', error),
    });
  }

  return deedsOf(deps).flatMap((deed) => {
    const path = `${PEOPLE}/:id/${deed.path}`;
    return [
      route({
        method: 'GET',
        path,
        level,
        handle: async ({ visit, who: { account }, params }) =>
          page(await show(visit, account, deed, params, null)),
      }),
      route({
        method: 'POST',
        path,
        level,
        body: z.strictObject({}),
        async handle({ visit, who, params }) {
          const id = idIn(params);
          const about = deed.others ? actAboutOther : actAbout;
          const elsewhere = await about(deps, visit, who, id, (tx, by, administrator) =>
            deed.act(tx, by, id, params, administrator),
          );
          if (elsewhere) return seeOther(elsewhere);
          return seeOther(`${PEOPLE}/${id}`, { cookies: [withNotice(deed.done)] });
        },
        mistake: ({ visit, who: { account }, params }, refusal) =>
          show(visit, account, deed, params, refusalSentence(visit.locale, refusal, visit.requestId)),
      }),
    ];
  });
}
