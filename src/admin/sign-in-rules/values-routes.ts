import { z } from 'zod';
import { minPasswordLength } from '../../accounts/choose-password.ts';
import type { Db } from '../../database/open.ts';
import type { Deps } from '../../deps.ts';
import { markOf } from '../../kit/mark.ts';
import { Refusal } from '../../kit/refusal.ts';
import { setPolicyValue } from '../../policy/set-value.ts';
import { allPolicyValues, limitsOf, type NumberKey } from '../../policy/values.ts';
import type { AdministratorLevels } from '../../sessions/administrator.ts';
import { page, seeOther } from '../../web/answer.ts';
import { withNotice } from '../../web/flash.ts';
import { optionalText, rawText, ruledText } from '../../web/input.ts';
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

  /** What holds, also where the configuration asks for more. */
  async function stored(db: Db): Promise<TypedValues> {
    const values = await allPolicyValues(db);
    return typedOf({ ...values, password_min_length: await minPasswordLength(deps, db) });
  }

  return [
    route({
      method: 'GET',
      path: VALUES,
      level,
      async handle({ visit, who: { account } }) {
        const values = await stored(deps.database.db);
        return page(valuesPage(site, visit, { account, values, seen: markOf(values, TYPED), limits }));
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
        seen: optionalText(),
      }),
      async handle({ visit, who, body }) {
        const values = readTyped(body, limits);
        // What the configuration asks for anyway is shown as the value, and is no decision.
        const asked = values.password_min_length === (await minPasswordLength(deps));
        await act(deps, visit, who, async (tx, by) => {
          // All of them are in the form: it may have stood open while somebody else decided otherwise, and records that
          // are thrown away don't come back.
          if (body.seen !== undefined && body.seen !== markOf(await stored(tx), TYPED))
            throw new Refusal('conflict');
          const { password_min_length, ...others } = values;
          if (!asked) await setPolicyValue(tx, by, 'password_min_length', password_min_length);
          for (const key of Object.keys(others) as (keyof typeof others)[])
            await setPolicyValue(tx, by, key, others[key]);
        });
        return seeOther(RULES, { cookies: [withNotice('rules_saved')] });
      },
      async mistake({ visit, who: { account }, body }, refusal) {
        const raw = Object.fromEntries(TYPED.map((key) => [key, rawText(body, key)]));
        // "See how it is now": with what was typed, that would be lost unseen.
        const now = refusal.code === 'conflict' ? await stored(deps.database.db) : null;
        const shown = {
          values: now ?? (raw as unknown as TypedValues),
          seen: now ? markOf(now, TYPED) : rawText(body, 'seen'),
        };
        return valuesPage(site, visit, { account, ...shown, limits, ...told(visit, refusal) });
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
