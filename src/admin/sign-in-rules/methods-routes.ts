import { z } from 'zod';
import type { Account } from '../../accounts/account.ts';
import type { Deps } from '../../deps.ts';
import { forbiddenKinds } from '../../factors/accepted.ts';
import { factorCare } from '../../factors/all.ts';
import { assertSomeFirst, changeMethods, type MethodRules } from '../../factors/change-methods.ts';
import { policyValue } from '../../policy/values.ts';
import type { AdministratorLevels } from '../../sessions/administrator.ts';
import { page, seeOther } from '../../web/answer.ts';
import { withNotice } from '../../web/flash.ts';
import { rawText } from '../../web/input.ts';
import { told } from '../../web/refused-form.ts';
import { type RawFields, type Route, route } from '../../web/route.ts';
import type { Site } from '../../web/site.ts';
import type { Visit } from '../../web/visit.ts';
import type { Locale } from '../../words/locale.ts';
import { act } from '../act.ts';
import { anyIdField } from '../ids.ts';
import { countAffected, listDependents } from './affected.ts';
import { AFFECTED, affectedPage, METHODS, methodsPage, type Ticked } from './methods-pages.ts';
import type { ShownMethod } from './pages.ts';
import { RULES } from './paths.ts';

const PER_PAGE = 50;

export function shownMethods(locale: Locale, forbidden: ReadonlySet<string>): ShownMethod[] {
  return factorCare().map(({ kind, icon, name }) => ({
    kind,
    icon,
    name: name(locale),
    accepted: !forbidden.has(kind),
  }));
}

/** Which kinds are accepted as a second step: here too, who would be affected is told first. */
export function methodRoutes(
  deps: Deps,
  site: Site,
  { steppedUpAdministrator: level }: AdministratorLevels,
): Route[] {
  const { db } = deps.database;
  const tick = z.literal('on', 'malformed').optional();
  const ticks = Object.fromEntries(
    [...factorCare().map(({ kind }) => kind), 'keys_first'].map((name) => [name, tick]),
  );

  async function showAgain(
    visit: Visit,
    account: Account,
    fields: RawFields,
    refusal: Parameters<typeof told>[1],
  ) {
    const rules = rulesFrom(fields);
    return methodsPage(site, visit, {
      account,
      methods: shownMethods(visit.locale, new Set(rules.forbidden_factors)),
      keysFirst: rules.keys_first === 'allowed',
      error: told(visit, refusal).error,
    });
  }

  return [
    route({
      method: 'GET',
      path: METHODS,
      level,
      async handle({ visit, who: { account } }) {
        const methods = shownMethods(visit.locale, await forbiddenKinds(db));
        const keysFirst = (await policyValue(db, 'keys_first')) === 'allowed';
        return page(methodsPage(site, visit, { account, methods, keysFirst }));
      },
    }),
    route({
      method: 'GET',
      path: AFFECTED,
      level,
      query: z.object({
        ...ticks,
        after: anyIdField.catch(''),
      }),
      async handle({ visit, who: { account }, query }) {
        const rules = rulesFrom(query);
        assertSomeFirst(deps, rules);
        const before = await forbiddenKinds(db);
        const forbidden = new Set(rules.forbidden_factors);
        const newly = rules.forbidden_factors.filter((kind) => !before.has(kind));
        const affected = await countAffected(db, rules.forbidden_factors, newly);
        const place = { after: String(query['after'] ?? ''), count: PER_PAGE };
        const found =
          affected.depend === 0
            ? { people: [], next: null }
            : await listDependents(db, rules.forbidden_factors, place);
        const methods = shownMethods(visit.locale, forbidden);
        const lost = newly.map((kind, index) => ({
          name: methods.find((method) => method.kind === kind)?.name ?? kind,
          have: affected.have[index] ?? 0,
        }));
        const first = place.after === '';
        return page(
          affectedPage(site, visit, {
            account,
            methods,
            ticked: tickedOf(rules),
            lost,
            affected,
            ...found,
            first,
          }),
        );
      },
      mistake: ({ visit, who: { account }, query }, refusal) => showAgain(visit, account, query, refusal),
    }),
    route({
      method: 'POST',
      path: METHODS,
      level,
      body: z.strictObject(ticks),
      async handle({ visit, who, body }) {
        await act(deps, visit, who, (tx, by) => changeMethods(tx, deps, by, rulesFrom(body)));
        return seeOther(RULES, { cookies: [withNotice('rules_saved')] });
      },
      mistake: ({ visit, who: { account }, body }, refusal) => showAgain(visit, account, body, refusal),
    }),
  ];
}

function rulesFrom(fields: RawFields): MethodRules {
  const kinds = factorCare().map(({ kind }) => kind);
  return {
    forbidden_factors: kinds.filter((kind) => rawText(fields, kind) !== 'on').sort(),
    keys_first: rawText(fields, 'keys_first') === 'on' ? 'allowed' : 'after',
  };
}

function tickedOf({ forbidden_factors: forbidden, keys_first: keysFirst }: MethodRules): Ticked {
  const accepted = factorCare().filter(({ kind }) => !forbidden.includes(kind));
  return Object.fromEntries([
    ...accepted.map(({ kind }) => [kind, 'on']),
    ...(keysFirst === 'allowed' ? [['keys_first', 'on']] : []),
  ]);
}
