import { z } from 'zod';
import type { Deps } from '../../deps.ts';
import { phoneCountries } from '../../kit/phone-number.ts';
import { type Refusal, refuseField } from '../../kit/refusal.ts';
import type { Holder, Levels } from '../../sessions/require.ts';
import { page, seeOther } from '../../web/answer.ts';
import { withNotice } from '../../web/flash.ts';
import { answerField, optionalText, rawText, textField } from '../../web/input.ts';
import { told } from '../../web/refused-form.ts';
import { type Route, route } from '../../web/route.ts';
import type { Site } from '../../web/site.ts';
import type { Visit } from '../../web/visit.ts';
import { readLabel } from '../label.ts';
import { listFactors } from '../store.ts';
import { startsAnew } from '../switch-on.ts';
import { countryOptions } from './countries.ts';
import { beginPhone, confirmPhone, phoneDraft } from './enrol.ts';
import { likelyCountry } from './likely-country.ts';
import { phoneOf, serves } from './number.ts';
import { numberPage, phoneCodePage } from './pages.ts';
import { smsWords } from './words.ts';

const PAGE = '/account/security/sms';
const CONFIRM = '/account/security/sms/confirm';

/** No gateway, no pages: text messages are off until the operator sets one up (R13). */
export function smsRoutes(deps: Deps, site: Site, levels: Levels): Route[] {
  if (!deps.config.textMessages) return [];
  const frame = async (visit: Visit, who: Holder, refusal: Refusal | null) => ({
    account: who.account,
    enrolmentOnly: who.kind === 'enrolment',
    replacing: !startsAnew(who) && phoneOf(await listFactors(deps.database.db, who.account.id)) !== null,
    ...told(visit, refusal),
  });

  async function showNumber(
    visit: Visit,
    who: Holder,
    typed: { phone: string; country: string },
    refusal: Refusal | null,
  ) {
    const allowed = phoneCountries().filter(({ code }) => serves(deps.config, code));
    const countries = countryOptions(allowed, visit.locale);
    const where = { ...visit, timeZone: who.account.time_zone, acceptLanguage: visit.acceptLanguage };
    const codes = allowed.map(({ code }) => code);
    const country = typed.country || likelyCountry(codes, where);
    return numberPage(site, visit, { ...(await frame(visit, who, refusal)), ...typed, country, countries });
  }

  async function showCode(visit: Visit, who: Holder, label: string, refusal: Refusal | null) {
    const draft = await phoneDraft(deps, who);
    if (!draft) return showNumber(visit, who, { phone: '', country: '' }, refusal);
    return phoneCodePage(site, visit, { ...(await frame(visit, who, refusal)), draft, label });
  }

  return [
    route({
      method: 'GET',
      path: PAGE,
      level: levels.mayEnrol,
      handle: async ({ visit, who }) => page(await showNumber(visit, who, { phone: '', country: '' }, null)),
    }),
    route({
      method: 'POST',
      path: PAGE,
      level: levels.mayEnrol,
      body: z.strictObject({ phone: textField(40), country: optionalText(2) }),
      async handle({ visit, who, body }) {
        await beginPhone(deps, visit, who, { phone: body.phone, country: body.country });
        return seeOther(CONFIRM);
      },
      mistake: ({ visit, who, body }, refusal) =>
        showNumber(visit, who, { phone: rawText(body, 'phone'), country: rawText(body, 'country') }, refusal),
    }),
    route({
      method: 'GET',
      path: CONFIRM,
      level: levels.mayEnrol,
      async handle({ visit, who }) {
        if (!(await phoneDraft(deps, who))) return seeOther(PAGE);
        return page(await showCode(visit, who, '', null));
      },
    }),
    route({
      method: 'POST',
      path: CONFIRM,
      level: levels.mayEnrol,
      body: z.object({ code: answerField, label: optionalText() }),
      async handle({ visit, who, body }) {
        const label = readLabel(body.label, smsWords[visit.locale].defaultLabel);
        if (label === null) throw refuseField('label', 'label_invalid');
        const first = startsAnew(who);
        const cookies = await confirmPhone(deps, visit, who, { code: body.code, label });
        return seeOther('/account/security', {
          cookies: [...cookies, withNotice(first ? 'two_factor_on' : 'phone_set')],
        });
      },
      mistake: ({ visit, who, body }, refusal) => showCode(visit, who, rawText(body, 'label'), refusal),
    }),
  ];
}
