import { renderSVG } from 'uqr';
import { inGroups } from '../../kit/encoding.ts';
import { type Html, html, trusted } from '../../kit/html.ts';
import { codeField, field, form, hidden } from '../../web/fields.ts';
import { actions, button, copyable, linkButton, notice, steps } from '../../web/parts.ts';
import type { Complaints } from '../../web/refused-form.ts';
import type { Site } from '../../web/site.ts';
import type { Visit } from '../../web/visit.ts';
import { codeSheet } from '../recovery-codes/pages.ts';
import { factorSetUpLayout, type SettingUp } from '../set-up-layout.ts';
import type { TotpDraft } from './enrol.ts';
import { otpauthUri } from './rules.ts';
import { en, type TotpWords } from './words.en.ts';
import { es } from './words.es.ts';

const words = { en, es };

export interface EnrolForm extends SettingUp, Complaints {
  readonly draft: TotpDraft;
  readonly replacesId: string | null;
  readonly label: string;
}

/** Enrolment on one page: scan or type, save the codes, confirm (screen 3). Works without any script. */
export function enrolPage(site: Site, visit: Visit, page: EnrolForm): Html {
  const w = words[visit.locale];
  const { account, draft, replacesId } = page;
  const uri = otpauthUri(site.brand, account.email, draft.secret);
  const first = draft.codes !== null;
  const parts = [
    { title: w.scanTitle, body: scanStep(w, uri, draft.secret) },
    ...(draft.codes
      ? [
          {
            title: w.saveTitle,
            body: html`<p>${w.saveLead}</p>${codeSheet(site, visit, account, draft.codes)}`,
          },
        ]
      : []),
    {
      title: w.typeTitle,
      body: form({
        action: '/account/security/totp',
        body: html`
          ${codeField({ name: 'code', label: words[visit.locale].prompt, error: page.fields['code'] ?? null, kind: 'digits' })}
          ${first ? null : field({ name: 'label', label: w.label, hint: w.labelHint, value: page.label, maxlength: 60, autocomplete: 'off', error: page.fields['label'] ?? null })}
          ${replacesId ? hidden('replaces', replacesId) : null}
          ${actions(
            button(replacesId ? w.replace : first ? w.enable : w.add),
            linkButton('/account/security', w.cancel, { kind: 'quiet' }),
          )}`,
      }),
    },
  ];
  return factorSetUpLayout(site, visit, page, {
    title: replacesId ? w.replaceTitle : w.enrolTitle,
    lead: replacesId ? w.replaceLead : w.enrolLead,
    body: html`${page.error ? notice('danger', page.error) : null}${steps(parts)}`,
  });
}

function scanStep(w: TotpWords, uri: string, secret: string): Html {
  return html`
    <div class="qr" role="img" aria-label="${w.scanAlt}">${trusted(renderSVG(uri, { border: 4, ecc: 'M' }))}</div>
    <p>${w.scanAgainst}</p>
    ${copyable({ id: 'totp-key', text: secret, shown: inGroups(secret, 4, ' '), copyText: w.copy, copiedText: w.copied })}
    <p>${w.onThisDevice} <a href="${uri}">${w.openApp}</a></p>`;
}
