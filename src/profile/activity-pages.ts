import type { Account } from '../accounts/account.ts';
import { eventSentence } from '../audit/event-sentence.ts';
import type { AuditRecord } from '../audit/store.ts';
import { type Html, html } from '../kit/html.ts';
import { describeBrowser } from '../notices/browser-name.ts';
import { accountLayout } from '../web/layout.ts';
import { itemList, linkButton } from '../web/parts.ts';
import type { Site } from '../web/site.ts';
import type { Visit } from '../web/visit.ts';
import { formatInstant } from '../words/dates.ts';
import { profileWords } from './words.ts';

export interface ActivityPage {
  readonly account: Account;
  readonly events: readonly AuditRecord[];
  /** The `seq` to go on before; null on the last page. */
  readonly olderThan: number | null;
  readonly first: boolean;
}

export function activityPage(
  site: Site,
  visit: Visit,
  { account, events, olderThan, first }: ActivityPage,
): Html {
  const { activity: w } = profileWords[visit.locale];
  return accountLayout(site, visit, {
    title: w.title,
    lead: w.lead,
    current: 'activity',
    person: account,
    body: html`<p class="muted">${w.zone(account.time_zone ?? 'UTC')} <a href="/account">${w.change}</a></p>
      ${itemList(events.map(asItem), w.empty)}
      ${first && olderThan === null ? null : html`<nav class="actions" aria-label="${w.title}">${olderThan === null ? null : linkButton(`/account/activity?before=${olderThan}`, w.older)}${first ? null : linkButton('/account/activity', w.newest, { kind: 'quiet' })}</nav>`}`,
  });

  function asItem(event: AuditRecord) {
    const from = [
      event.browser ? describeBrowser(event.browser, visit.locale) : null,
      event.network ? `${w.from} ${event.network}` : null,
    ].filter((part) => part !== null);
    return {
      icon: event.outcome === 'failure' ? ('warning' as const) : ('check' as const),
      title: eventSentence(visit.locale, event),
      meta: html`<span>${formatInstant(event.at, visit.locale, account.time_zone)}</span> <span>${from.join(' ')}</span>`,
    };
  }
}
