import type { Account } from '../accounts/account.ts';
import { isOpen, type RequestState } from '../accounts/recovery-rules.ts';
import { type Content, type Html, html } from '../kit/html.ts';
import { describeBrowser } from '../notices/browser-name.ts';
import { form, textArea } from '../web/fields.ts';
import { icon } from '../web/icons.ts';
import { dashboardLayout } from '../web/layout.ts';
import { button, definitionList, itemList, linkButton, notice, section } from '../web/parts.ts';
import type { Complaints } from '../web/refused-form.ts';
import type { Site } from '../web/site.ts';
import { time } from '../web/times.ts';
import type { Visit } from '../web/visit.ts';
import { formatInstant } from '../words/dates.ts';
import type { Decision } from './rules.ts';
import { recoveryWords } from './words.ts';

export const REQUESTS = '/admin/recovery';

/** One request, as the Dashboard shows it. */
export interface ShownRequest {
  readonly id: string;
  readonly state: RequestState;
  readonly name: string;
  readonly email: string;
  readonly reason: string;
  readonly network: string;
  readonly browser: string;
  readonly askedAt: number;
  readonly effectiveAt: number;
  /** Of somebody who still is an administrator. */
  readonly proposal: { readonly by: string; readonly at: number; readonly reason: string } | null;
}

export interface RequestsPage {
  /** The administrator. */
  readonly account: Account;
  readonly requests: readonly Omit<ShownRequest, 'reason' | 'proposal'>[];
  /** Ids of those that have been proposed. */
  readonly proposed: ReadonlySet<string>;
  readonly message: string | null;
}

export function requestsPage(site: Site, visit: Visit, page: RequestsPage): Html {
  const { dashboard: w, request } = recoveryWords[visit.locale];
  const { account, requests, proposed, message } = page;
  const at = (instant: number) => time(instant, visit.now, visit.locale, account.time_zone);
  const items = requests.map(({ id, state, name, email, network, browser, askedAt, effectiveAt }) => ({
    icon: 'user' as const,
    title: html`${name} <span class="tag${state === 'ready' && ' warning'}">${w.states[state]}</span>${proposed.has(id) && html` <span class="tag">${w.proposed}</span>`}`,
    meta: html`${email}<br>${w.asked} ${at(askedAt)} · ${describeBrowser(browser, visit.locale)} · ${network}<br>${request.effective} ${formatInstant(effectiveAt, visit.locale, account.time_zone)}`,
    actions: linkButton(`${REQUESTS}/${id}`, w.open, { label: w.openOf(name) }),
  }));
  return dashboardLayout(site, visit, {
    title: w.title,
    lead: w.lead,
    current: 'recovery',
    person: account,
    notice: message === null ? null : notice('success', message),
    body: itemList(items, w.empty),
  });
}

export interface RequestPage extends Partial<Complaints> {
  /** The administrator. */
  readonly account: Account;
  readonly request: ShownRequest;
  readonly decision: Decision;
  readonly alone: boolean;
  /** Characters that a proposal's reason may have. */
  readonly reasonLength: number;
  readonly message?: string | null;
  /** The reason as it was typed, where it was refused. */
  readonly typed?: string;
}

export function requestPage(site: Site, visit: Visit, page: RequestPage): Html {
  const { request: w } = recoveryWords[visit.locale];
  const { account, request, decision, message, error } = page;
  const open = isOpen(request.state);
  return dashboardLayout(site, visit, {
    title: request.name,
    lead: w.lead(request.email),
    current: 'recovery',
    person: account,
    back: { href: REQUESTS, text: w.back },
    notice: error ? notice('danger', error) : message ? notice('success', message) : null,
    body: html`${facts(visit, page)}
      ${open && decision.may !== 'nothing' && notice('warning', w.sure)}
      ${decide(visit, page)}
      ${
        open &&
        !(decision.may === 'nothing' && decision.why === 'own') &&
        section({
          title: w.refuse,
          lead: w.refuseLead,
          body: form({
            action: `${REQUESTS}/${request.id}/refuse`,
            body: button(w.refuseButton, { kind: 'removal' }),
          }),
        })
      }`,
  });
}

function facts(visit: Visit, { account, request }: RequestPage): Html {
  const { request: w, dashboard } = recoveryWords[visit.locale];
  const at = (instant: number) => time(instant, visit.now, visit.locale, account.time_zone);
  const { state, proposal } = request;
  return definitionList([
    { term: w.state, value: dashboard.states[state] },
    { term: w.asked, value: at(request.askedAt) },
    { term: w.from, value: html`${describeBrowser(request.browser, visit.locale)} · ${request.network}` },
    {
      term: w.happened,
      value: request.reason === '' ? html`<span class="muted">${w.nothing}</span>` : said(request.reason),
    },
    ...(isOpen(state)
      ? [{ term: w.effective, value: formatInstant(request.effectiveAt, visit.locale, account.time_zone) }]
      : []),
    ...(proposal
      ? [
          { term: w.proposedBy, value: html`${proposal.by}, ${at(proposal.at)}` },
          { term: w.reason, value: said(proposal.reason) },
        ]
      : []),
  ]);
}

/** The one thing that this administrator can do now, or why there is none. */
function decide(visit: Visit, page: RequestPage): Content {
  const { request: w } = recoveryWords[visit.locale];
  const { account, request, decision, alone, reasonLength, typed = '', fields = {} } = page;
  if (decision.may === 'nothing') return notice('info', w[decision.why]);
  if (decision.may === 'propose') {
    const { proposeReason: label } = w;
    const reason = { name: 'reason', label, value: typed, required: true, maxlength: reasonLength };
    return section({
      title: w.propose,
      lead: w.proposeLead,
      body: form({
        action: `${REQUESTS}/${request.id}/propose`,
        body: html`${textArea({ ...reason, error: fields['reason'] ?? null })}${button(w.proposeButton)}`,
      }),
    });
  }
  const until = formatInstant(request.effectiveAt, visit.locale, account.time_zone);
  return section({
    title: w.countersign,
    lead: w.countersignLead,
    body: html`${alone && html`<p>${w.alone}</p>`}${
      decision.waiting
        ? html`<p class="status info">${icon('clock')}<span>${w.tooEarly(until)}</span></p>`
        : form({ action: `${REQUESTS}/${request.id}/countersign`, body: button(w.countersignButton) })
    }`,
  });
}

/** In the words and lines of whoever wrote it. */
function said(text: string): Html {
  return html`<span class="said">${text}</span>`;
}
