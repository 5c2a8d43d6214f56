import { z } from 'zod';
import { type Account, ROLES } from '../../accounts/account.ts';
import { changeRole } from '../../accounts/change-role.ts';
import { holdsWords, oneLine } from '../../delivery/one-line.ts';
import type { Deps } from '../../deps.ts';
import { refuseField } from '../../kit/refusal.ts';
import type { AdministratorLevels } from '../../sessions/administrator.ts';
import { page, seeOther } from '../../web/answer.ts';
import { withNotice } from '../../web/flash.ts';
import { rawText, textField } from '../../web/input.ts';
import { told } from '../../web/refused-form.ts';
import { type Route, route } from '../../web/route.ts';
import type { Site } from '../../web/site.ts';
import type { Visit } from '../../web/visit.ts';
import { actAboutOther } from '../act.ts';
import { idIn } from '../ids.ts';
import { PEOPLE } from '../people/people-pages.ts';
import { findOther } from './find-other.ts';
import { type AboutPerson, type ReasonPage, reasonPage, rolePage } from './form-pages.ts';
import { personPath } from './questions.ts';
import { REASON_LENGTH, type ReasonDeed, reasonDeeds } from './reason-deeds.ts';

type Params = Readonly<Record<string, string>>;
type Rest<P> = Partial<Omit<P, 'account' | 'person'>>;

/** What is done about a person that takes more than a yes: a role, or the words that say why. */
export function formRoutes(deps: Deps, site: Site, levels: AdministratorLevels): Route[] {
  return [
    ...roleRoutes(deps, site, levels),
    ...reasonDeeds(deps).flatMap((deed) => reasonRoutes(deps, site, levels, deed)),
  ];
}

function roleRoutes(deps: Deps, site: Site, { steppedUpAdministrator: level }: AdministratorLevels): Route[] {
  const path = `${PEOPLE}/:id/role`;
  type RolePage = AboutPerson & { readonly role?: string };
  const show = async (visit: Visit, account: Account, params: Params, rest: Rest<RolePage> = {}) =>
    rolePage(site, visit, { account, person: await findOther(deps, account, idIn(params)), ...rest });
  return [
    route({
      method: 'GET',
      path,
      level,
      handle: async ({ visit, who: { account }, params }) => page(await show(visit, account, params)),
    }),
    route({
      method: 'POST',
      path,
      level,
      body: z.strictObject({ role: z.enum(ROLES, 'malformed') }),
      async handle({ visit, who, params, body: { role } }) {
        const id = idIn(params);
        await actAboutOther(deps, visit, who, id, (tx, by, { name: doneBy }) =>
          changeRole(tx, deps, by, { id, role, doneBy }),
        );
        return seeOther(personPath({ id }), { cookies: [withNotice('person_role_changed')] });
      },
      mistake: ({ visit, who: { account }, params, body }, refusal) =>
        show(visit, account, params, { role: rawText(body, 'role'), ...told(visit, refusal) }),
    }),
  ];
}

/** One line, all of which is kept and told. @throws {Refusal} invalid_input on `reason` */
function readReason(text: string): string {
  const reason = oneLine(text, REASON_LENGTH + 1);
  if (!holdsWords(reason)) throw refuseField('reason', 'required');
  if ([...reason].length > REASON_LENGTH) throw refuseField('reason', 'too_long');
  return reason;
}

function reasonRoutes(
  deps: Deps,
  site: Site,
  { steppedUpAdministrator: level }: AdministratorLevels,
  deed: ReasonDeed,
): Route[] {
  const path = `${PEOPLE}/:id/${deed.path}`;

  async function show(visit: Visit, account: Account, params: Params, rest: Rest<ReasonPage> = {}) {
    const person = await findOther(deps, account, idIn(params));
    const possible = await deed.isPossible(person);
    const form = { path: deed.path, words: deed.words(visit.locale, person), reasonLength: REASON_LENGTH };
    return reasonPage(site, visit, { account, person, possible, ...form, ...rest });
  }

  return [
    route({
      method: 'GET',
      path,
      level,
      handle: async ({ visit, who: { account }, params }) => page(await show(visit, account, params)),
    }),
    route({
      method: 'POST',
      path,
      level,
      body: z.strictObject({ reason: textField(2_000) }),
      async handle({ visit, who, params, body }) {
        const id = idIn(params);
        const reason = readReason(body.reason);
        await actAboutOther(deps, visit, who, id, (tx, by, { name: doneBy }) =>
          deed.act(tx, by, { id, reason, doneBy }),
        );
        return seeOther(personPath({ id }), { cookies: [withNotice(deed.done)] });
      },
      mistake: ({ visit, who: { account }, params, body }, refusal) =>
        show(visit, account, params, { reason: rawText(body, 'reason'), ...told(visit, refusal) }),
    }),
  ];
}
