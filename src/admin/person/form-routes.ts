import { z } from 'zod';
import { type Account, ROLES } from '../../accounts/account.ts';
import { changeRole } from '../../accounts/change-role.ts';
import { startPasswordReset } from '../../accounts/reset-link.ts';
import { findAccount, lockAccount } from '../../accounts/store.ts';
import type { Tx } from '../../database/open.ts';
import { oneLine } from '../../delivery/one-line.ts';
import type { Deps } from '../../deps.ts';
import { RESET_REASON_LENGTH, resetTwoFactor } from '../../factors/reset-two-factor.ts';
import { listFactors } from '../../factors/store.ts';
import type { Html } from '../../kit/html.ts';
import { Refusal, refuseField } from '../../kit/refusal.ts';
import { assertNotFrozen } from '../../policy/freeze.ts';
import type { AdministratorLevels } from '../../sessions/administrator.ts';
import { spendTry } from '../../throttle/brake.ts';
import { MAIL_TO_ADDRESS } from '../../throttle/brakes.ts';
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
import { type AboutPerson, type ReasonPage, resetPage, resetPasswordPage, rolePage } from './form-pages.ts';
import { personPath } from './questions.ts';

type Params = Readonly<Record<string, string>>;
type Rest<P> = Partial<Omit<P, keyof AboutPerson | 'reasonLength'>> & Pick<AboutPerson, 'error' | 'fields'>;

/** What is done about a person that takes more than a yes: a role, or the words that say why. */
export function formRoutes(deps: Deps, site: Site, levels: AdministratorLevels): Route[] {
  return [
    ...roleRoutes(deps, site, levels),
    ...resetRoutes(deps, site, levels),
    ...passwordRoutes(deps, site, levels),
  ];
}

/** Somebody else. @throws {Refusal} not_found, own_account */
async function findOther({ database }: Deps, account: Account, params: Params): Promise<Account> {
  const person = await findAccount(database.db, idIn(params));
  if (!person) throw new Refusal('not_found');
  if (person.id === account.id) throw new Refusal('own_account');
  return person;
}

function roleRoutes(deps: Deps, site: Site, { steppedUpAdministrator: level }: AdministratorLevels): Route[] {
  const path = `${PEOPLE}/:id/role`;
  const show = async (visit: Visit, account: Account, params: Params, rest: Rest<{ role?: string }> = {}) =>
    rolePage(site, visit, { account, person: await findOther(deps, account, params), ...rest });
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
  const reason = oneLine(text, RESET_REASON_LENGTH + 1);
  if (reason === '') throw refuseField('reason', 'required');
  if ([...reason].length > RESET_REASON_LENGTH) throw refuseField('reason', 'too_long');
  return reason;
}

const reasonForm = z.strictObject({ reason: textField(2_000) });

function resetRoutes(
  deps: Deps,
  site: Site,
  { steppedUpAdministrator: level }: AdministratorLevels,
): Route[] {
  const path = `${PEOPLE}/:id/reset-two-factor`;

  async function show(
    visit: Visit,
    account: Account,
    params: Params,
    rest: Rest<ReasonPage> = {},
  ): Promise<Html> {
    const person = await findOther(deps, account, params);
    const factors = await listFactors(deps.database.db, person.id);
    const on = person.two_factor_at !== null || factors.length > 0;
    return resetPage(site, visit, { account, person, on, reasonLength: RESET_REASON_LENGTH, ...rest });
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
      body: reasonForm,
      async handle({ visit, who, params, body }) {
        const id = idIn(params);
        const reason = readReason(body.reason);
        await actAboutOther(deps, visit, who, id, async (tx, by, { name: doneBy }) => {
          await assertChangeable(tx, visit, id);
          return resetTwoFactor(tx, deps, by, { id, reason, doneBy });
        });
        return seeOther(personPath({ id }), { cookies: [withNotice('person_reset')] });
      },
      mistake: ({ visit, who: { account }, params, body }, refusal) =>
        show(visit, account, params, { reason: rawText(body, 'reason'), ...told(visit, refusal) }),
    }),
  ];
}

/** Who has said "This wasn't me" was promised a day of rest: a thief may be the one who calls for a reset. */
async function assertChangeable(tx: Tx, visit: Visit, id: string): Promise<void> {
  const person = await lockAccount(tx, id);
  if (person) assertNotFrozen(person, visit.now);
}

function passwordRoutes(
  deps: Deps,
  site: Site,
  { steppedUpAdministrator: level }: AdministratorLevels,
): Route[] {
  const path = `${PEOPLE}/:id/reset-password`;

  async function show(
    visit: Visit,
    account: Account,
    params: Params,
    rest: Rest<ReasonPage> = {},
  ): Promise<Html> {
    const person = await findOther(deps, account, params);
    const possible = person.password_hash !== null && person.suspended_at === null;
    return resetPasswordPage(site, visit, {
      account,
      person,
      possible,
      reasonLength: RESET_REASON_LENGTH,
      ...rest,
    });
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
      body: reasonForm,
      async handle({ visit, who, params, body }) {
        const id = idIn(params);
        const reason = readReason(body.reason);
        await actAboutOther(deps, visit, who, id, async (tx, by) => {
          await spendMail(tx, visit, id);
          await startPasswordReset(tx, deps, by, { id, reason });
        });
        return seeOther(personPath({ id }), { cookies: [withNotice('person_reset_sent')] });
      },
      mistake: ({ visit, who: { account }, params, body }, refusal) =>
        show(visit, account, params, { reason: rawText(body, 'reason'), ...told(visit, refusal) }),
    }),
  ];
}

/** Nobody's mailbox is filled. @throws {Refusal} too_many_attempts */
async function spendMail(tx: Tx, visit: Visit, id: string): Promise<void> {
  const wait = await spendTry(tx, `mail/reset/${id}`, MAIL_TO_ADDRESS, visit.now);
  if (wait > 0) throw new Refusal('too_many_attempts', { retryAfter: Math.ceil(wait / 1000) });
}
