import type { Account } from '../accounts/account.ts';
import type { FactorRow } from '../factors/factor.ts';
import { type Html, html } from '../kit/html.ts';
import { accountLayout, bareLayout, enrolmentLayout } from '../web/layout.ts';
import {
  actions,
  button,
  field,
  form,
  hidden,
  itemList,
  linkButton,
  notice,
  section,
  status,
  time,
} from '../web/parts.ts';
import { withReturnTo } from '../web/return-to.ts';
import type { Site } from '../web/site.ts';
import type { Visit } from '../web/visit.ts';
import { securityWords as words } from './words.ts';

export interface Overview {
  readonly account: Account;
  readonly factors: readonly FactorRow[];
  readonly codes: { readonly left: number; readonly madeAt: number } | null;
  /** A rule demands a second factor of this person. */
  readonly required: boolean;
  readonly message: string | null;
}

function personOf(account: Account) {
  return { name: account.name, email: account.email, roles: account.roles };
}

/** Reads like a health report: one sentence first, then what it rests on (look, section 3). */
export function overviewPage(site: Site, visit: Visit, overview: Overview): Html {
  const { overview: w } = words[visit.locale];
  const { account, factors, required, message } = overview;
  const body =
    account.two_factor_at === null
      ? html`
        ${notice('warning', w.off)}
        <p>${w.offLead}</p>
        ${required ? html`<p>${w.required}</p>` : null}
        ${actions(linkButton('/account/security/totp', w.enable, { kind: 'primary', icon: 'shield' }))}`
      : html`
        ${healthReport(visit, overview)}
        ${section({
          title: w.factors,
          body: html`${factorList(visit, account, factors)}${actions(linkButton('/account/security/totp', w.addApp, { icon: 'plus' }))}`,
        })}
        ${codesSection(visit, overview)}
        ${required ? html`<p class="muted">${w.required}</p>` : html`<p><a class="danger" href="/account/security/disable">${w.disable}</a></p>`}`;
  return accountLayout(site, visit, {
    title: w.title,
    current: 'security',
    person: personOf(account),
    notice: message ? notice('success', message) : null,
    body: html`<h2 class="subtitle">${w.heading}</h2>${body}`,
  });
}

function healthReport(visit: Visit, { factors, codes }: Overview): Html {
  const { overview: w } = words[visit.locale];
  const apps = factors.filter(({ kind, suspended_at }) => kind === 'totp' && suspended_at === null).length;
  const left = codes?.left ?? 0;
  const on = w.on(w.apps(apps));
  if (left > 1) return status('success', 'shield', html`${on} ${w.safe}`);
  return notice('warning', html`${on} ${left === 1 ? w.oneCode : w.atRisk}`);
}

function factorList(visit: Visit, account: Account, factors: readonly FactorRow[]): Html {
  const { overview: w } = words[visit.locale];
  const at = (instant: number) => time(instant, visit.now, visit.locale, account.time_zone);
  return itemList(
    factors.map((factor) => ({
      icon: 'phone' as const,
      title: html`${factor.label}${
        factor.preferred === 1 ? html` <span class="tag">${w.preferred}</span>` : null
      }${factor.suspended_at !== null ? html` <span class="tag warning">${w.suspended}</span>` : null}`,
      meta: html`${w.added} ${at(factor.created_at)} · ${
        factor.last_used_at === null ? w.never : html`${w.used} ${at(factor.last_used_at)}`
      }`,
      actions: linkButton(`/account/security/factors/${factor.id}`, w.manage, {
        kind: 'quiet',
        label: `${w.manage}: ${factor.label}`,
      }),
    })),
    w.noFactors,
  );
}

function codesSection(visit: Visit, { account, codes }: Overview): Html {
  const { overview: w } = words[visit.locale];
  return section({
    title: w.codes,
    body: itemList(
      [
        {
          icon: 'key',
          title: w.codesLeft(codes?.left ?? 0),
          meta: codes
            ? html`${w.codesMade} ${time(codes.madeAt, visit.now, visit.locale, account.time_zone)}`
            : null,
          actions: linkButton('/account/security/recovery-codes', w.newCodes),
        },
      ],
      '',
    ),
  });
}

/** For someone who must enrol and may do nothing else; unproven, it asks for the mailed link first (screen 12). */
export function mustEnrolPage(
  site: Site,
  visit: Visit,
  account: Account,
  proven: boolean,
  message: string | null,
): Html {
  const { mustEnrol: w, overview } = words[visit.locale];
  return enrolmentLayout(site, visit, {
    title: w.title,
    lead: w.lead,
    person: personOf(account),
    notice: message ? notice('success', message) : null,
    body: proven
      ? html`<h2 class="subtitle">${overview.heading}</h2><p>${overview.offLead}</p>${actions(linkButton('/account/security/totp', overview.enable, { kind: 'primary', icon: 'shield' }))}`
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
  required: boolean,
  error: string | null,
): Html {
  const { disable: w, factor } = words[visit.locale];
  return accountLayout(site, visit, {
    title: w.title,
    ...(required ? {} : { lead: w.lead }),
    current: 'security',
    person: personOf(account),
    back: { href: '/account/security', text: factor.back },
    body: required
      ? notice('warning', w.required)
      : html`
        <p>${w.goes}</p>
        <ul>${w.list.map((line) => html`<li>${line}</li>`)}</ul>
        <p>${w.sessions}</p>
        ${form({
          action: '/account/security/disable',
          body: html`${field({ name: 'password', label: w.password, type: 'password', autocomplete: 'current-password', required: true, autofocus: true, error })}${actions(button(w.button, { kind: 'danger' }), linkButton('/account/security', w.cancel, { kind: 'quiet' }))}`,
        })}`,
  });
}

export function confirmPage(
  site: Site,
  visit: Visit,
  account: Account,
  returnTo: string,
  error: string | null,
  field_: string | null,
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
          <input type="hidden" name="username" value="${account.email}" autocomplete="username" disabled>
          ${field({ name: 'password', label: w.password, type: 'password', autocomplete: 'current-password', required: true, autofocus: true, error: field_ })}
          ${returnTo === '/' ? null : hidden('return_to', returnTo)}
          ${button(w.button, { wide: true })}`,
      })}
      <p class="links"><a href="/account">${w.cancel}</a></p>`,
  });
}
