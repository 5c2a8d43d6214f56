import { z } from 'zod';
import { isOpen, stateOf } from '../accounts/recovery-rules.ts';
import type { Deps } from '../deps.ts';
import { Refusal } from '../kit/refusal.ts';
import { administratorLevels } from '../sessions/administrator.ts';
import type { Levels } from '../sessions/require.ts';
import type { SignedIn } from '../sessions/session.ts';
import { page, seeOther } from '../web/answer.ts';
import { takeNotice, withNotice } from '../web/flash.ts';
import { optionalText, rawText } from '../web/input.ts';
import { told } from '../web/refused-form.ts';
import { type Route, route } from '../web/route.ts';
import type { Site } from '../web/site.ts';
import type { Visit } from '../web/visit.ts';
import { type Case, readCase } from './case.ts';
import { REQUESTS, requestPage, requestsPage, type ShownRequest } from './dashboard-pages.ts';
import { countersign, PROPOSAL_LENGTH, propose, refuseRequest } from './decide.ts';
import { listUndecided, type RequestRow } from './store.ts';

type Shape = 'id' | 'state' | 'name' | 'email' | 'network' | 'browser' | 'askedAt' | 'effectiveAt';

function asShown(request: RequestRow, now: number): Pick<ShownRequest, Shape> {
  const { id, name, email, network, browser, created_at, effective_at, account_version } = request;
  const state = stateOf(request, account_version, now);
  return { id, state, name, email, network, browser, askedAt: created_at, effectiveAt: effective_at };
}

/** The administrators' side. What holds a form needs a step-up, so that each decision is one with a factor (R69). */
export function dashboardRoutes(deps: Deps, site: Site, allLevels: Levels): Route[] {
  const { administrator, steppedUpAdministrator: level } = administratorLevels(deps, allLevels);
  const { db } = deps.database;
  const one = `${REQUESTS}/:id`;

  /** @throws {Refusal} not_found */
  async function find(visit: Visit, { account }: SignedIn, id: string | undefined): Promise<Case> {
    if (id === undefined || !/^[\w-]{1,64}$/.test(id)) throw new Refusal('not_found');
    return readCase(db, visit, account, id);
  }

  async function show(visit: Visit, who: SignedIn, id: string | undefined, rest: Shown = {}) {
    const { request, proposer, decision, alone } = await find(visit, who, id);
    const { reason, proposed_at, proposal_reason } = request;
    const proposal = proposer && {
      by: proposer.name,
      at: proposed_at ?? 0,
      reason: proposal_reason ?? '',
    };
    return requestPage(site, visit, {
      account: who.account,
      request: { ...asShown(request, visit.now), reason, proposal },
      decision,
      alone,
      reasonLength: PROPOSAL_LENGTH,
      ...rest,
    });
  }

  return [
    route({
      method: 'GET',
      path: REQUESTS,
      level: administrator,
      async handle({ visit, who: { account } }) {
        const { message, cookies } = takeNotice(visit);
        const rows = await listUndecided(db);
        const requests = rows.map((row) => asShown(row, visit.now)).filter(({ state }) => isOpen(state));
        const proposed = new Set(rows.flatMap((row) => (row.proposed_by === null ? [] : row.id)));
        return page(requestsPage(site, visit, { account, requests, proposed, message }), 200, { cookies });
      },
    }),
    route({
      method: 'GET',
      path: one,
      level,
      async handle({ visit, who, params }) {
        const { message, cookies } = takeNotice(visit);
        return page(await show(visit, who, params['id'], { message }), 200, { cookies });
      },
    }),
    route({
      method: 'POST',
      path: `${one}/propose`,
      level,
      formPage: one,
      body: z.strictObject({ reason: optionalText(2_000) }),
      async handle({ visit, who, params, body }) {
        const { request } = await find(visit, who, params['id']);
        const next = await propose(deps, visit, who, request.id, body.reason ?? '');
        const done = next === 'alone' ? 'recovery_proposed_alone' : 'recovery_proposed';
        return seeOther(`${REQUESTS}/${request.id}`, { cookies: [withNotice(done)] });
      },
      mistake: ({ visit, who, params, body }, refusal) =>
        show(visit, who, params['id'], { typed: rawText(body, 'reason'), ...told(visit, refusal) }),
    }),
    route({
      method: 'POST',
      path: `${one}/countersign`,
      level,
      formPage: one,
      body: z.strictObject({}),
      async handle({ visit, who, params }) {
        const { request } = await find(visit, who, params['id']);
        await countersign(deps, visit, who, request.id);
        return seeOther(REQUESTS, { cookies: [withNotice('recovery_approved')] });
      },
      mistake: ({ visit, who, params }, refusal) => show(visit, who, params['id'], told(visit, refusal)),
    }),
    route({
      method: 'POST',
      path: `${one}/refuse`,
      level,
      formPage: one,
      body: z.strictObject({}),
      async handle({ visit, who, params }) {
        const { request } = await find(visit, who, params['id']);
        await refuseRequest(deps, visit, who, request.id);
        return seeOther(REQUESTS, { cookies: [withNotice('recovery_refused')] });
      },
      mistake: ({ visit, who, params }, refusal) => show(visit, who, params['id'], told(visit, refusal)),
    }),
  ];
}

type Shown = Partial<Pick<Parameters<typeof requestPage>[2], 'message' | 'error' | 'fields' | 'typed'>>;
