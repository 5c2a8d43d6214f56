import { minPasswordLength } from '../accounts/choose-password.ts';
import type { Deps } from '../deps.ts';
import {
  type Concerned,
  findRuleOf,
  makeTwoFactorOptional,
  requireTwoFactor,
} from '../policy/change-two-factor-rule.ts';
import { type ClientRule, listClientRules, peopleOf } from '../policy/rules-of-apps.ts';
import { countWithoutFactor } from '../policy/stopped-store.ts';
import { listTwoFactorRules, type TwoFactorRule } from '../policy/two-factor-rules.ts';
import { allPolicyValues } from '../policy/values.ts';
import { type Call, type Command, CommandRefused, WrongUsage } from './command.ts';
import { operatorsPlace } from './find-account.ts';
import { assertOneWhom, namedClient, namedGroup } from './named-whom.ts';
import { withDeps } from './open.ts';
import { previewRules } from './preview.ts';
import { readInstant } from './read-instant.ts';

export const rulesCommands: readonly Command[] = [
  { name: 'rules show', takes: '', does: 'who must use two factors, and what else is decided', run: show },
  {
    name: 'rules set two-factor',
    takes: 'optional|required [--from DATE] [--group G | --client ID]',
    does: 'for everybody, one group, or whoever opens one app, at once or from a day on (its midnight, UTC); look at the preview first',
    operands: ['optional|required'],
    options: { from: { type: 'string' }, group: { type: 'string' }, client: { type: 'string' } },
    run: set,
  },
  {
    name: 'rules preview',
    takes: '[--group G | --client ID]',
    does: 'who would be stopped if two factors were required now: how many, then one line for each',
    options: { group: { type: 'string' }, client: { type: 'string' } },
    run: previewRules,
  },
];

async function show(call: Call): Promise<void> {
  await withDeps(call, async (deps) => {
    const { database, clock } = deps;
    const rules = await listTwoFactorRules(database.db);
    const ofApps = await listClientRules(database.db);
    const values = {
      ...(await allPolicyValues(database.db)),
      password_min_length: await minPasswordLength(deps),
    };
    const lines = [
      ...(rules.some(({ group }) => group === null) ? [] : ['two-factor  everybody: optional']),
      ...rules.map((rule) => `two-factor  ${ruleWords(rule.group?.name ?? null, rule, clock.now())}`),
      ...ofApps.map((rule) => `two-factor  ${ruleWords(appWords(rule.client), rule, clock.now())}`),
      'two-factor  administrators: required, whatever the rules say',
      ...Object.entries(values).map(([key, value]) => `${key}  ${valueWords(value)}`),
    ];
    await call.print(lines.join('\n'), {
      two_factor: rules.map(({ group, required_from_at }) => ({
        group: group?.name ?? null,
        required_from_at,
        in_force: required_from_at <= clock.now(),
      })),
      two_factor_apps: ofApps.map(({ client, required_from_at }) => ({
        client: client.id,
        name: client.name,
        required_from_at,
        in_force: required_from_at <= clock.now(),
      })),
      values,
    });
  });
}

const appWords = ({ id, name }: ClientRule['client']): string => `the app ${name} (${id})`;

/** `whom` null: everybody. */
function ruleWords(
  whom: string | null,
  { required_from_at: from }: Pick<TwoFactorRule, 'required_from_at'>,
  now: number,
): string {
  const since = new Date(from).toISOString();
  return `${whom ?? 'everybody'}: required ${from <= now ? 'since' : 'from'} ${since}`;
}

const valueWords = (value: string | number | readonly string[]): string =>
  typeof value === 'object' ? value.join(', ') || 'none' : String(value);

async function set(call: Call): Promise<void> {
  const wanted = call.operands[0];
  if (wanted !== 'optional' && wanted !== 'required')
    throw new WrongUsage(`two-factor is "optional" or "required", not "${wanted}"`);
  const from = call.option('from');
  if (from !== undefined && wanted === 'optional')
    throw new WrongUsage('--from goes only with "required": "optional" applies at once');
  const instant = from === undefined ? null : readInstant('from', from);
  assertOneWhom(call);
  await withDeps(call, (deps) =>
    wanted === 'required' ? makeRequired(deps, call, instant) : makeOptional(deps, call),
  );
}

/** What `--group` or `--client` names, else everybody; `names`: as the output has it. */
async function whomOf(deps: Deps, call: Call) {
  const client = await namedClient(deps, call);
  if (client) {
    const concerned: Concerned = { client: client.id };
    return { concerned, people: peopleOf(client), words: appWords(client), names: { client: client.id } };
  }
  const group = await namedGroup(deps, call);
  const concerned: Concerned = { group: group?.id ?? null };
  const words = group?.name ?? null;
  return { concerned, people: group?.id ?? null, words, names: { group: words } };
}

async function makeRequired(deps: Deps, call: Call, instant: number | null): Promise<void> {
  const { database, clock } = deps;
  const { concerned, people, words, names } = await whomOf(deps, call);
  const place = operatorsPlace(deps);
  const from = Math.max(instant ?? 0, place.now);
  const stopped = await countWithoutFactor(database.db, people);
  const changed = await database.transaction((tx) =>
    requireTwoFactor(tx, deps, { place, actor: 'operator' }, { ...concerned, from, stopped }),
  );
  const required_from_at = await findRuleOf(database.db, concerned);
  // Somebody made it optional in this very moment.
  if (required_from_at === null)
    throw new CommandRefused(
      'conflict',
      'Somebody changed the rule at the same time. Look at it, then try again.',
    );
  const said = ruleWords(words, { required_from_at }, clock.now());
  await call.print(`Two factors for ${said}. Without a factor: ${stopped}.`, {
    ...names,
    two_factor: 'required',
    required_from_at,
    without_factor: stopped,
    changed,
  });
}

async function makeOptional(deps: Deps, call: Call): Promise<void> {
  const by = { place: operatorsPlace(deps), actor: 'operator' };
  const { concerned, words, names } = await whomOf(deps, call);
  const changed = await deps.database.transaction((tx) => makeTwoFactorOptional(tx, by, concerned));
  const optional = `two factors are optional${'client' in concerned ? ', as far as its settings go' : ''}.`;
  const line = `${words ?? 'everybody'}: ${changed ? optional : 'there was no rule.'}`;
  await call.print(line, { ...names, two_factor: 'optional', changed });
}
