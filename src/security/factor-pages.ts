import type { Account } from '../accounts/account.ts';
import type { FactorRow } from '../factors/factor.ts';
import { type Html, html } from '../kit/html.ts';
import { askingDialog, askingLink, askingPage, type Confirmation } from '../web/confirmation.ts';
import { field, form } from '../web/fields.ts';
import { accountLayout } from '../web/layout.ts';
import { actions, button, linkButton, notice, section } from '../web/parts.ts';
import type { Complaints } from '../web/refused-form.ts';
import type { Site } from '../web/site.ts';
import type { Visit } from '../web/visit.ts';
import type { Locale } from '../words/locale.ts';
import { securityWords } from './words.ts';

const pathOf = ({ id }: FactorRow): string => `/account/security/factors/${id}`;

export interface FactorPage extends Complaints {
  readonly account: Account;
  readonly factor: FactorRow;
  /** "Authenticator app" */
  readonly kind: string;
  /** What its kind tells of it: the end of a number, whether a key is synced. */
  readonly detail: string | null;
  /** Where another one takes its place; null where its kind can't be set up here (any more). */
  readonly replacing: string | null;
  /** False where it can't answer here and now. */
  readonly works: boolean;
  /** Which one is asked for first matters only among several that work. */
  readonly alone: boolean;
  /** The only one that works: removing it means switching 2FA off. */
  readonly last: boolean;
}

export function factorPage(
  site: Site,
  visit: Visit,
  { account, factor, kind, detail, replacing, works, alone, last, error, fields }: FactorPage,
): Html {
  const { factor: w } = securityWords[visit.locale];
  const here = pathOf(factor);
  const lead = [factor.label === kind ? null : kind, detail].filter((part) => part !== null).join(' · ');
  return accountLayout(site, visit, {
    title: factor.label,
    ...(lead === '' ? {} : { lead }),
    current: 'security',
    person: account,
    back: { href: '/account/security', text: w.back },
    body: html`
      ${error ? notice('danger', error) : null}
      ${works ? null : notice('warning', factor.suspended_at === null ? w.idle : w.suspended)}
      ${form({
        action: here,
        body: html`${field({ name: 'label', label: w.label, value: factor.label, maxlength: 60, required: true, autocomplete: 'off', error: fields['label'] ?? null })}${button(w.save, { kind: 'secondary' })}`,
      })}
      ${works && !alone ? preference(visit, factor) : null}
      ${replacing && section({ title: w.replace, lead: works ? w.replaceLead : w.replaceIdle, body: actions(linkButton(replacing, w.replace)) })}
      ${section({ title: w.remove, lead: last ? w.removeLast : works ? w.removeLead : null, body: removal(visit.locale, factor, last) })}`,
  });
}

function preference(visit: Visit, factor: FactorRow): Html {
  const { factor: w } = securityWords[visit.locale];
  if (factor.preferred === 1) return section({ title: w.order, lead: w.isPreferred, body: null });
  const body = button(w.prefer, { kind: 'secondary' });
  return section({
    title: w.order,
    lead: w.orderLead,
    body: form({ action: `${pathOf(factor)}/prefer`, body }),
  });
}

/** The page on switching 2FA off asks in its own way, and for the password too. */
function removal(locale: Locale, factor: FactorRow, last: boolean): Html {
  const { factor: w } = securityWords[locale];
  if (last) return actions(linkButton('/account/security/disable', w.remove, { kind: 'removal' }));
  const question = removeOne(locale, factor);
  return html`${actions(askingLink(question, w.remove, { kind: 'removal' }))}${askingDialog(question)}`;
}

/** Asked before one of several goes. */
function removeOne(locale: Locale, factor: FactorRow): Confirmation {
  const { factor: w } = securityWords[locale];
  return {
    path: `${pathOf(factor)}/remove`,
    title: w.removeQuestion,
    lead: w.removeEffect(factor.label),
    button: w.removeButton,
    cancel: w.cancel,
  };
}

export function removeFactorPage(site: Site, visit: Visit, account: Account, factor: FactorRow): Html {
  return askingPage(site, visit, removeOne(visit.locale, factor), {
    current: 'security',
    person: account,
    back: { href: pathOf(factor), text: factor.label },
  });
}
