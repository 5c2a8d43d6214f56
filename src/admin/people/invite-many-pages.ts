import type { Account } from '../../accounts/account.ts';
import { type Content, type Html, html } from '../../kit/html.ts';
import { hidden, textArea } from '../../web/fields.ts';
import { fileField, uploadForm } from '../../web/file-fields.ts';
import { icon } from '../../web/icons.ts';
import { dashboardLayout } from '../../web/layout.ts';
import { actions, button, linkButton, notice } from '../../web/parts.ts';
import type { Site } from '../../web/site.ts';
import type { Visit } from '../../web/visit.ts';
import { formatDuration } from '../../words/dates.ts';
import type { Locale } from '../../words/locale.ts';
import type { ListFault, Report } from './invite-many.ts';
import type { Complaint, JudgedRow } from './judge-rows.ts';
import { PEOPLE } from './people-pages.ts';
import { peopleWords } from './words.ts';

const HERE = `${PEOPLE}/invite-many`;
/** Enough to see that it was read as it was meant, or what to mend first. */
const ROWS_SHOWN = 100;

export interface InviteManyPage {
  /** The administrator. */
  readonly account: Account;
  /** Milliseconds for which the links will work. */
  readonly lifetime: number;
  readonly mostRows: number;
  /** Characters of the list. */
  readonly mostText: number;
  /** What was typed or chosen. */
  readonly text?: string;
  /** What came of looking through it. */
  readonly report?: Report;
  /** Group id -> its name, for the rows. */
  readonly groups?: ReadonlyMap<string, string>;
  /** What was refused as a whole. */
  readonly error?: string | null;
}

/** Asks for a list; after looking through it says what is wrong with it, or asks whether to invite. */
export function inviteManyPage(site: Site, visit: Visit, page: InviteManyPage): Html {
  const { many: w, invite } = peopleWords[visit.locale];
  const { account, lifetime, report, error } = page;
  return dashboardLayout(site, visit, {
    title: w.title,
    lead: w.lead(formatDuration(lifetime, visit.locale)),
    current: 'people',
    person: account,
    back: { href: PEOPLE, text: invite.back },
    notice: error ? notice('danger', error) : outcome(visit, report),
    body:
      report?.fault === null && report.wrong === 0
        ? confirmation(visit, page, report.rows)
        : asking(visit, page),
  });
}

function outcome({ locale }: Visit, report: Report | undefined): Html | null {
  const { many: w } = peopleWords[locale];
  // A list that can't be read at all is told of beside it.
  if (!report || report.fault !== null) return null;
  const { wrong, rows } = report;
  return wrong > 0 ? notice('danger', w.wrong(wrong, rows.length)) : notice('success', w.right(rows.length));
}

function faultSentence(locale: Locale, fault: ListFault): string {
  const { faults: w } = peopleWords[locale].many;
  switch (fault.kind) {
    case 'unreadable':
      return w.unreadable(fault.line.toLocaleString(locale));
    case 'many':
      return w.many(fault.rows.toLocaleString(locale));
    default:
      return w[fault.kind];
  }
}

function asking(visit: Visit, page: InviteManyPage): Html {
  const { many: w } = peopleWords[visit.locale];
  const { report, text = '', mostRows, mostText } = page;
  const wrong = report?.fault === null ? report.rows.filter(({ complaints }) => complaints.length > 0) : [];
  const list = textArea({
    name: 'people',
    label: w.people,
    hint: html`${w.peopleHint(mostRows.toLocaleString(visit.locale))}<br><code>${w.example}</code>`,
    value: text,
    rows: 8,
    maxlength: mostText,
    error: report && report.fault !== null ? faultSentence(visit.locale, report.fault) : null,
  });
  const file = fileField({
    name: 'file',
    label: w.file,
    hint: w.fileHint,
    accept: '.csv,text/csv,text/plain',
    required: false,
  });
  return html`${wrong.length > 0 && table(visit, page, wrong)}${uploadForm({
    action: HERE,
    body: html`${list}${file}${actions(button(w.check), linkButton(PEOPLE, w.cancel, { kind: 'quiet' }))}`,
  })}`;
}

function confirmation(visit: Visit, page: InviteManyPage, rows: readonly JudgedRow[]): Html {
  const { many: w } = peopleWords[visit.locale];
  const { text = '' } = page;
  return html`${table(visit, page, rows)}${uploadForm({
    action: HERE,
    body: html`${hidden('confirmed', 'on')}${hidden('people', text)}${actions(
      button(w.send(rows.length), { icon: 'mail' }),
      linkButton(HERE, w.change, { kind: 'quiet' }),
    )}`,
  })}`;
}

function table(visit: Visit, { groups = new Map() }: InviteManyPage, rows: readonly JudgedRow[]): Html {
  const { many: w, roleNames } = peopleWords[visit.locale];
  const wrong = rows.some(({ complaints }) => complaints.length > 0);
  const heads = [w.line, w.email, w.name, ...(wrong ? [w.complaint] : [w.role, w.groups])];
  const rest = rows.length - ROWS_SHOWN;
  const cells = ({ line, email, name, role, groups: ids, complaints }: JudgedRow): Content =>
    html`<tr><td class="number"><span class="narrow">${w.line} </span>${line}</td><td>${email}</td><td>${name}</td>${
      wrong
        ? html`<td>${complaints.map((one) => html`<div class="error">${icon('danger')}<span>${complaintSentence(visit.locale, one)}</span></div>`)}</td>`
        : html`<td>${roleNames[role]}</td><td>${ids.map((id) => groups.get(id) ?? '').join(', ')}</td>`
    }</tr>`;
  return html`<div class="table-frame" tabindex="0" role="group" aria-label="${w.rows}"><table class="quiet-table stacking"><thead><tr>${heads.map(
    (head, index) => html`<th scope="col"${index === 0 && html` class="number"`}>${head}</th>`,
  )}</tr></thead><tbody>${rows.slice(0, ROWS_SHOWN).map(cells)}</tbody></table></div>${rest > 0 && html`<p class="muted">${w.rest(rest)}</p>`}`;
}

function complaintSentence(locale: Locale, complaint: Complaint): string {
  const { complaints: w } = peopleWords[locale].many;
  switch (complaint.kind) {
    case 'twice':
      return w.twice(complaint.line.toLocaleString(locale));
    case 'role':
    case 'group':
      return w[complaint.kind](complaint.value.slice(0, 60));
    default:
      return w[complaint.kind];
  }
}
