import type { Account } from '../../accounts/account.ts';
import { eventSentence } from '../../audit/event-sentence.ts';
import { AUDIT_EVENTS } from '../../audit/events.ts';
import type { AuditRecord } from '../../audit/store.ts';
import { type Content, type Html, html } from '../../kit/html.ts';
import { describeBrowser } from '../../notices/browser-name.ts';
import { field, select } from '../../web/fields.ts';
import { dashboardLayout } from '../../web/layout.ts';
import { actions, button, linkButton } from '../../web/parts.ts';
import type { Site } from '../../web/site.ts';
import type { Visit } from '../../web/visit.ts';
import { formatStamp } from '../../words/dates.ts';
import type { Locale } from '../../words/locale.ts';
import type { TypedFilter } from './filter.ts';
import type { Named, Names } from './names.ts';
import { recordWords } from './words.ts';

export const RECORDS = '/admin/records';

export interface RecordsPage {
  /** The administrator. */
  readonly account: Account;
  readonly typed: TypedFilter;
  /** Nobody has the address that was typed. */
  readonly unknownPerson: boolean;
  readonly records: readonly AuditRecord[];
  readonly names: Names;
  /** False on the pages that follow the first. */
  readonly first: boolean;
  /** The `seq` to go on before; null on the last page. */
  readonly next: number | null;
}

export function recordsPage(site: Site, visit: Visit, page: RecordsPage): Html {
  const { list: w } = recordWords[visit.locale];
  const { account, typed, unknownPerson, records } = page;
  const query = said(typed);
  return dashboardLayout(site, visit, {
    title: w.title,
    lead: w.lead,
    current: 'records',
    person: account,
    body: html`${filterForm(visit.locale, page)}
      ${records.length > 0 ? table(visit, page) : html`<p class="empty">${unknownPerson ? w.unknownPerson : page.next === null ? w.empty : w.emptyYet}</p>`}
      ${pages(visit.locale, page)}
      ${actions(
        linkButton(addressOf(`${RECORDS}/export`, { ...query, format: 'csv' }), w.exportCsv, {
          icon: 'download',
        }),
        linkButton(addressOf(`${RECORDS}/export`, { ...query, format: 'json' }), w.exportJson, {
          icon: 'download',
        }),
        linkButton(`${RECORDS}/check`, w.check, { kind: 'quiet', icon: 'shield' }),
      )}`,
  });
}

const said = (typed: TypedFilter): Record<string, string> =>
  Object.fromEntries(Object.entries(typed).filter(([, value]) => value !== ''));

function addressOf(path: string, query: Readonly<Record<string, string>>): string {
  const text = new URLSearchParams(query).toString();
  return text === '' ? path : `${path}?${text}`;
}

/** Asks and changes nothing: a GET, whose answer can be kept as a bookmark. Closed until somebody looks for something. */
function filterForm(locale: Locale, { typed }: RecordsPage): Html {
  const { list: w } = recordWords[locale];
  const filtered = Object.keys(said(typed)).length > 0;
  const events = AUDIT_EVENTS.map((event) => ({ value: event, text: sentenceOf(locale, event) })).sort(
    (left, right) => left.text.localeCompare(right.text, locale),
  );
  const outcomes = Object.entries(w.outcomes).map(([value, text]) => ({ value, text }));
  const fields = [
    field({
      name: 'person',
      label: w.person,
      type: 'search',
      value: typed.person,
      autocomplete: 'off',
      maxlength: 320,
    }),
    select({
      name: 'event',
      label: w.event,
      value: typed.event,
      options: [{ value: '', text: w.anyEvent }, ...events],
    }),
    select({
      name: 'outcome',
      label: w.outcome,
      value: typed.outcome,
      options: [{ value: '', text: w.anyOutcome }, ...outcomes],
    }),
    field({ name: 'from', label: w.from, type: 'date', value: typed.from }),
    field({ name: 'to', label: w.to, type: 'date', value: typed.to }),
    field({
      name: 'network',
      label: w.network,
      value: typed.network,
      autocomplete: 'off',
      maxlength: 45,
      spellcheck: false,
    }),
  ];
  const buttons = actions(
    button(w.show, { kind: 'secondary' }),
    filtered && linkButton(RECORDS, w.all, { kind: 'quiet' }),
  );
  return html`<details class="filter"${filtered && html` open`}><summary>${w.filter}</summary><form method="get" action="${RECORDS}" role="search">${fields}${buttons}</form></details>`;
}

