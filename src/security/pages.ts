import type { Account } from '../accounts/account.ts';
import { type Html, html } from '../kit/html.ts';
import type { Demand } from '../policy/rules.ts';
import type { Enrolling } from '../sessions/enrolment-pass.ts';
import { field, form, hidden, userName } from '../web/fields.ts';
import { accountLayout, bareLayout, enrolmentLayout } from '../web/layout.ts';
import { actions, button, linkButton, notice, section } from '../web/parts.ts';
import type { Complaints } from '../web/refused-form.ts';
import { withReturnTo } from '../web/return-to.ts';
import type { Site } from '../web/site.ts';
import type { Visit } from '../web/visit.ts';
import { securityWords as words } from './words.ts';

/**
 * For someone who must enrol and may do nothing else; unproven, it asks for the mailed link first (screen 12). `ways`:
 * what can be set up here; the first is the one that most people want.
 */
export function mustEnrolPage(
  site: Site,
  visit: Visit,
  { account, pass }: Enrolling,
  ways: readonly { readonly href: string; readonly text: string }[],
  message: string | null,
): Html {
  const { mustEnrol: w, overview } = words[visit.locale];
  const recovering = pass.recovery_id !== null;
  // A second step was proven, of a kind that is not accepted any more.
  const renewing = !recovering && account.two_factor_at !== null;
  const [first, ...others] = ways;
  return enrolmentLayout(site, visit, {
    title: recovering ? w.recoverTitle : renewing ? w.renewTitle : w.title,
    lead: recovering ? w.recoverLead : renewing ? w.renewLead : w.lead,
    person: account,
    notice: message ? notice('success', message) : null,
    body:
      pass.proven_at !== null
        ? html`${!recovering && !renewing && html`<h2 class="subtitle">${overview.heading}</h2><p>${overview.offLead}</p>`}${actions(
            first === undefined
              ? html`<p>${w.noWay}</p>`
              : linkButton(first.href, recovering || renewing ? first.text : overview.enable, {
                  kind: 'primary',
                  icon: 'shield',
                  role: 'button',
                }),
            others.map(({ href, text }) => linkButton(href, text, { kind: 'quiet' })),
          )}`
        : section({
            title: w.proveTitle,
            body: html`${notice('info', w.prove(account.email))}${form({ action: '/enrol/send', body: button(w.again, { kind: 'secondary' }) })}`,
          }),
  });
}

export function disablePage(
  site: Site,
  visit: Visit,
  account: Account,
  required: Demand,
  error: string | null,
): Html {
  const { disable: w, factor } = words[visit.locale];
  return accountLayout(site, visit, {
    title: w.title,
    ...(required ? {} : { lead: w.lead }),
    current: 'security',
    person: account,
    back: { href: '/account/security', text: factor.back },
    body: required
      ? notice('warning', w.required[required])
      : html`
        <p>${w.goes}</p>
        <ul>${w.list.map((line) => html`<li>${line}</li>`)}</ul>
        <p>${w.sessions}</p>
        ${form({
          action: '/account/security/disable',
          body: html`${userName(account.email)}${field({ name: 'password', label: w.password, type: 'password', autocomplete: 'current-password', required: true, autofocus: true, error })}${actions(button(w.button, { kind: 'danger' }), linkButton('/account/security', w.cancel, { kind: 'quiet' }))}`,
        })}`,
  });
}

export function confirmPage(
  site: Site,
  visit: Visit,
  account: Account,
  returnTo: string,
  { error, fields }: Complaints,
): Html {
  const { confirm: w } = words[visit.locale];
  return bareLayout(site, visit, {
    title: w.title,
    body: html`
      <p class="lead">${w.lead}</p>
      ${error ? notice('danger', error) : null}
      ${form({
        action: withReturnTo('/confirm', returnTo),
        body: html`
          ${userName(account.email)}
          ${field({ name: 'password', label: w.password, type: 'password', autocomplete: 'current-password', required: true, autofocus: true, error: fields['password'] ?? null })}
          ${returnTo === '/' ? null : hidden('return_to', returnTo)}
          ${button(w.button, { wide: true })}`,
      })}
      <p class="links"><a href="${cameFrom(returnTo)}">${w.cancel}</a></p>`,
  });
}

/** The page before the one that asks, which would ask again: the place it belongs to. */
function cameFrom(returnTo: string): string {
  return /^\/(account\/security|admin|store)(?=[/?]|$)/.exec(returnTo)?.[0] ?? '/account';
}
