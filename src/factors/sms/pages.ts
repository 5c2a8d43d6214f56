import { type Html, html } from '../../kit/html.ts';
import { codeField, field, form, type Option, select } from '../../web/fields.ts';
import { actions, button, linkButton, notice, steps } from '../../web/parts.ts';
import type { Complaints } from '../../web/refused-form.ts';
import type { Site } from '../../web/site.ts';
import type { Visit } from '../../web/visit.ts';
import { codeSheet } from '../recovery-codes/pages.ts';
import { factorSetUpLayout, type SettingUp } from '../set-up-layout.ts';
import type { PhoneDraft } from './enrol.ts';
import { smsWords } from './words.ts';

interface PhonePage extends SettingUp, Complaints {
  /** The account has a phone, which this one replaces. */
  readonly replacing: boolean;
}

export interface NumberForm extends PhonePage {
  readonly countries: readonly Option[];
  readonly country: string;
  readonly phone: string;
}

/** Country and number; what a text message is worth stands beside it (screen 4, R13). */
export function numberPage(site: Site, visit: Visit, page: NumberForm): Html {
  const w = smsWords[visit.locale];
  const body = html`
    ${page.error ? notice('danger', page.error) : null}
    ${notice('info', w.worth)}
    ${form({
      action: '/account/security/sms',
      body: html`
        ${select({ name: 'country', label: w.country, hint: w.countryHint, options: page.countries, value: page.country })}
        ${field({ name: 'phone', label: w.phone, value: page.phone, inputmode: 'tel', autocomplete: 'tel', required: true, maxlength: 40, error: page.fields['phone'] ?? null })}
        ${actions(button(w.sendCode), linkButton('/account/security', w.cancel, { kind: 'quiet' }))}`,
    })}`;
  return layOut(site, visit, page, body);
}

export interface CodeForm extends PhonePage {
  readonly draft: PhoneDraft;
  readonly label: string;
}

/** The recovery codes, where this is the first factor, and the code from the message. */
export function phoneCodePage(site: Site, visit: Visit, page: CodeForm): Html {
  const w = smsWords[visit.locale];
  const { account, draft, fields } = page;
  // Of a first factor the recovery codes come before it: nobody is to be led past them.
  const begins = !draft.codes && !fields['label'];
  const confirm = form({
    action: '/account/security/sms/confirm',
    body: html`
      ${codeField({ name: 'code', label: w.prompt, hint: w.sentToNumber(draft.number), error: fields['code'] ?? null, autofocus: begins, kind: 'digits' })}
      ${draft.codes ? null : field({ name: 'label', label: w.label, hint: w.labelHint, value: page.label, maxlength: 60, autocomplete: 'off', error: fields['label'] ?? null })}
      ${actions(button(draft.codes ? w.enable : page.replacing ? w.change : w.add), linkButton('/account/security/sms', w.otherNumber, { kind: 'quiet' }))}`,
  });
  const body = draft.codes
    ? steps([
        {
          title: w.saveTitle,
          body: html`<p>${w.saveLead}</p>${codeSheet(site, visit, account, draft.codes)}`,
        },
        { title: w.typeTitle, body: confirm },
      ])
    : confirm;
  return layOut(site, visit, page, html`${page.error ? notice('danger', page.error) : null}${body}`);
}

function layOut(site: Site, visit: Visit, page: PhonePage, body: Html): Html {
  const w = smsWords[visit.locale];
  const title = page.replacing ? w.replaceTitle : w.enrolTitle;
  const lead = page.replacing ? w.replaceLead : w.enrolLead;
  return factorSetUpLayout(site, visit, page, { title, lead, body });
}