/** Of a kind of event, whoever it is about. */
function sentenceOf(locale: Locale, event: AuditRecord['event']): string {
  return eventSentence(locale, {
    event,
    outcome: 'success',
    subject: null,
    actor: null,
    method: null,
    detail: {},
  });
}

function table(visit: Visit, { account, records, names }: RecordsPage): Html {
  const { list: w } = recordWords[visit.locale];
  const row = (record: AuditRecord) => {
    // Who did it has a column of its own.
    const sentence = eventSentence(visit.locale, { ...record, actor: null });
    const failed = record.outcome === 'failure' && html`<span class="tag danger">${w.failed}</span>`;
    const at = formatStamp(record.at, visit.locale, account.time_zone);
    return html`<tr><td class="when"><time datetime="${new Date(record.at).toISOString()}">${at}</time></td><td><a href="${RECORDS}/${record.seq}">${sentence}</a> ${failed}</td><td>${whose(visit.locale, record, names)}</td><td>${record.network}${record.browser && html`<div class="muted">${describeBrowser(record.browser, visit.locale)}</div>`}</td></tr>`;
  };
  return html`<p class="muted">${w.zone(account.time_zone ?? 'UTC')}</p><table class="quiet-table stacking records"><thead><tr><th scope="col" class="when">${w.when}</th><th scope="col">${w.what}</th><th scope="col">${w.who}</th><th scope="col" class="where">${w.where}</th></tr></thead><tbody>${records.map(row)}</tbody></table>`;
}

function whose(locale: Locale, { subject, actor }: AuditRecord, names: Names): Content {
  const { list: w } = recordWords[locale];
  const about = subject !== null && html`<div>${shown(locale, subject, names)}</div>`;
  if (actor === null || actor === subject) return about || html`<span class="muted">${w.nobody}</span>`;
  return html`${about}<div${about && html` class="muted"`}>${about ? doneBy(locale, actor, names) : shown(locale, actor, names)}</div>`;
}

/** A name with a link to whoever it is; the pseudonym of somebody who is gone. */
export function shown(locale: Locale, one: string, names: Names): Html {
  const { list: w } = recordWords[locale];
  const known: Named | undefined = names.get(one);
  if (known)
    return html`${known.href ? html`<a href="${known.href}">${known.name}</a>` : known.name}${known.email && html`<div class="muted">${known.email}</div>`}`;
  if (one === 'operator' || one === 'system') return html`${w[one]}`;
  return html`<span class="muted">${w.gone}</span> <code>${one.slice(0, 8)}</code>`;
}

function doneBy(locale: Locale, actor: string, names: Names): string {
  const { list: w } = recordWords[locale];
  if (actor === 'operator') return w.byOperator;
  if (actor === 'system') return w.bySystem;
  return w.by(names.get(actor)?.name ?? w.gone);
}

function pages(locale: Locale, { typed, records, first, next }: RecordsPage): Content {
  const { list: w } = recordWords[locale];
  const query = said(typed);
  const links = [
    next !== null &&
      linkButton(
        addressOf(RECORDS, { ...query, before: String(next) }),
        records.length > 0 ? w.next : w.goOn,
      ),
    !first && linkButton(addressOf(RECORDS, query), w.first, { kind: 'quiet' }),
  ].filter((link) => link !== false);
  return links.length > 0 && html`<nav class="actions" aria-label="${w.pages}">${links}</nav>`;
}
