import type { Account } from '../accounts/account.ts';
import { type Html, html } from '../kit/html.ts';
import { field, form, userName } from '../web/fields.ts';
import { accountLayout } from '../web/layout.ts';
import { button } from '../web/parts.ts';
import type { Site } from '../web/site.ts';
import type { Visit } from '../web/visit.ts';
import { type Said, saying } from './pages.ts';
import { profileWords } from './words.ts';

export function passwordPage(
  site: Site,
  visit: Visit,
  said: Said & { readonly account: Account; readonly minLength: number },
): Html {
  const { password: w } = profileWords[visit.locale];
  const { account, minLength, fields = {} } = said;
  return accountLayout(site, visit, {
    title: w.title,
    lead: w.lead,
    current: 'password',
    person: account,
    notice: saying(said),
    body: html`${form({
      action: '/account/password',
      body: html`
        ${userName(account.email)}
        ${field({ name: 'current_password', label: w.current, type: 'password', autocomplete: 'current-password', required: true, error: fields['current_password'] ?? null })}
        ${field({ name: 'new_password', label: w.next, type: 'password', autocomplete: 'new-password', required: true, minlength: minLength, hint: w.hint(minLength), error: fields['new_password'] ?? null })}
        ${button(w.button)}`,
    })}<p class="links"><a href="/forgot-password">${w.forgot}</a></p>`,
  });
}
