import type { Account } from '../../accounts/account.ts';
import type { CheckNow } from '../../audit/check.ts';
import { type Content, type Html, html } from '../../kit/html.ts';
import { form } from '../../web/fields.ts';
import { dashboardLayout } from '../../web/layout.ts';
import { actions, button, copyable, definitionList, linkButton, notice, section } from '../../web/parts.ts';
import type { Site } from '../../web/site.ts';
import { time } from '../../web/times.ts';
import type { Visit } from '../../web/visit.ts';
import type { Names } from './names.ts';
import { RECORDS, shown } from './pages.ts';
import { recordWords } from './words.ts';

export const CHECK = `${RECORDS}/check`;

export interface CheckPage {
  /** The administrator. */
  readonly account: Account;
  readonly check: CheckNow | null;
  readonly names: Names;
}

/** What the last check of the chain found; while one runs, how far it is. */
export function checkPage(site: Site, visit: Visit, page: CheckPage): Html {
  const { check: w, one } = recordWords[visit.locale];
  const { account, check } = page;
  const running = check?.state === 'running';
  return dashboardLayout(site, visit, {
    title: w.title,
    lead: w.lead,
    current: 'records',
    person: account,
    back: { href: RECORDS, text: one.back },
    // Follows the check while it runs; without it, the button looks again.
    ...(running ? { scripts: ['watch-progress.js'] } : {}),
    body: html`${standing(visit, page)}${
      running
        ? actions(linkButton(CHECK, w.look))
        : form({ action: CHECK, body: button(check?.verdict ? w.again : w.start) })
    }`,
  });
}

function standing(visit: Visit, { account, check, names }: CheckPage): Content {
  const { check: w } = recordWords[visit.locale];
  if (check === null) return html`<p class="empty">${w.never}</p>`;
  if (check.state === 'broken-off') return notice('warning', w.brokenOff);
  if (check.verdict === null) {
    const { done, all } = check;
    return html`<div class="progress" role="status" data-watch="${CHECK}"><p id="progress">${w.running}</p><progress aria-labelledby="progress" max="${Math.max(all, 1)}" value="${done}"></progress></div>`;
  }
  const { ok, events, head, problems, at } = check.verdict;
  const count = events.toLocaleString(visit.locale);
  const list = html`<ul class="plain-list" lang="en">${problems.map((problem) => html`<li>${problem}</li>`)}</ul>`;
  return html`${ok ? notice('success', w.whole(count)) : notice('danger', html`${w.broken(count)}${list}`)}${definitionList(
    [
      { term: w.at, value: time(at, visit.now, visit.locale, account.time_zone) },
      { term: w.by, value: shown(visit.locale, check.by, names) },
    ],
  )}${section({
    title: w.head,
    lead: head === null ? w.noHead : w.headHint,
    body: head !== null && copyable({ id: 'head', text: head, copyText: w.copy, copiedText: w.copied }),
  })}`;
}
