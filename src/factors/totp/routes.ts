import { z } from 'zod';
import type { Deps } from '../../deps.ts';
import { type Refusal, refuseField } from '../../kit/refusal.ts';
import type { Holder, Levels } from '../../sessions/require.ts';
import { page, seeOther } from '../../web/answer.ts';
import { withNotice } from '../../web/flash.ts';
import { answerField, idField, optionalText, rawText } from '../../web/input.ts';
import { told } from '../../web/refused-form.ts';
import { type Route, route } from '../../web/route.ts';
import type { Site } from '../../web/site.ts';
import type { Visit } from '../../web/visit.ts';
import { readLabel } from '../label.ts';
import { startsAnew } from '../switch-on.ts';
import { beginTotp, confirmTotp } from './enrol.ts';
import { enrolPage } from './pages.ts';
import { totpWords } from './totp.ts';

export function totpRoutes(deps: Deps, site: Site, levels: Levels): Route[] {
  async function show(
    visit: Visit,
    who: Holder,
    replacesId: string | null,
    label: string,
    refusal: Refusal | null,
  ) {
    const draft = await beginTotp(deps, who, replacesId);
    return enrolPage(site, visit, {
      account: who.account,
      draft,
      replacesId,
      enrolmentOnly: who.kind === 'enrolment',
      label,
      ...told(visit, refusal),
    });
  }

  return [
    route({
      method: 'GET',
      path: '/account/security/totp',
      level: levels.mayEnrol,
      query: z.object({ replaces: idField.optional() }),
      handle: async ({ visit, who, query }) => page(await show(visit, who, query.replaces ?? null, '', null)),
    }),
    route({
      method: 'POST',
      path: '/account/security/totp',
      level: levels.mayEnrol,
      // Whatever else is sent is not looked at: a secret is never taken from the request (R6).
      body: z.object({ code: answerField, label: optionalText(), replaces: idField.optional() }),
      async handle({ visit, who, body }) {
        const label = readLabel(body.label, totpWords[visit.locale].defaultLabel);
        if (label === null) throw refuseField('label', 'label_invalid');
        const replacesId = body.replaces ?? null;
        const first = startsAnew(who);
        const cookies = await confirmTotp(deps, visit, who, { code: body.code, label, replacesId });
        const done = replacesId ? 'factor_replaced' : first ? 'two_factor_on' : 'app_added';
        return seeOther('/account/security', { cookies: [...cookies, withNotice(done)] });
      },
      mistake: ({ visit, who, body }, refusal) =>
        show(visit, who, rawText(body, 'replaces') || null, rawText(body, 'label'), refusal),
    }),
  ];
}
