import { z } from 'zod';
import { isAdministrator } from '../accounts/account.ts';
import type { Deps } from '../deps.ts';
import { findGroup } from '../groups/store.ts';
import { Refusal } from '../kit/refusal.ts';
import { type Concerned, makeTwoFactorOptional, requireTwoFactor } from '../policy/change-two-factor-rule.ts';
import { FARTHEST_RULE, isInForce } from '../policy/rules.ts';
import { type ClientRule, findRuledClient, listClientRules, peopleOf } from '../policy/rules-of-apps.ts';
import { countStopped, countWithoutFactor, listStopped, type People } from '../policy/stopped-store.ts';
import { listTwoFactorRules, type TwoFactorRule } from '../policy/two-factor-rules.ts';
import { EXAMPLE } from './examples.ts';
import { operation } from './operation.ts';
import { asCursor, MAY_BE_SHORT, notOurs, pageOf, paging, readCursor } from './paging.ts';
import { asInstant, id, instant } from './shapes.ts';

const tag = 'Policy';
const scope = 'policy:write';
const EVERYONE = 'everyone';
const FAR = 'lies more than two years ahead';
const rule = z
  .object({
    group: z.object({ id, name: z.string() }).nullable(),
    client: z
      .object({ id, name: z.string() })
      .nullable()
      .meta({ description: 'An app: whoever opens it. Both null: everybody.' }),
    required_from: instant,
    in_force: z.boolean(),
  })
  .meta({ id: 'TwoFactorRule' });
const ofWhom = z.strictObject({
  whom: id.meta({ description: '`everyone`, or the id of a group, or of an app that people sign in to.' }),
});
const stopped = z.object({
  without_factor: z.int().meta({ description: 'May sign in, are concerned, and have no factor.' }),
  signed_in: z.int().meta({ description: 'Of them: with a session, which would end.' }),
  never_signed_in: z.int(),
  administrators: z.int().meta({ description: 'Of them: who must use two factors without any rule.' }),
});
const person = z
  .object({
    id,
    email: z.string(),
    name: z.string(),
    signed_in: z.boolean(),
    never_signed_in: z.boolean(),
    administrator: z.boolean(),
  })
  .meta({ id: 'StoppedPerson' });

const STAFF = {
  group: { id: EXAMPLE.group, name: 'Staff' },
  client: null,
  required_from: EXAMPLE.at,
  in_force: true,
};

