import type { Account } from '../accounts/account.ts';
import type { App } from '../builds/app.ts';
import { type Html, html } from '../kit/html.ts';
import { storeLayout } from '../web/layout.ts';
import { actions, linkButton, notice } from '../web/parts.ts';
import type { Site } from '../web/site.ts';
import type { Visit } from '../web/visit.ts';
import { appIcon } from './app-icon.ts';
import { MANAGE } from './catalogue-pages.ts';
import { publishWords } from './publish-words.ts';

export interface PublishListPage {
  readonly account: Account;
  readonly apps: readonly (App & { readonly builds: number; readonly live: number })[];
  readonly message: string | null;
}

export function publishListPage(site: Site, visit: Visit, page: PublishListPage): Html {
  const { list: w } = publishWords[visit.locale];
  const { account, apps, message } = page;
  const rows = apps.map(
    (app) =>
      html`<li>${appIcon(app)}<div class="what"><div class="title">${app.name}</div><div class="meta"><span>/store/${app.slug}</span><span>${w.builds(app.builds, app.live)}</span></div></div><div class="actions">${linkButton(
        `${MANAGE}/${app.slug}`,
        w.manage,
        { label: w.manageOf(app.name) },
      )}</div></li>`,
  );
  return storeLayout(site, visit, {
    title: w.title,
    lead: w.lead,
    current: 'publish',
    person: account,
    notice: message === null ? null : notice('success', message),
    body: html`${actions(linkButton(`${MANAGE}/new`, w.add, { kind: 'primary', icon: 'plus' }))}${
      rows.length > 0 ? html`<ul class="items">${rows}</ul>` : html`<p class="empty">${w.empty}</p>`
    }`,
  });
}
