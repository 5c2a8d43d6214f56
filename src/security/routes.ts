import { z } from 'zod';
import type { Deps } from '../deps.ts';
import { forbiddenKinds } from '../factors/accepted.ts';
import { careOf, isSpare, methodOf, namedIn } from '../factors/all.ts';
import { readLabel } from '../factors/label.ts';
import { listFactors } from '../factors/store.ts';
import { isLast, workingOf } from '../factors/working.ts';
import { Refusal, refuseField } from '../kit/refusal.ts';
import { demandOf } from '../policy/demand.ts';
import type { Levels } from '../sessions/require.ts';
import type { SignedIn } from '../sessions/session.ts';
import { isAdviceDue, putAwayAdvice } from '../sessions/store.ts';
import { page, seeOther } from '../web/answer.ts';
import { takeNotice, withNotice } from '../web/flash.ts';
import { textField } from '../web/input.ts';
import { told } from '../web/refused-form.ts';
import { type Route, route } from '../web/route.ts';
import type { Site } from '../web/site.ts';
import type { Visit } from '../web/visit.ts';
import { checkUpRoutes } from './check-up-routes.ts';
import { disableTwoFactor } from './disable-two-factor.ts';
import { preferOwnFactor, renameOwnFactor } from './edit-factor.ts';
import { factorPage, removeFactorPage } from './factor-pages.ts';
import { gatherOverview, waysToEnter } from './overview.ts';
import { overviewPage } from './overview-pages.ts';
import { disablePage, mustEnrolPage } from './pages.ts';
import { removeFactor } from './remove-factor.ts';
import { stepUpRoutes } from './step-up-routes.ts';
import { trustedBrowserRoutes } from './trusted-browser-routes.ts';

/** The page that holds the forms of the routes below it. */
const OVERVIEW = '/account/security';

export function securityRoutes(deps: Deps, site: Site, levels: Levels): Route[] {
  return [
    route({
      method: 'GET',
      path: OVERVIEW,
      level: levels.securityPage,
      async handle({ visit, who }) {
        const { account } = who;
        const { message, more, cookies } = takeNotice(visit);
        if (who.kind === 'enrolment') {
          const ways = await waysToEnter(deps, who, visit.locale);
          return page(mustEnrolPage(site, visit, who, ways, message), 200, { cookies });
        }
        const overview = await gatherOverview(deps, visit, account, message);
        const method = methodOf(who.session.method);
        const advise =
          method !== null && isSpare(method) && (await isAdviceDue(deps.database.db, who.session));
        return page(overviewPage(site, visit, { ...overview, advise, more: more ?? null }), 200, { cookies });
      },
    }),
    route({
      method: 'POST',
      path: '/account/security/advice/later',
      level: levels.signedIn,
      formPage: OVERVIEW,
      async handle({ visit, who }) {
        await deps.database.transaction((tx) => putAwayAdvice(tx, who.session, visit.now));
        return seeOther(OVERVIEW);
      },
    }),
    ...factorCareRoutes(deps, site, levels),
    ...checkUpRoutes(deps, site, levels),
    ...trustedBrowserRoutes(deps, levels),
    ...disableRoutes(deps, site, levels),
    ...stepUpRoutes(deps, site, levels),
  ];
}

function factorCareRoutes(deps: Deps, site: Site, levels: Levels): Route[] {
  /** `last`: none would remain that works. */
  async function ownFactor({ locale }: Visit, { account }: SignedIn, id: string | undefined) {
    const factors = await listFactors(deps.database.db, account.id);
    const factor = factors.find((one) => one.id === id);
    if (!factor) throw new Refusal('not_found');
    const forbidden = await forbiddenKinds(deps.database.db);
    const last = isLast(deps, factors, factor, forbidden);
    const accepted = !forbidden.has(factor.kind);
    const working = workingOf(deps, factors, forbidden);
    const works = working.includes(factor);
    return { factor: namedIn(locale, factor), last, works, alone: working.length === 1, accepted };
  }

  async function show(visit: Visit, who: SignedIn, id: string | undefined, refusal: Refusal | null) {
    const { accepted, ...own } = await ownFactor(visit, who, id);
    const care = careOf(own.factor.kind);
    return factorPage(site, visit, {
      account: who.account,
      ...own,
      kind: care?.name(visit.locale) ?? own.factor.kind,
      detail: care?.detail(deps, own.factor, visit.locale) ?? null,
      replacing: (accepted && care?.replacing(deps, own.factor)) || null,
      ...told(visit, refusal),
    });
  }

  return [
    route({
      method: 'GET',
      path: '/account/security/factors/:id',
      level: levels.steppedUp,
      handle: async ({ visit, who, params }) => page(await show(visit, who, params['id'], null)),
    }),
    route({
      method: 'POST',
      path: '/account/security/factors/:id',
      level: levels.steppedUp,
      body: z.strictObject({ label: textField() }),
      async handle({ visit, who, params, body }) {
        const label = readLabel(body.label, '');
        if (!label) throw refuseField('label', 'label_invalid');
        await renameOwnFactor(deps, visit, who, params['id'] ?? '', label);
        return seeOther(OVERVIEW, { cookies: [withNotice('factor_renamed')] });
      },
      mistake: ({ visit, who, params }, refusal) => show(visit, who, params['id'], refusal),
    }),
    route({
      method: 'POST',
      path: '/account/security/factors/:id/prefer',
      level: levels.steppedUp,
      formPage: '/account/security/factors/:id',
      async handle({ visit, who, params }) {
        await preferOwnFactor(deps, visit, who, params['id'] ?? '');
        return seeOther(OVERVIEW, { cookies: [withNotice('factor_preferred')] });
      },
    }),
    route({
      method: 'GET',
      path: '/account/security/factors/:id/remove',
      level: levels.steppedUp,
      async handle({ visit, who, params }) {
        const { factor, last } = await ownFactor(visit, who, params['id']);
        if (last) return seeOther('/account/security/disable');
        return page(removeFactorPage(site, visit, who.account, factor));
      },
    }),
    route({
      method: 'POST',
      path: '/account/security/factors/:id/remove',
      level: levels.steppedUp,
      formPage: '/account/security/factors/:id',
      async handle({ visit, who, params }) {
        const outcome = await removeFactor(deps, visit, who, params['id'] ?? '');
        if (outcome === 'last') return seeOther('/account/security/disable');
        return seeOther(OVERVIEW, { cookies: [withNotice('factor_removed')] });
      },
    }),
  ];
}

function disableRoutes(deps: Deps, site: Site, levels: Levels): Route[] {
  return [
    route({
      method: 'GET',
      path: '/account/security/disable',
      level: levels.steppedUp,
      async handle({ visit, who }) {
        if (who.account.two_factor_at === null) return seeOther(OVERVIEW);
        const required = await demandOf(deps.database.db, who.account, visit.now);
        return page(disablePage(site, visit, who.account, required, null));
      },
    }),
    route({
      method: 'POST',
      path: '/account/security/disable',
      level: levels.steppedUp,
      body: z.strictObject({ password: textField(1100) }),
      async handle({ visit, who, body }) {
        const cookies = await disableTwoFactor(deps, visit, who, body.password);
        return seeOther(OVERVIEW, { cookies: [...cookies, withNotice('two_factor_off')] });
      },
      async mistake({ visit, who }, refusal) {
        const demand = refusal.detail.byRole ? 'role' : 'rule';
        const required = refusal.code === 'policy_requires_two_factor' ? demand : null;
        const { fields, error } = told(visit, refusal);
        return disablePage(site, visit, who.account, required, fields['password'] ?? error);
      },
    }),
  ];
}
