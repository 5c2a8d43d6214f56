import { z } from 'zod';
import type { Account } from '../accounts/account.ts';
import type { Deps } from '../deps.ts';
import { page, type SetCookie, seeOther } from '../web/answer.ts';
import { answerField } from '../web/input.ts';
import { type Level, type Route, route } from '../web/route.ts';
import type { Site } from '../web/site.ts';
import type { Visit } from '../web/visit.ts';
import { refusalSentence } from '../words/refusals.ts';
import { ANSWER_METHODS } from './all.ts';
import { type Ask, askPage } from './ask-page.ts';
import type { AnswerMethod } from './factor.ts';

/** One of the two doors at which a factor is asked for. */
export interface AskDoor<Who extends { readonly account: Account }> {
  readonly base: Ask['base'];
  readonly level: Level<Who>;
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
  ): Promise<{ readonly cookies: readonly SetCookie[]; readonly next: string }>;
}

const METHOD = z.enum(ANSWER_METHODS.map(({ kind }) => kind));

/** The page that asks, and one address for each method's answer (contract, section 4). */
export function askRoutes<Who extends { readonly account: Account }>(
  deps: Deps,
  site: Site,
  door: AskDoor<Who>,
): Route[] {
  const { base, level } = door;
  const where = door.formPage === undefined ? {} : { formPage: door.formPage };
  return [
    route({
      method: 'GET',
      path: base,
      level,
      ...where,
      query: z.object({ method: METHOD.optional().catch(undefined) }),
      async handle({ visit, who, query }) {
        await door.assertAsked(visit, who);
        return page(
          await askPage(deps, site, visit, { base, account: who.account, kind: query.method, wrong: null }),
        );
      },
    }),
    ...ANSWER_METHODS.map((method) =>
      route({
        method: 'POST',
        path: `${base}/${method.kind}`,
        level,
        ...where,
        // Other fields are a browser's own business: `trust` is one of them.
        body: z.looseObject({ [method.field]: answerField }),
        async handle({ visit, who, body }) {
          const { next, cookies } = await door.answer(visit, who, method, String(body[method.field] ?? ''));
          return seeOther(next, { cookies });
        },
        mistake({ visit, who }, refusal) {
          const sentence = refusalSentence(visit.locale, refusal, visit.requestId);
          const wrong = { code: refusal.code, sentence };
          return askPage(deps, site, visit, { base, account: who.account, kind: method.kind, wrong });
        },
      }),
    ),
  ];
}
