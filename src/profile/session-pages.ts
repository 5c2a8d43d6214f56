import type { Account } from '../accounts/account.ts';
import { type Html, html } from '../kit/html.ts';
import { describeBrowser } from '../notices/browser-name.ts';
import { askingDialog, askingLink } from '../web/confirmation.ts';
import { accountLayout } from '../web/layout.ts';
import { itemList } from '../web/parts.ts';
import type { Site } from '../web/site.ts';
import { time } from '../web/times.ts';
import type { Visit } from '../web/visit.ts';
import { endOne, endOthers } from './end-pages.ts';
import { saying } from './pages.ts';
import { profileWords } from './words.ts';

export interface OwnSession {
  readonly id: string;
  /** What stood beside the password: `totp`, `recovery-code`, …; null for the password alone. */
  readonly method: string | null;
  readonly network: string;
  readonly browser: string;
  readonly created_at: number;
  readonly last_used_at: number;
  /** The one in which this page is shown. */
  readonly here: boolean;
}

export function sessionsPage(
  site: Site,
  visit: Visit,
  {
    account,
    sessions,
    message,
  }: { account: Account; sessions: readonly OwnSession[]; message: string | null },
): Html {
  const { sessions: w } = profileWords[visit.locale];
  const others = sessions.filter(({ here }) => !here);
  const all = endOthers(visit.locale, others.length);
  return accountLayout(site, visit, {
    title: w.title,
    lead: w.lead,
    current: 'sessions',
    person: account,
    notice: saying({ message }),
    body: html`${itemList(sessions.map(asItem), '')}${
      others.length > 0
        ? html`<p>${askingLink(all, w.endOthers, { kind: 'secondary', icon: 'sign-out' })}</p>`
        : html`<p class="muted">${w.onlyHere}</p>`
    }${others.map((session) => askingDialog(endOne(visit.locale, session)))}${others.length > 0 && askingDialog(all)}`,
  });

  function asItem(session: OwnSession) {
    const browser = describeBrowser(session.browser, visit.locale);
    const at = (instant: number) => time(instant, visit.now, visit.locale, account.time_zone);
    const end = askingLink(endOne(visit.locale, session), w.end, {
      kind: 'secondary',
      label: w.endOf(browser),
    });
    return {
      icon: 'browser' as const,
      title: html`${browser}${session.here ? html` <span class="tag">${w.here}</span>` : null}`,
      meta: html`${w.network} ${session.network} · ${w.last} ${at(session.last_used_at)}<br>${w.first} ${at(session.created_at)} ${w.with} ${w.proofs[session.method ?? 'password'] ?? w.otherProof}`,
      actions: session.here ? null : end,
    };
  }
}
