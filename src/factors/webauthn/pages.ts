import { type Html, html } from '../../kit/html.ts';
import { field, form, hidden } from '../../web/fields.ts';
import { actions, button, linkButton, notice, steps, withoutScript, withScript } from '../../web/parts.ts';
import type { Complaints } from '../../web/refused-form.ts';
import type { Site } from '../../web/site.ts';
import type { Visit } from '../../web/visit.ts';
import { codeSheet } from '../recovery-codes/pages.ts';
import { factorSetUpLayout, type SettingUp } from '../set-up-layout.ts';
import { CEREMONY_SCRIPTS, ceremonyData, ceremonyFields, webauthnWords } from './ceremony.ts';
import type { KeyDraft } from './enrol.ts';

const HERE = '/account/security/keys';

interface KeyPage extends SettingUp {
  /** An authenticator app can be set up: nobody is led to what the organisation does not accept. */
  readonly apps: boolean;
}

export interface AddKeyForm extends KeyPage, Complaints {
  readonly draft: KeyDraft;
  readonly replacesId: string | null;
  readonly label: string;
  /** Tells the browser which passkeys are still good. */
  readonly accepted: Html | null;
}

/** Nickname, then the browser's ceremony (screen 5); before both the recovery codes, where it is the first factor. */
export function addKeyPage(site: Site, visit: Visit, page: AddKeyForm): Html {
  const w = webauthnWords[visit.locale];
  const { account, draft, replacesId } = page;
  const ceremony = keyForm(visit, page);
  const body = draft.codes
    ? steps([
        {
          title: w.codesTitle,
          body: html`<p>${w.codesLead}</p>${codeSheet(site, visit, account, draft.codes)}`,
        },
        { title: w.touchTitle, body: ceremony },
      ])
    : ceremony;
  return factorSetUpLayout(site, visit, page, {
    scripts: CEREMONY_SCRIPTS,
    title: replacesId ? w.replaceTitle : w.addTitle,
    lead: replacesId ? w.replaceLead : w.addLead,
    body: html`${page.error ? notice('danger', page.error) : null}${draft.demanding ? notice('info', w.demanding) : null}${body}${page.accepted}`,
  });
}

function keyForm(visit: Visit, { draft, replacesId, label, fields, apps }: AddKeyForm): Html {
  const w = webauthnWords[visit.locale];
  const page = replacesId ? `${HERE}?replaces=${replacesId}` : HERE;
  return html`
    ${withoutScript(html`${w.addNoScript}${apps && html` ${w.appNoScript} <a href="/account/security/totp">${w.setUpApp}</a>`}`)}
    ${withScript(
      form({
        action: HERE,
        data: ceremonyData({ kind: 'create', options: draft.options, page }, visit.locale),
        body: html`
        ${field({ name: 'label', label: w.label, hint: w.labelHint, value: label, maxlength: 60, autocomplete: 'off', error: fields['label'] ?? null })}
        ${ceremonyFields()}
        ${replacesId ? hidden('replaces', replacesId) : null}
        ${actions(
          button(replacesId ? w.replace : w.add, { icon: 'key' }),
          linkButton('/account/security', w.cancel, { kind: 'quiet' }),
        )}`,
      }),
    )}`;
}

/** Why there can't be a key here or now, and what can be done instead. */
export function noKeyPage(site: Site, visit: Visit, page: KeyPage & { readonly otherFirst: boolean }): Html {
  const w = webauthnWords[visit.locale];
  const body = page.otherFirst
    ? page.apps
      ? html`<p>${w.otherFirst}</p>${actions(linkButton('/account/security/totp', w.setUpApp, { kind: 'primary', icon: 'phone' }))}`
      : html`<p>${w.anyFirst}</p>${actions(linkButton('/account/security', w.setUpOther, { kind: 'primary' }))}`
    : notice('warning', w.noName);
  return factorSetUpLayout(site, visit, page, { title: w.addTitle, body, scripts: CEREMONY_SCRIPTS });
}
