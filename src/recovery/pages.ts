import { type Account, isAdministrator } from '../accounts/account.ts';
import { PASS_LIFETIME } from '../accounts/recovery-rules.ts';
import { type Content, type Html, html } from '../kit/html.ts';
import { field, form, hidden, textArea, userName } from '../web/fields.ts';
import { bareLayout } from '../web/layout.ts';
import { actions, button, definitionList, linkButton, notice } from '../web/parts.ts';
import type { Complaints } from '../web/refused-form.ts';
import type { Site } from '../web/site.ts';
import type { Visit } from '../web/visit.ts';
import { formatDuration, formatInstant } from '../words/dates.ts';
import { recoveryWords } from './words.ts';

const SECOND_STEP = '/sign-in/factor';

export interface AskPage extends Partial<Complaints> {
  readonly account: Account;
  /** Milliseconds of waiting time. */
  readonly wait: number;
  /** Characters that the reason may have. */
  readonly reasonLength: number;
  readonly reason?: string;
}

export function askForHelpPage(site: Site, visit: Visit, page: AskPage): Html {
  const { ask: w } = recoveryWords[visit.locale];
  const { account, wait, reasonLength, reason = '', error, fields = {} } = page;
  const steps = w.steps(formatDuration(wait, visit.locale), formatDuration(PASS_LIFETIME, visit.locale));
  return bareLayout(site, visit, {
    title: w.title,
    body: html`${error ? notice('danger', error) : null}<p class="lead">${w.lead(account.email)}</p>
      <h2 class="subtitle">${w.next}</h2>
      <ol>${steps.map((line) => html`<li>${line}</li>`)}</ol>
      <p>${w.meanwhile}</p>
      ${forAdministrators(visit, account)}
      ${form({
        action: '/recover',
        body: html`${textArea({ name: 'reason', label: w.reason, hint: w.reasonHint, value: reason, maxlength: reasonLength, error: fields['reason'] ?? null })}${button(w.button, { wide: true })}`,
      })}
      <p class="links"><a href="${SECOND_STEP}">${w.back}</a></p>`,
  });
}

export interface UnderWayPage {
  readonly account: Account;
  readonly state: 'waiting' | 'ready' | 'approved';
  readonly askedAt: number;
  readonly effectiveAt: number;
  /** When the temporary pass ends; null while none is out. */
  readonly passUntil: number | null;
}

/** What was asked for, and what happens next. */
export function underWayPage(site: Site, visit: Visit, page: UnderWayPage): Html {
  const { underWay: w, ask } = recoveryWords[visit.locale];
  const { account, state, askedAt, effectiveAt, passUntil } = page;
  const at = (instant: number) => formatInstant(instant, visit.locale, account.time_zone);
  const now =
    state === 'waiting'
      ? w.waiting(at(effectiveAt))
      : state === 'ready'
        ? w.ready
        : w.approved(at(passUntil ?? 0));
  return bareLayout(site, visit, {
    title: state === 'approved' ? w.approvedTitle : w.title,
    body: html`${notice('info', now)}
      ${definitionList([
        { term: w.asked, value: at(askedAt) },
        { term: w.effective, value: at(effectiveAt) },
      ])}
      ${state !== 'approved' && html`<ol>${w.steps.map((line) => html`<li>${line}</li>`)}</ol>`}
      <p>${state === 'approved' ? w.unused : ask.meanwhile}</p>
      ${forAdministrators(visit, account)}
      ${site.supportEmail && html`<p>${w.help} ${mailTo(site.supportEmail)}.</p>`}
      <p class="links"><a href="${SECOND_STEP}">${ask.back}</a></p>`,
  });
}

/** `known`: this browser has signed in before; others have a count of their own. */
export function tooOftenPage(site: Site, visit: Visit, known: boolean): Html {
  const { tooOften: w, ask } = recoveryWords[visit.locale];
  return bareLayout(site, visit, {
    title: w.title,
    body: html`<p class="lead">${w.lead}</p>
      ${!known && html`<p>${w.knownBrowser}</p>`}
      <p>${site.supportEmail ? html`${w.write} ${mailTo(site.supportEmail)}.` : w.administrator}</p>
      <p class="links"><a href="${SECOND_STEP}">${ask.back}</a></p>`,
  });
}

/** Opening the link does nothing; its button does. */
export function cancelPage(site: Site, visit: Visit, token: string): Html {
  const { cancel: w } = recoveryWords[visit.locale];
  return bareLayout(site, visit, {
    title: w.title,
    body: html`<p class="lead">${w.lead}</p><p>${w.note}</p>
      ${form({ action: '/recover/cancel', body: html`${hidden('token', token)}${button(w.button, { wide: true })}` })}`,
  });
}

export function cancelledPage(site: Site, visit: Visit): Html {
  const { cancelled: w } = recoveryWords[visit.locale];
  return bareLayout(site, visit, {
    title: w.title,
    body: html`<p class="lead">${w.lead}</p><p>${w.password}</p>
      ${actions(linkButton('/forgot-password', w.button, { kind: 'primary' }), linkButton('/sign-in', w.signIn, { kind: 'quiet' }))}`,
  });
}

export interface PassPage extends Partial<Complaints> {
  readonly account: Account;
  readonly token: string;
  readonly until: number;
}

export function passPage(site: Site, visit: Visit, page: PassPage): Html {
  const { pass: w } = recoveryWords[visit.locale];
  const { account, token, until, error, fields = {} } = page;
  return bareLayout(site, visit, {
    title: w.title,
    body: html`${error ? notice('danger', error) : null}
      <p class="lead">${w.lead(account.email)} ${w.until(formatInstant(until, visit.locale, account.time_zone))}</p>
      <p>${w.keeps}</p>
      ${form({
        action: '/temporary-pass',
        body: html`${hidden('token', token)}
          ${userName(account.email)}
          ${field({ name: 'password', label: w.password, type: 'password', autocomplete: 'current-password', required: true, autofocus: true, error: fields['password'] ?? null })}
          ${button(w.button, { wide: true })}`,
      })}`,
  });
}

function forAdministrators(visit: Visit, account: Account): Content {
  return isAdministrator(account) && notice('info', recoveryWords[visit.locale].administrator);
}

function mailTo(address: string): Html {
  return html`<a href="mailto:${address}">${address}</a>`;
}
