import { z } from 'zod';
import { minPasswordLength } from '../../accounts/choose-password.ts';
import type { Deps } from '../../deps.ts';
import { setPolicyValue } from '../../policy/set-value.ts';
import { allPolicyValues, limitsOf, type NumberKey } from '../../policy/values.ts';
import type { AdministratorLevels } from '../../sessions/administrator.ts';
import { page, seeOther } from '../../web/answer.ts';
import { withNotice } from '../../web/flash.ts';
import { rawText, ruledText } from '../../web/input.ts';
import { told } from '../../web/refused-form.ts';
import { type Route, route } from '../../web/route.ts';
import type { Site } from '../../web/site.ts';
import { act } from '../act.ts';
import { RULES } from './paths.ts';
import { NUMBERS, readTyped, typedOf } from './typed-values.ts';
import { LONGEST_LIST, TYPED, type TypedValues, VALUES, valuesPage } from './values-pages.ts';

export function valueRoutes(
  deps: Deps,
  site: Site,
  { steppedUpAdministrator: level }: AdministratorLevels,
): Route[] {
  const limits = limitsIn(deps);
  return [
    route({
      method: 'GET',
      path: VALUES,
      level,
      async handle({ visit, who: { account } }) {
        const stored = await allPolicyValues(deps.database.db);
        const values = typedOf({ ...stored, password_min_length: await minPasswordLength(deps) });
        return page(valuesPage(site, visit, { account, values, limits }));
      },
    }),
    route({
      method: 'POST',
      path: VALUES,
      level,
      body: z.strictObject({
        trusted_browsers: z.enum(['allowed', 'forbidden'], 'malformed'),
        key_models: z.enum(['any', 'certified', 'listed'], 'malformed'),
        key_list: ruledText(LONGEST_LIST),
        reminders: z.enum(['on', 'off'], 'malformed'),
        ...numberFields(),
      }),
      async handle({ visit, who, body }) {
        const values = readTyped(body, limits);
        // What the configuration asks for anyway is shown as the value, and is no decision.
        const asked = values.password_min_length === (await minPasswordLength(deps));
        await act(deps, visit, who, async (tx, by) => {
          const { password_min_length, ...others } = values;
          if (!asked) await setPolicyValue(tx, by, 'password_min_length', password_min_length);
          for (const key of Object.keys(others) as (keyof typeof others)[])
            await setPolicyValue(tx, by, key, others[key]);
        });
        return seeOther(RULES, { cookies: [withNotice('rules_saved')] });
      },
      async mistake({ visit, who: { account }, body }, refusal) {
        const raw = Object.fromEntries(TYPED.map((key) => [key, rawText(body, key)]));
        const values = raw as unknown as TypedValues;
        return valuesPage(site, visit, { account, values, limits, ...told(visit, refusal) });
      },
    }),
  ];
}

function limitsIn({ config }: Pick<Deps, 'config'>) {
  const all = Object.fromEntries(NUMBERS.map((key) => [key, limitsOf(key)]));
  const { ceiling } = limitsOf('password_min_length');
  const password_min_length = { floor: config.passwordMinLength, ceiling };
  return { ...all, password_min_length } as Record<NumberKey, { floor: number; ceiling: number }>;
}

function numberFields() {
  return Object.fromEntries(NUMBERS.map((key) => [key, ruledText(20)])) as Record<
    NumberKey,
    ReturnType<typeof ruledText>
  >;
}
