import type { Account } from '../../accounts/account.ts';
import type { AtRisk } from '../../factors/at-risk.ts';
import { type Html, html } from '../../kit/html.ts';
import { dashboardLayout } from '../../web/layout.ts';
import { itemList, linkButton } from '../../web/parts.ts';
import type { Site } from '../../web/site.ts';
import type { Visit } from '../../web/visit.ts';
import { listOf } from '../../words/lists.ts';
import type { KindName } from './pages.ts';
import { AT_RISK } from './todo-pages.ts';
import { overviewWords } from './words.ts';

export interface AtRiskPage {
  /** The administrator. */
  readonly account: Account;
  readonly people: readonly AtRisk[];
  readonly next: string | null;
  /** False on the pages that follow the first. */
  readonly first: boolean;
}

export function atRiskPage(site: Site, visit: Visit, page: AtRiskPage, kindName: KindName): Html {
  const { atRisk: w } = overviewWords[visit.locale];
  const { account, people, next, first } = page;
  const items = people.map(({ name, email, kinds }) => ({
    icon: 'key' as const,
    title: name,
    meta: html`${email}<br>${listOf(visit.locale, kinds.map(kindName))}`,
  }));
  const nobody = next !== null ? w.noneHere : first ? w.nobody : w.empty;
  const links = [
    next !== null && linkButton(`${AT_RISK}?after=${next}`, people.length > 0 ? w.next : w.goOn),
    !first && linkButton(AT_RISK, w.first, { kind: 'quiet' }),
  ];
  return dashboardLayout(site, visit, {
    title: w.title,
    lead: w.lead,
    current: 'overview',
    person: account,
    back: { href: '/admin', text: w.back },
    body: html`${itemList(items, nobody)}${links.some(Boolean) && html`<nav class="actions" aria-label="${w.pages}">${links}</nav>`}`,
  });
}
