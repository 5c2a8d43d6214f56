import { z } from 'zod';
import { minPasswordLength } from '../../accounts/choose-password.ts';
import type { Deps } from '../../deps.ts';
import { type FieldComplaint, refuseFields } from '../../kit/refusal.ts';
import { setPolicyValue } from '../../policy/set-value.ts';
import { allPolicyValues, type PolicyKey, readPolicyValue } from '../../policy/values.ts';
import type { AdministratorLevels } from '../../sessions/administrator.ts';
import { page, seeOther } from '../../web/answer.ts';
import { withNotice } from '../../web/flash.ts';
import { rawText, ruledText } from '../../web/input.ts';
import { told } from '../../web/refused-form.ts';
import { type Route, route } from '../../web/route.ts';
import type { Site } from '../../web/site.ts';
import { act } from '../act.ts';
import { RULES } from './pages.ts';
import { type TypedValues, VALUES, valuesPage } from './values-pages.ts';

const KEYS = ['trusted_browsers', 'recovery_wait_hours', 'password_min_length', 'reminders'] as const;

export function valueRoutes(
  deps: Deps,
  site: Site,
  { steppedUpAdministrator: level }: AdministratorLevels,
): Route[] {
  const leastLength = deps.config.passwordMinLength;
  return [
    route({
      method: 'GET',
      path: VALUES,
      level,
      async handle({ visit, who: { account } }) {
        const stored = await allPolicyValues(deps.database.db);
        const values = {
          ...stored,
          recovery_wait_hours: String(stored.recovery_wait_hours),
          password_min_length: String(await minPasswordLength(deps)),
        };
        return page(valuesPage(site, visit, { account, values, leastLength }));
      },
    }),
    route({
      method: 'POST',
      path: VALUES,
      level,
      body: z.strictObject({
        trusted_browsers: z.enum(['allowed', 'forbidden'], 'malformed'),
        recovery_wait_hours: ruledText(20),
        password_min_length: ruledText(20),
        reminders: z.enum(['on', 'off'], 'malformed'),
      }),
      async handle({ visit, who, body }) {
        const values = readAll(body, leastLength);
        // What the configuration asks for anyway is shown as the value, and is no decision.
        const asked = values.password_min_length === (await minPasswordLength(deps));
        const changed = KEYS.filter((key) => key !== 'password_min_length' || !asked);
        await act(deps, visit, who, async (tx, by) => {
          for (const key of changed) await setPolicyValue(tx, by, key, values[key]);
        });
        return seeOther(RULES, { cookies: [withNotice('rules_saved')] });
      },
      async mistake({ visit, who: { account }, body }, refusal) {
        const values = Object.fromEntries(KEYS.map((key) => [key, rawText(body, key)]));
        const typed = values as unknown as TypedValues;
        return valuesPage(site, visit, { account, values: typed, leastLength, ...told(visit, refusal) });
      },
    }),
  ];
}

/** @throws {Refusal} invalid_input on each that is none */
function readAll(typed: TypedValues, leastLength: number) {
  const complaints: Record<string, FieldComplaint | null> = {};
  const read = <K extends PolicyKey & keyof TypedValues>(key: K) => {
    const value = readPolicyValue(key, typed[key].trim());
    const tooShort = key === 'password_min_length' && Number(value) < leastLength;
    complaints[key] = value === null || tooShort ? 'number_invalid' : null;
    return value;
  };
  const values = {
    trusted_browsers: read('trusted_browsers'),
    recovery_wait_hours: read('recovery_wait_hours'),
    password_min_length: read('password_min_length'),
    reminders: read('reminders'),
  };
  if (Object.values(complaints).some((complaint) => complaint !== null))
    throw refuseFields({ ...typed }, complaints);
  return values as { [K in keyof typeof values]: NonNullable<(typeof values)[K]> };
}
