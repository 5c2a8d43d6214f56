import { z } from 'zod';
import type { Deps } from '../../deps.ts';
import { Refusal, refuseField } from '../../kit/refusal.ts';
import type { Holder, Levels } from '../../sessions/require.ts';
import { page, seeOther } from '../../web/answer.ts';
import { withNotice } from '../../web/flash.ts';
import { credentialField, idField, optionalText, rawText } from '../../web/input.ts';
import { told } from '../../web/refused-form.ts';
import { type Route, route } from '../../web/route.ts';
import type { Site } from '../../web/site.ts';
import type { Visit } from '../../web/visit.ts';
import { forbiddenKinds } from '../accepted.ts';
import { readLabel } from '../label.ts';
import { listFactors } from '../store.ts';
import { startsAnew } from '../switch-on.ts';
import { acceptedKeys } from './accepted-keys.ts';
import { webauthnWords } from './ceremony.ts';
import { addKey, beginKey } from './enrol.ts';
import { addKeyPage, noKeyPage } from './pages.ts';

const PATH = '/account/security/keys';

export function webauthnRoutes(deps: Deps, site: Site, levels: Levels): Route[] {
  const appsAccepted = async () => !(await forbiddenKinds(deps.database.db)).has('totp');

  async function show(
    visit: Visit,
    who: Holder,
    { replacesId, label = '' }: { replacesId: string | null; label?: string },
    refusal: Refusal | null = null,
  ) {
    const { account } = who;
    const draft = await beginKey(deps, who, replacesId);
    const factors = await listFactors(deps.database.db, account.id);
    return addKeyPage(site, visit, {
      account,
      enrolmentOnly: who.kind === 'enrolment',
      apps: await appsAccepted(),
      draft,
      replacesId,
      label,
      ...told(visit, refusal),
      accepted: await acceptedKeys(deps, account, factors),
    });
  }

  /** Where no key can be added, the page says why. @throws whatever it does not know */
  async function explain(visit: Visit, { account, kind }: Holder, error: unknown) {
    const code = error instanceof Refusal ? error.code : null;
    if (code !== 'other_factor_first' && code !== 'keys_need_name') throw error;
    const otherFirst = code === 'other_factor_first';
    const apps = await appsAccepted();
    return noKeyPage(site, visit, { account, enrolmentOnly: kind === 'enrolment', apps, otherFirst });
  }

  return [
    route({
      method: 'GET',
      path: PATH,
      level: levels.mayEnrol,
      query: z.object({ replaces: idField.optional() }),
      async handle({ visit, who, query }) {
        try {
          return page(await show(visit, who, { replacesId: query.replaces ?? null }));
        } catch (error) {
          if (visit.wantsJson) throw error;
          return page(await explain(visit, who, error), 409);
        }
      },
    }),
    route({
      method: 'POST',
      path: PATH,
      level: levels.mayEnrol,
      body: z.object({ credential: credentialField, label: optionalText(), replaces: idField.optional() }),
      async handle({ visit, who, body }) {
        const label = readLabel(body.label, '');
        if (label === null) throw refuseField('label', 'label_invalid');
        const replacesId = body.replaces ?? null;
        const first = startsAnew(who);
        const cookies = await addKey(deps, visit, who, {
          credential: body.credential,
          label: label === '' ? null : label,
          fallback: webauthnWords[visit.locale].name,
          replacesId,
        });
        const done = replacesId ? 'factor_replaced' : first ? 'two_factor_on' : 'key_added';
        return seeOther('/account/security', { cookies: [...cookies, withNotice(done)] });
      },
      async mistake({ visit, who, body }, refusal) {
        const values = { replacesId: rawText(body, 'replaces') || null, label: rawText(body, 'label') };
        return show(visit, who, values, refusal).catch((error) => explain(visit, who, error));
      },
    }),
  ];
}
