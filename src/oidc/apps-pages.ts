import type { Account } from '../accounts/account.ts';
import type { ConnectedApp } from '../clients/consent-store.ts';
import { type Html, html } from '../kit/html.ts';
import { askingDialog, askingLink, askingPage, type Confirmation } from '../web/confirmation.ts';
import { accountLayout } from '../web/layout.ts';
import { itemList, notice } from '../web/parts.ts';
import type { Site } from '../web/site.ts';
import { time } from '../web/times.ts';
import type { Visit } from '../web/visit.ts';
import type { Locale } from '../words/locale.ts';
import { oidcWords } from './words.ts';

export interface ShownApp extends ConnectedApp {
  /** What it may do, in words. */
  readonly may: readonly string[];
}

export function appsPage(
  site: Site,
  visit: Visit,
  { account, apps, message }: { account: Account; apps: readonly ShownApp[]; message: string | null },
): Html {
  const { apps: w } = oidcWords[visit.locale];
  return accountLayout(site, visit, {
    title: w.title,
    lead: w.lead,
    current: 'connected',
    person: account,
    notice: message ? notice('success', message) : null,
    body: html`${itemList(apps.map(asItem), w.empty)}${apps.map((app) => askingDialog(removing(visit.locale, app)))}`,
  });

  function asItem(app: ShownApp) {
    const at = (instant: number) => time(instant, visit.now, visit.locale, account.time_zone);
    return {
      icon: 'external' as const,
      title:
        app.home_url === null ? app.name : html`<a href="${app.home_url}" rel="noreferrer">${app.name}</a>`,
      meta: html`<ul>${app.may.map((what) => html`<li>${what}</li>`)}</ul>${w.since} ${at(app.created_at)} · ${w.last} ${at(app.last_used_at)}`,
      actions: askingLink(removing(visit.locale, app), w.revoke, {
        kind: 'secondary',
        label: w.revokeOf(app.name),
      }),
    };
  }
}

function removing(locale: Locale, { client_id, name }: ConnectedApp): Confirmation {
  const { apps: w } = oidcWords[locale];
  return {
    path: `/account/apps/${client_id}/remove`,
    title: w.question(name),
    lead: w.questionLead(name),
    button: w.revokeButton,
    cancel: w.cancel,
  };
}

/** What the dialog of the list asks, for browsers without a script. */
export function removePage(site: Site, visit: Visit, account: Account, app: ConnectedApp): Html {
  return askingPage(site, visit, removing(visit.locale, app), {
    current: 'connected',
    person: account,
    back: { href: '/account/apps', text: oidcWords[visit.locale].apps.title },
  });
}
