import { z } from 'zod';
import { minPasswordLength } from '../accounts/choose-password.ts';
import type { Deps } from '../deps.ts';
import { factorCare } from '../factors/all.ts';
import { allPolicyValues, limitsOf, type NumberKey, readPolicyValue } from '../policy/values.ts';
import { changePolicy } from './change-policy.ts';
import { operation } from './operation.ts';

const tag = 'Policy';
const scope = 'policy:write';
const NOTES = {
  build_size_mib: 'Of one build, in MiB.',
  builds_total_gib: 'Of all builds together, in GiB.',
  builds_per_app: 'How many builds an app may have.',
  recovery_wait_hours: 'Between a request for help and the first moment at which it can be approved.',
  password_min_length: 'Characters of a new password.',
} as const satisfies Partial<Record<NumberKey, string>>;

const DEFAULTS = {
  forbidden_factors: [],
  keys_first: 'after',
  key_models: 'any',
  trusted_browsers: 'allowed',
  recovery_wait_hours: 24,
  build_size_mib: 2048,
  builds_total_gib: 100,
  builds_per_app: 100,
  record_retention_days: 0,
  password_min_length: 12,
  reminders: 'on',
};

/** What administrators decide besides who must use two factors. */
export function policyOperations(deps: Deps) {
  const { database, config } = deps;
  const values = valuesSchema(config.passwordMinLength);
  const result = z.object(values);

  async function shown() {
    // What holds now, also where the configuration asks for more.
    const password_min_length = await minPasswordLength(deps);
    return { ...(await allPolicyValues(database.db)), password_min_length };
  }

  return [
    operation({
      id: 'getPolicy',
      method: 'GET',
      path: '/policy',
      tag,
      scope,
      summary: 'What is decided about signing in, records and the App Store',
      result,
      example: { result: DEFAULTS },
      handle: shown,
    }),
    operation({
      id: 'changePolicy',
      method: 'PATCH',
      path: '/policy',
      tag,
      scope,
      summary: 'Decide about signing in, records and the App Store',
      description:
        'What isn’t sent stays as it is; all is changed or nothing. Two things are left to administrators: to shorten how ' +
        'long records are kept, and not to accept methods any more without which one of them would have none.',
      body: z.strictObject(values).partial(),
      result,
      refusals: ['no_first_method', 'administrator_protected'],
      example: {
        body: { trusted_browsers: 'forbidden', recovery_wait_hours: 48 },
        result: { ...DEFAULTS, trusted_browsers: 'forbidden', recovery_wait_hours: 48 },
      },
      async handle({ by, body: { key_models: models, forbidden_factors: forbidden, ...others } }) {
        const asked = {
          ...others,
          forbidden_factors: forbidden && [...new Set(forbidden)],
          key_models: models && (readPolicyValue('key_models', [models].flat().join(',')) ?? undefined),
        };
        const minLength = await minPasswordLength(deps);
        await database.transaction((tx) => changePolicy(tx, deps, by, minLength, asked));
        return shown();
      },
    }),
  ];
}

/** `minLength`: what the configuration demands of a password at least. */
function valuesSchema(minLength: number) {
  const number = (key: keyof typeof NOTES, floor = limitsOf(key).floor) =>
    z.int().min(floor).max(limitsOf(key).ceiling).meta({ description: NOTES[key] });
  const retention = limitsOf('record_retention_days');
  const kinds = factorCare().map(({ kind }) => kind);
  return {
    forbidden_factors: z
      .array(z.enum(kinds))
      .max(20)
      .meta({ description: 'Methods that are not accepted as a second step.' }),
    keys_first: z
      .enum(['after', 'allowed'])
      .meta({ description: 'May a security key be the first method, or only stand beside another one?' }),
    key_models: z
      .union([z.enum(['any', 'certified']), z.array(z.guid()).min(1).max(100)])
      .meta({ description: 'Which security keys may be added; a list: those of these AAGUIDs.' }),
    trusted_browsers: z.enum(['allowed', 'forbidden']),
    recovery_wait_hours: number('recovery_wait_hours'),
    build_size_mib: number('build_size_mib'),
    builds_total_gib: number('builds_total_gib'),
    builds_per_app: number('builds_per_app'),
    record_retention_days: z
      .union([z.literal(0), z.int().min(retention.floor).max(retention.ceiling)])
      .meta({ description: 'Days after which records are removed; 0: never.' }),
    password_min_length: number('password_min_length', minLength),
    reminders: z
      .enum(['on', 'off'])
      .meta({ description: 'Mails before a two-factor rule begins; the banner is shown in any case.' }),
  };
}