/** Who must use two factors, and whom that would stop. Administrators must in any case. */
export function twoFactorRuleOperations(deps: Deps) {
  const { database, clock, config } = deps;
  const { db } = database;
  const example = { params: { whom: EXAMPLE.group } };

  /** @throws {Refusal} not_found */
  async function concerned(whom: string): Promise<{ readonly rule: Concerned; readonly people: People }> {
    if (whom === EVERYONE) return { rule: { group: null }, people: null };
    if (await findGroup(db, whom)) return { rule: { group: whom }, people: whom };
    return { rule: { client: whom }, people: peopleOf(await findRuledClient(db, whom)) };
  }

  const listAll = async (): Promise<readonly AnyRule[]> => [
    ...(await listTwoFactorRules(db)),
    ...(await listClientRules(db)),
  ];

  interface AnyRule {
    readonly group?: TwoFactorRule['group'];
    readonly client?: ClientRule['client'];
    readonly required_from_at: number;
  }

  const asJson = ({ group, client, required_from_at }: AnyRule) => ({
    group: group ?? null,
    client: client ?? null,
    required_from: asInstant(required_from_at),
    in_force: isInForce({ required_from_at }, clock.now()),
  });

  const moment = (now: number) => ({ now, idleSince: now - config.lifetimes.sessionIdle });

  return [
    operation({
      id: 'listTwoFactorRules',
      method: 'GET',
      path: '/two-factor-rules',
      tag,
      scope,
      summary: 'Who must use two factors, and from when on',
      description:
        'Whoever is concerned by no rule chooses; administrators must in any case. An app’s rule is about opening that app, beside the `acr` of its settings.',
      result: z.object({ data: z.array(rule) }),
      example: { result: { data: [STAFF] } },
      handle: async () => ({ data: (await listAll()).map(asJson) }),
    }),
    operation({
      id: 'requireTwoFactor',
      method: 'PUT',
      path: '/two-factor-rules/{whom}',
      tag,
      scope,
      summary: 'Require two factors of everybody, of a group, or at an app',
      description:
        'Look at the preview first. What lies ahead is announced by a banner and by mails; what is past means: from now on. ' +
        'A rule that is in force stays as it is.',
      params: ofWhom,
      body: z.strictObject({ required_from: instant.optional().meta({ description: 'By default now.' }) }),
      result: rule,
      refusals: ['not_found', 'conflict'],
      example: {
        ...example,
        body: { required_from: EXAMPLE.at },
        result: STAFF,
      },
      async handle({ by, visit, params, body }) {
        const { rule: whom, people } = await concerned(params.whom);
        const from = Math.max(Date.parse(body.required_from ?? '') || 0, visit.now);
        if (from > visit.now + FARTHEST_RULE)
          throw new Refusal('malformed_request', { problems: [{ at: 'body.required_from', message: FAR }] });
        const stopped = await countWithoutFactor(db, people);
        await database.transaction((tx) => requireTwoFactor(tx, deps, by, { ...whom, from, stopped }));
        const stands = (await listAll()).find(({ group, client }) =>
          'client' in whom ? client?.id === whom.client : !client && (group?.id ?? null) === whom.group,
        );
        // Somebody made it optional in this very moment.
        if (!stands) throw new Refusal('conflict');
        return asJson(stands);
      },
    }),
    operation({
      id: 'makeTwoFactorOptional',
      method: 'DELETE',
      path: '/two-factor-rules/{whom}',
      tag,
      scope,
      summary: 'Let everybody, a group, or the people of an app choose whether to use two factors',
      description: 'Whoever is concerned by another rule must all the same, and so must administrators.',
      params: ofWhom,
      refusals: ['not_found'],
      example,
      async handle({ by, params }) {
        const { rule: whom } = await concerned(params.whom);
        await database.transaction((tx) => makeTwoFactorOptional(tx, by, whom));
      },
    }),
    operation({
      id: 'previewTwoFactorRule',
      method: 'GET',
      path: '/two-factor-rules/{whom}/preview',
      tag,
      scope,
      summary: 'How many a rule would stop if it began now',
      params: ofWhom,
      result: stopped,
      refusals: ['not_found'],
      example: {
        ...example,
        result: { without_factor: 12, signed_in: 3, never_signed_in: 2, administrators: 0 },
      },
      async handle({ visit, params }) {
        const found = await countStopped(db, (await concerned(params.whom)).people, moment(visit.now));
        return {
          without_factor: found.total,
          signed_in: found.signedIn,
          never_signed_in: found.neverSignedIn,
          administrators: found.administrators,
        };
      },
    }),
    operation({
      id: 'listWithoutFactor',
      method: 'GET',
      path: '/two-factor-rules/{whom}/without-factor',
      tag,
      // Who they are is a question about accounts, whoever may decide.
      scope: 'accounts:read',
      summary: 'Whom a rule would stop if it began now, by address',
      description: MAY_BE_SHORT,
      params: ofWhom,
      query: z.strictObject(paging),
      result: pageOf(person),
      refusals: ['not_found'],
      example: {
        params: { whom: EVERYONE },
        result: {
          data: [
            {
              id: EXAMPLE.account,
              email: 'ben@example.org',
              name: 'Ben Example',
              signed_in: false,
              never_signed_in: true,
              administrator: false,
            },
          ],
          next_cursor: null,
        },
      },
      async handle({ visit, params, query: { limit, cursor } }) {
        const after = readCursor(cursor);
        if (!/^[\w-]{0,64}$/.test(after)) throw notOurs();
        const place = { after, count: limit, moment: moment(visit.now) };
        const { people, next } = await listStopped(db, (await concerned(params.whom)).people, place);
        return {
          data: people.map(({ signedIn, neverSignedIn, roles, ...one }) => ({
            id: one.id,
            email: one.email,
            name: one.name,
            signed_in: signedIn,
            never_signed_in: neverSignedIn,
            administrator: isAdministrator({ roles }),
          })),
          next_cursor: asCursor(next),
        };
      },
    }),
  ];
}
