import type { Account } from '../accounts/account.ts';
import { type Html, html } from '../kit/html.ts';
import { field, form, userName } from '../web/fields.ts';
import { accountLayout } from '../web/layout.ts';
import { actions, button, linkButton, notice } from '../web/parts.ts';
import type { Complaints } from '../web/refused-form.ts';
import type { Site } from '../web/site.ts';
import type { Visit } from '../web/visit.ts';
import { leavingWords } from './words.ts';

const PROFILE = '/account';

export function dataPage(site: Site, visit: Visit, account: Account): Html {
  const { data: w, back } = leavingWords[visit.locale];
  return accountLayout(site, visit, {
    title: w.title,
    lead: w.lead,
    current: 'profile',
    person: account,
    back: { href: PROFILE, text: back },
    body: html`<ul>${w.holds.map((line) => html`<li>${line}</li>`)}</ul>
      <p>${w.format}</p>
      ${form({
        action: '/account/export',
        // A file comes and the page stays.
        data: { 'data-stays': '' },
        body: actions(button(w.button, { icon: 'download' })),
      })}`,
  });
}

export interface DeletePage extends Partial<Complaints> {
  readonly account: Account;
  readonly days: number;
  /** There is nobody else who administers. */
  readonly last: boolean;
  /** As typed, when it was refused. */
  readonly confirmation: string;
}

export function deletePage(site: Site, visit: Visit, shown: DeletePage): Html {
  const { delete: w, data, back } = leavingWords[visit.locale];
  const { account, days, last, error } = shown;
  return accountLayout(site, visit, {
    title: w.title,
    lead: w.lead,
    current: 'profile',
    person: account,
    back: { href: PROFILE, text: back },
    notice: error ? notice('danger', error) : null,
    body: html`<h2>${w.goes}</h2>
      <ul>${w.list.map((line) => html`<li>${line}</li>`)}</ul>
      <p>${w.wayBack(days)}</p>
      <p>${w.stays}</p>
      <p>${w.download} <a href="/account/export">${data.button}</a></p>
      ${last ? notice('warning', w.last) : deleteForm(visit, shown)}`,
  });
}

function deleteForm(visit: Visit, { account, confirmation, fields = {} }: DeletePage): Html {
  const { delete: w } = leavingWords[visit.locale];
  return form({
    action: '/account/delete',
    body: html`
      ${userName(account.email)}
      ${field({ name: 'confirmation', label: w.confirmation(account.email), type: 'email', value: confirmation, autocomplete: 'off', required: true, error: fields['confirmation'] ?? null })}
      ${field({ name: 'password', label: w.password, type: 'password', autocomplete: 'current-password', required: true, error: fields['password'] ?? null })}
      ${actions(button(w.button, { kind: 'danger' }), linkButton(PROFILE, w.cancel, { kind: 'quiet' }))}`,
  });
}
