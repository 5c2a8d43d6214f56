import { z } from 'zod';
import type { Account } from '../../accounts/account.ts';
import { listClients } from '../../clients/store.ts';
import type { Deps } from '../../deps.ts';
import { listGroups } from '../../groups/store.ts';
import type { Refusal } from '../../kit/refusal.ts';
import { findRuleOf, makeTwoFactorOptional, requireTwoFactor } from '../../policy/change-two-factor-rule.ts';
import { countStopped, countWithoutFactor, listStopped } from '../../policy/stopped-store.ts';
import type { AdministratorLevels } from '../../sessions/administrator.ts';
import { page, seeOther } from '../../web/answer.ts';
import { withNotice } from '../../web/flash.ts';
import { rawText } from '../../web/input.ts';
import { told } from '../../web/refused-form.ts';
import { type RawFields, type Route, route } from '../../web/route.ts';
import type { Site } from '../../web/site.ts';
import type { Visit } from '../../web/visit.ts';
import { act } from '../act.ts';
import { anyIdField } from '../ids.ts';
import { readFrom, readWhom } from './choice.ts';
import { EVERYONE, RULES, TWO_FACTOR } from './paths.ts';
import { type Choice, choosePage, optionalPage, PREVIEW, previewPage } from './two-factor-pages.ts';
import { concernedBy, peopleIn } from './whom.ts';

const PER_PAGE = 50;

const whomField = z.string('malformed').max(70, 'malformed');
const choice = {
  group: whomField,
  when: z.enum(['now', 'day'], 'malformed'),
  day: z.string('malformed').max(20, 'day_invalid').default(''),
};
const after = anyIdField.catch('');

/** Report first: whoever switches a rule on has seen whom it stops. All of it needs a fresh step-up (R69). */
export function twoFactorRoutes(
  deps: Deps,
  site: Site,
  { administrator, steppedUpAdministrator: level }: AdministratorLevels,
): Route[] {
  const { database, config } = deps;
  const { db } = database;

  async function showChoice(visit: Visit, account: Account, raw: Choice, refusal: Refusal | null = null) {
    const groups = await listGroups(db);
    const apps = (await listClients(db)).filter(({ kind }) => kind !== 'api');
    return choosePage(site, visit, { account, groups, apps, choice: raw, ...told(visit, refusal) });
  }

  /** `chosen` null: a look at the rule that stands. */
  async function showPeople(
    visit: Visit,
    account: Account,
    whomSaid: string,
    chosen: Choice | null,
    place: string,
  ) {
    const whom = await readWhom(db, whomSaid);
    const people = peopleIn(whom);
    const from = chosen
      ? readFrom(chosen, account.time_zone, visit.now)
      : await findRuleOf(db, concernedBy(whom));
    const moment = { now: visit.now, idleSince: visit.now - config.lifetimes.sessionIdle };
    const stopped = await countStopped(db, people, moment);
    const found = await listStopped(db, people, { after: place, count: PER_PAGE, moment });
    const first = place === '';
    return previewPage(site, visit, { account, whom, choice: chosen, from, stopped, ...found, first });
  }

  return [
    route({
      method: 'GET',
      path: TWO_FACTOR,
      level,
      query: z.object({ group: whomField.catch(EVERYONE) }),
      handle: async ({ visit, who: { account }, query }) =>
        page(await showChoice(visit, account, { group: query.group, when: 'day', day: '' })),
    }),
    route({
      method: 'GET',
      path: PREVIEW,
      level,
      query: z.object({ ...choice, after }),
      handle: async ({ visit, who: { account }, query: { after, ...chosen } }) =>
        page(await showPeople(visit, account, chosen.group, chosen, after)),
      mistake: ({ visit, who: { account }, query }, refusal) =>
        showChoice(visit, account, rawChoice(query), refusal),
    }),
    route({
      method: 'POST',
      path: TWO_FACTOR,
      level,
      body: z.strictObject(choice),
      async handle({ visit, who, body }) {
        const whom = await readWhom(db, body.group);
        const from = readFrom(body, who.account.time_zone, visit.now) ?? visit.now;
        const stopped = await countWithoutFactor(db, peopleIn(whom));
        const rule = { ...concernedBy(whom), from, stopped };
        await act(deps, visit, who, (tx, by) => requireTwoFactor(tx, deps, by, rule));
        return seeOther(RULES, { cookies: [withNotice('rule_required')] });
      },
      mistake: ({ visit, who: { account }, body }, refusal) =>
        showChoice(visit, account, rawChoice(body), refusal),
    }),
    route({
      method: 'GET',
      path: `${TWO_FACTOR}/:group`,
      level: administrator,
      query: z.object({ after }),
      handle: async ({ visit, who: { account }, params, query }) =>
        page(await showPeople(visit, account, params['group'] ?? '', null, query.after)),
    }),
    route({
      method: 'GET',
      path: `${TWO_FACTOR}/:group/optional`,
      level,
      async handle({ visit, who: { account }, params }) {
        const whom = await readWhom(db, params['group'] ?? '');
        return page(optionalPage(site, visit, { account, whom }));
      },
    }),
    route({
      method: 'POST',
      path: `${TWO_FACTOR}/:group/optional`,
      level,
      body: z.strictObject({}),
      async handle({ visit, who, params }) {
        const whom = await readWhom(db, params['group'] ?? '');
        await act(deps, visit, who, (tx, by) => makeTwoFactorOptional(tx, by, concernedBy(whom)));
        return seeOther(RULES, { cookies: [withNotice('rule_optional')] });
      },
      async mistake({ visit, who: { account }, params }, refusal) {
        const whom = await readWhom(db, params['group'] ?? '');
        return optionalPage(site, visit, { account, whom, error: told(visit, refusal).error });
      },
    }),
  ];
}

function rawChoice(fields: RawFields): Choice {
  return {
    group: rawText(fields, 'group') || EVERYONE,
    when: rawText(fields, 'when') || 'day',
    day: rawText(fields, 'day'),
  };
}
