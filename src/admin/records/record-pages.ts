import type { Account } from '../../accounts/account.ts';
import { eventSentence, methodNames } from '../../audit/event-sentence.ts';
import type { AuditRecord } from '../../audit/store.ts';
import { type Content, type Html, html } from '../../kit/html.ts';
import { describeBrowser } from '../../notices/browser-name.ts';
import { dashboardLayout } from '../../web/layout.ts';
import { actions, definitionList, linkButton } from '../../web/parts.ts';
import type { Site } from '../../web/site.ts';
import type { Visit } from '../../web/visit.ts';
import { formatStamp, formatZone } from '../../words/dates.ts';
import type { Named, Names } from './names.ts';
import { RECORDS, shown } from './pages.ts';
import { recordWords } from './words.ts';

export interface RecordPage {
  /** The administrator. */
  readonly account: Account;
  readonly record: AuditRecord;
  readonly names: Names;
  /** Key of a detail -> the group or app that its id names. */
  readonly detailNames: ReadonlyMap<string, Named>;
  readonly link: { readonly position: number; readonly hash: string } | null;
}

/** Everything that one record holds. */
export function recordPage(site: Site, visit: Visit, page: RecordPage): Html {
  const { one: w, list } = recordWords[visit.locale];
  const { account, record, names, link } = page;
  const { subject, actor, at } = record;
  const whose = (one: string): Html =>
    html`${shown(visit.locale, one, names)}<div class="muted">${one !== 'operator' && one !== 'system' && html`${w.pseudonym} <code>${one}</code>`}</div>`;
  const all = subject === null ? null : names.get(subject);
  const rows: { term: string; value: Content }[] = [
    {
      term: w.when,
      value: `${formatStamp(at, visit.locale, account.time_zone)} (${formatZone(at, account.time_zone)})`,
    },
    ...(subject === null ? [] : [{ term: w.subject, value: whose(subject) }]),
    ...(actor === null || actor === subject ? [] : [{ term: w.actor, value: whose(actor) }]),
    { term: w.outcome, value: list.outcomes[record.outcome] },
    ...how(visit, w.method, record.method),
    ...filled(w.network, record.network),
    ...(record.browser === null
      ? []
      : [
          {
            term: w.browser,
            value: html`${describeBrowser(record.browser, visit.locale)}<div class="muted">${record.browser}</div>`,
          },
        ]),
    ...filled(w.request, record.request_id && html`<code>${record.request_id}</code>`),
    { term: w.event, value: html`<code>${record.event}</code>` },
    ...details(page, w.detail),
    {
      term: w.chain,
      value: link
        ? html`${w.chainAt(link.position.toLocaleString(visit.locale))}<div class="muted">${w.hash} <code>${link.hash}</code></div>`
        : w.unsealed,
    },
  ];
  const more = `${RECORDS}?${new URLSearchParams({ person: all?.email ?? subject ?? '' })}`;
  return dashboardLayout(site, visit, {
    title: eventSentence(visit.locale, record),
    lead: `${w.number} ${record.seq.toLocaleString(visit.locale)}`,
    current: 'records',
    person: account,
    back: { href: RECORDS, text: w.back },
    body: html`<div class="one-record">${definitionList(rows)}</div>${subject !== null && actions(linkButton(more, w.more(all?.name ?? list.gone)))}`,
  });
}

function filled(term: string, value: Html | string | null): { term: string; value: Content }[] {
  return value === null || value === '' ? [] : [{ term, value }];
}

/** In words, and as the record holds it. */
function how({ locale }: Visit, term: string, codes: string | null): { term: string; value: Content }[] {
  const names = methodNames(locale, codes ?? '');
  if (names === '') return filled(term, codes);
  const begun = names.charAt(0).toLocaleUpperCase(locale) + names.slice(1);
  return [{ term, value: html`${begun}<div class="muted"><code>${codes}</code></div>` }];
}

function details({ record, detailNames }: RecordPage, term: string): { term: string; value: Content }[] {
  const entries = Object.entries(record.detail);
  if (entries.length === 0) return [];
  const lines = entries.map(([key, value]) => {
    const named = detailNames.get(key);
    return html`<div><span class="muted">${key}</span> ${named ? html`<a href="${named.href}">${named.name}</a>` : String(value)}</div>`;
  });
  return [{ term, value: lines }];
}
