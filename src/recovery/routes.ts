import { z } from 'zod';
import type { Account } from '../accounts/account.ts';
import { findLiveRequest } from '../accounts/recovery-request.ts';
import { PASS_LIFETIME, stateOf } from '../accounts/recovery-rules.ts';
import type { Deps } from '../deps.ts';
import { firstSetUp } from '../factors/ways-to-add.ts';
import { HOUR } from '../kit/clock.ts';
import type { Html } from '../kit/html.ts';
import { Refusal } from '../kit/refusal.ts';
import { assertNotFrozen } from '../policy/freeze.ts';
import { policyValue } from '../policy/values.ts';
import { knownHere } from '../sessions/known-browser.ts';
import type { Levels, PendingWho } from '../sessions/require.ts';
import { page, seeOther } from '../web/answer.ts';
import { optionalText, rawText, textField } from '../web/input.ts';
import { told } from '../web/refused-form.ts';
import { type Route, route } from '../web/route.ts';
import type { Site } from '../web/site.ts';
import type { Visit } from '../web/visit.ts';
import { cancelByLink, findCancelLink } from './cancel-by-link.ts';
import { dashboardRoutes } from './dashboard-routes.ts';
import { askForHelpPage, cancelledPage, cancelPage, passPage, tooOftenPage, underWayPage } from './pages.ts';
import { heardAgainAt, REASON_LENGTH, requestRecovery } from './request-recovery.ts';
import { findPass, usePass } from './use-pass.ts';

/** Lost everything (screen 13): the person's side, the administrators', and the temporary pass. */
export function recoveryRoutes(deps: Deps, site: Site, levels: Levels): Route[] {
  return [
    ...askRoutes(deps, site, levels),
    ...cancelRoutes(deps, site, levels),
    ...passRoutes(deps, site, levels),
    ...dashboardRoutes(deps, site, levels),
  ];
}

function askRoutes(deps: Deps, site: Site, levels: Levels): Route[] {
  const { db } = deps.database;
  const level = afterPassword(levels);

  /** Five wrong answers end a sign-in for this as for the rest. @throws {Refusal} pending_ended, changes_frozen */
  function assertMayAsk(visit: Visit, { account, exhausted }: PendingWho): void {
    if (exhausted) throw new Refusal('pending_ended');
    assertNotFrozen(account, visit.now);
  }

  async function show(
    visit: Visit,
    account: Account,
    refused: { reason?: string; error?: string | null; fields?: Record<string, string> } = {},
  ): Promise<Html> {
    const request = await findLiveRequest(db, account, visit.now);
    if (request) {
      const { created_at, effective_at, approved_at } = request;
      const state = stateOf(request, account.security_version, visit.now);
      return underWayPage(site, visit, {
        account,
        state: state as 'waiting' | 'ready' | 'approved',
        askedAt: created_at,
        effectiveAt: effective_at,
        passUntil: approved_at === null ? null : approved_at + PASS_LIFETIME,
      });
    }
    const known = (await knownHere(db, visit, account.id)) !== null;
    if ((await heardAgainAt(db, account, { known, now: visit.now })) !== null)
      return tooOftenPage(site, visit, known);
    const wait = (await policyValue(db, 'recovery_wait_hours')) * HOUR;
    return askForHelpPage(site, visit, { account, wait, reasonLength: REASON_LENGTH, ...refused });
  }

  return [
    route({
      method: 'GET',
      path: '/recover',
      level,
      async handle({ visit, who }) {
        assertMayAsk(visit, who);
        return page(await show(visit, who.account));
      },
    }),
    route({
      method: 'POST',
      path: '/recover',
      level,
      // Longer ones are refused by their characters, once line breaks are counted as one.
      body: z.strictObject({ reason: optionalText(5_000) }),
      async handle({ visit, who, body }) {
        assertMayAsk(visit, who);
        await requestRecovery(deps, visit, who, body.reason ?? '');
        return seeOther('/recover');
      },
      mistake: ({ visit, who, body }, refusal) =>
        show(visit, who.account, { reason: rawText(body, 'reason'), ...told(visit, refusal) }),
    }),
  ];
}

/**
 * Whoever comes here before the password is led to the sign-in page, which says what it is for, and back. Not who is signed
 * in already: they would be led to and fro; nor who has to enrol first.
 */
function afterPassword({ pending, newcomer }: Levels): Levels['pending'] {
  return {
    ...pending,
    async admit(visit) {
      if (!visit.cookies['pending'] && !(await newcomer.admit(visit))) throw new Refusal('sign_in_required');
      return pending.admit(visit);
    },
  };
}

function cancelRoutes(deps: Deps, site: Site, { everyone: level }: Levels): Route[] {
  return [
    route({
      method: 'GET',
      path: '/recover/cancel',
      level,
      query: z.object({ token: z.string().catch('') }),
      async handle({ visit, query: { token } }) {
        await findCancelLink(deps.database.db, token, visit.now);
        return page(cancelPage(site, visit, token));
      },
    }),
    route({
      method: 'POST',
      path: '/recover/cancel',
      level,
      body: z.strictObject({ token: textField() }),
      async handle({ visit, body: { token } }) {
        await cancelByLink(deps, visit, token);
        return seeOther('/recover/cancelled');
      },
    }),
    route({
      method: 'GET',
      path: '/recover/cancelled',
      level,
      handle: async ({ visit }) => page(cancelledPage(site, visit)),
    }),
  ];
}

function passRoutes(deps: Deps, site: Site, { everyone: level }: Levels): Route[] {
  async function show(visit: Visit, token: string, refused: ReturnType<typeof told> | null): Promise<Html> {
    const { link, account } = await findPass(deps.database.db, token, visit.now);
    return passPage(site, visit, { account, token, until: link.expires_at, ...refused });
  }

  return [
    route({
      method: 'GET',
      path: '/temporary-pass',
      level,
      query: z.object({ token: z.string().catch('') }),
      handle: async ({ visit, query: { token } }) => page(await show(visit, token, null)),
    }),
    route({
      method: 'POST',
      path: '/temporary-pass',
      level,
      body: z.strictObject({ token: textField(), password: textField(1100) }),
      async handle({ visit, body }) {
        const cookies = await usePass(deps, visit, body);
        return seeOther(await firstSetUp(deps, visit.locale), { cookies });
      },
      // A link that doesn't work has no form to go back to: `show` refuses as well.
      mistake: ({ visit, body }, refusal) => show(visit, rawText(body, 'token'), told(visit, refusal)),
    }),
  ];
}
