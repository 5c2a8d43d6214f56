import { z } from 'zod';
import type { Client } from '../../clients/client.ts';
import { findClient } from '../../clients/store.ts';
import type { Deps } from '../../deps.ts';
import { sameText } from '../../kit/encoding.ts';
import { Refusal } from '../../kit/refusal.ts';
import { administratorLevels } from '../../sessions/administrator.ts';
import type { Levels } from '../../sessions/require.ts';
import { page, seeOther } from '../../web/answer.ts';
import { type Route, route } from '../../web/route.ts';
import type { Site } from '../../web/site.ts';
import { describeScopes } from '../describe-scopes.ts';
import { TRIED, TRY } from '../paths.ts';
import { failedPage, toldPage, tryPage } from './pages.ts';
import { redeemTrial } from './redeem-trial.ts';
import { beginTrial, FORGET_TRIAL, readTrial, TRIED_SCOPES } from './trial.ts';

const answerField = z.string().max(2_000).catch('');

/** An administrator walks through a sign-in to an app, and sees what it would be told. */
export function tryRoutes(deps: Deps, site: Site, allLevels: Levels): Route[] {
  const { administrator: level } = administratorLevels(deps, allLevels);
  const { db } = deps.database;

  /** @throws {Refusal} not_found: nobody signs in to anything else that way */
  async function find(id: string | undefined): Promise<Client> {
    const client = id !== undefined && /^[\w-]{1,64}$/.test(id) ? await findClient(db, id) : null;
    if (client?.kind !== 'oidc') throw new Refusal('not_found');
    return client;
  }

  return [
    route({
      method: 'GET',
      path: TRY,
      level,
      async handle({ visit, who: { account }, params }) {
        const client = await find(params['id']);
        const may = await describeScopes(db, visit.locale, account, TRIED_SCOPES, []);
        return page(tryPage({ site, visit, account, client }, may));
      },
    }),
    route({
      method: 'POST',
      path: TRY,
      level,
      formPage: TRY,
      body: z.strictObject({ how: z.enum(['as-you-are', 'anew'], 'malformed') }),
      async handle({ visit, who: { session }, params, body }) {
        const client = await find(params['id']);
        const { path, cookie } = beginTrial(deps, visit, session.id, client.id, body.how === 'anew');
        return seeOther(path, { cookies: [cookie] });
      },
    }),
    route({
      method: 'GET',
      path: TRIED,
      level,
      query: z.object({
        state: answerField,
        code: answerField,
        error: answerField,
        error_description: answerField,
      }),
      async handle({ visit, who, query }) {
        const trial = readTrial(deps, visit, who.session.id);
        const client = await find(trial?.clientId);
        const trying = { site, visit, account: who.account, client };
        const show = (body: ReturnType<typeof toldPage>) => page(body, 200, { cookies: [FORGET_TRIAL] });
        if (!trial || !sameText(trial.state, query.state)) return page(failedPage(trying, null), 400);
        if (query.code === '')
          return show(failedPage(trying, { code: query.error, description: query.error_description }));
        const told = await redeemTrial(deps, who, trial, query.code);
        return show(told ? toldPage(trying, told) : failedPage(trying, null));
      },
    }),
  ];
}
