import { z } from 'zod';
import type { Account } from '../accounts/account.ts';
import type { Deps } from '../deps.ts';
import { page, type SetCookie, seeOther } from '../web/answer.ts';
import { answerField, credentialField } from '../web/input.ts';
import { type Level, type Route, route } from '../web/route.ts';
import type { Site } from '../web/site.ts';
import type { Visit } from '../web/visit.ts';
import { answerMethods } from './all.ts';
import { type Ask, askedAt, askPage, mayTrust, wrongOf } from './ask-page.ts';
import { assertAsked } from './choose-method.ts';
import type { AnswerMethod } from './factor.ts';
import { assertNotHeld } from './held.ts';
import { listFactors } from './store.ts';

/** One of the two doors at which a factor is asked for. */
export interface AskDoor<Who extends { readonly account: Account }> {
  readonly base: Ask['base'];
  readonly level: Level<Who>;
  /** What the question belongs to: the pending sign-in, the session that steps up. */
  holderId(who: Who): string;
  /** Where a step-up leads that has lost its own way. */
  readonly formPage?: string;
  /** Refuses where nothing is being asked for any more. */
  assertAsked(visit: Visit, who: Who): Promise<void>;
  /** @throws {Refusal} */
  answer(
    visit: Visit,
    who: Who,
    method: AnswerMethod,
    answer: string,
    /** "Don't ask again in this browser" was ticked. */
    trust: boolean,
  ): Promise<{ readonly cookies: readonly SetCookie[]; readonly next: string }>;
}

/** The page that asks, and one address for each method's answer (contract, section 4). */
export function askRoutes<Who extends { readonly account: Account }>(
  deps: Deps,
  site: Site,
  door: AskDoor<Who>,
): Route[] {
  const { base, level } = door;
  const methods = answerMethods();
  const named = z.enum(methods.map(({ kind }) => kind));
  const where = door.formPage === undefined ? {} : { formPage: door.formPage };
  const asking = (who: Who) => ({ base, account: who.account, holderId: door.holderId(who) });
  return [
    route({
      method: 'GET',
      path: base,
      level,
      ...where,
      query: z.object({ method: named.optional().catch(undefined) }),
      async handle({ visit, who, query }) {
        await door.assertAsked(visit, who);
        return page(await askPage(deps, site, visit, { ...asking(who), kind: query.method, wrong: null }));
      },
    }),
    ...methods.map((method) =>
      route({
        method: 'POST',
        path: `${base}/${method.kind}`,
        level,
        ...where,
        // Other fields are a browser's own business.
        body: z.looseObject({
          [method.field]: method.field === 'credential' ? credentialField : answerField,
        }),
        async handle({ visit, who, body }) {
          const answer = String(body[method.field] ?? '');
          const trust = body['trust'] === 'on' && mayTrust(method);
          const { next, cookies } = await door.answer(visit, who, method, answer, trust);
          return seeOther(next, { cookies });
        },
        mistake({ visit, who, body }, refusal) {
          const trust = body['trust'] === 'on';
          const wrong = wrongOf(visit, refusal);
          return askPage(deps, site, visit, { ...asking(who), kind: method.kind, wrong, trust });
        },
      }),
    ),
    ...methods.flatMap((method) =>
      Object.entries(method.actions ?? {}).map(([name, act]) =>
        route({
          method: 'POST',
          path: `${base}/${method.kind}/${name}`,
          level,
          ...where,
          async handle({ visit, who }) {
            await door.assertAsked(visit, who);
            const { account } = who;
            await assertAsked(deps, account, method);
            await assertNotHeld(deps, visit, account, method);
            const factors = await listFactors(deps.database.db, account.id);
            await act(deps, { ...askedAt(asking(who)), account, factors }, visit);
            return seeOther(`${base}?method=${method.kind}`);
          },
          mistake({ visit, who }, refusal) {
            const wrong = wrongOf(visit, refusal);
            return askPage(deps, site, visit, { ...asking(who), kind: method.kind, wrong });
          },
        }),
      ),
    ),
  ];
}
