import type { Account } from '../accounts/account.ts';
import { isPublisher } from '../accounts/account.ts';
import type { Platform } from '../builds/format-rules.ts';
import { type Content, type Html, html } from '../kit/html.ts';
import { field } from '../web/fields.ts';
import { icon } from '../web/icons.ts';
import { storeLayout } from '../web/layout.ts';
import { actions, button, linkButton, notice } from '../web/parts.ts';
import type { Site } from '../web/site.ts';
import type { Visit } from '../web/visit.ts';
import { formatDay } from '../words/dates.ts';
import { listOf } from '../words/lists.ts';
import { appIcon } from './app-icon.ts';
import type { Catalogue, Installable, ToldOpening, WebApp } from './catalogue.ts';
import { storeWords } from './words.ts';

export const STORE = '/store';
export const MANAGE = '/store/manage';

export interface CataloguePage extends Catalogue {
  readonly account: Account;
  /** What was searched for; empty: nothing. */
  readonly text: string;
  /** What the browser runs on. */
  readonly system: Platform | null;
  /** True where two factors are on and nothing would help if they were lost. */
  readonly noCodes: boolean;
  readonly message: string | null;
}

export function cataloguePage(site: Site, visit: Visit, page: CataloguePage): Html {
  const { catalogue: w, platforms: names, asks } = storeWords[visit.locale];
  const { account, webApps, installables, text, system, message } = page;
  const none = webApps.length + installables.length === 0;
  return storeLayout(site, visit, {
    title: w.title,
    lead: w.lead,
    current: 'store',
    person: account,
    notice: message === null ? null : notice('success', message),
    body: html`${warning()}${(page.hasMore || !none) && searchForm()}${none ? nothing() : tiles()}${
      text !== '' && actions(linkButton(STORE, w.all, { kind: 'secondary' }))
    }`,
  });

  /** How safe the account is, as long as something is to be done about it; a rule that is coming says so above. */
  function warning(): Content {
    if (account.two_factor_at === null) {
      const protect = html`<a href="/account/security">${w.protect}</a>`;
      return visit.coming ? null : notice('warning', html`<p>${w.unprotected} ${protect}</p>`);
    }
    const codes = '/account/security/recovery-codes';
    return page.noCodes && notice('warning', html`<p>${w.noCodes} <a href="${codes}">${w.makeCodes}</a></p>`);
  }

  /** Asks and changes nothing: a GET, whose answer can be kept as a bookmark. */
  function searchForm(): Html {
    const input = field({
      name: 'q',
      label: w.search,
      type: 'search',
      value: text,
      autocomplete: 'off',
      maxlength: 200,
    });
    return html`<form class="search" method="get" action="${STORE}" role="search">${input}${button(w.find, { kind: 'secondary' })}</form>`;
  }

  function nothing(): Html {
    if (text !== '' && page.hasMore) return html`<p class="empty">${w.nothingFound(text)}</p>`;
    const begin =
      isPublisher(account) && actions(linkButton(`${MANAGE}/new`, w.emptyPublisher, { kind: 'primary' }));
    return html`<div class="empty"><p>${w.empty}</p><p>${w.emptyHint}</p></div>${begin}`;
  }

  function tiles(): Content {
    return [
      webApps.length > 0 && group('open', w.open, webApps.map(webTile)),
      installables.length > 0 && group('install', w.install, installables.map(installTile)),
    ];
  }

  function group(id: string, title: string, items: readonly Html[]): Html {
    return html`<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2><ul class="tiles">${items}</ul></section>`;
  }

  function webTile({ name, description, url, opening }: WebApp): Html {
    const host = new URL(url).host;
    return html`<li class="tile">${appIcon({ name })}<div class="what"><h3><a href="${url}" rel="noreferrer">${name}${icon('external')}<span class="unseen">, ${w.opensAt(host)}</span></a></h3>${
      description !== '' && html`<p class="about">${description}</p>`
    }<p class="meta"><span>${host}</span></p>${asked(opening)}</div></li>`;
  }

  function asked(opening: ToldOpening): Html {
    const way = {
      nothing: { drawing: 'check', text: asks.nothing, link: null },
      factor: { drawing: 'lock', text: '', link: null },
      soon: { drawing: 'clock', text: '', link: ['/account/security', asks.enrolLink] },
      enrol: { drawing: 'warning', text: asks.enrol, link: ['/account/security', asks.enrolLink] },
      key: { drawing: 'warning', text: asks.key, link: ['/account/security/keys', asks.keyLink] },
    } as const;
    const { drawing, text: plain, link } = way[opening.kind];
    const day = (at: number) => formatDay(at, visit.locale, account.time_zone);
    const sentence =
      opening.kind === 'factor'
        ? asks.factor(opening.name)
        : opening.kind === 'soon'
          ? asks.soon(day(opening.from))
          : plain;
    return html`<p class="asks ${opening.kind}">${icon(drawing)}<span>${sentence}${
      link && html` <a href="${link[0]}">${link[1]}</a>`
    }</span></p>`;
  }

  function installTile(app: Installable): Html {
    return html`<li class="tile">${appIcon(app)}<div class="what"><h3><a href="${STORE}/${app.slug}">${app.name}</a></h3>${
      app.description !== '' && html`<p class="about">${app.description}</p>`
    }<p class="meta"><span>${suited(app.platforms)}</span></p></div></li>`;
  }

  /** "For Windows": the person's own system first, or said not to be among them. */
  function suited(platforms: readonly Platform[]): string {
    const systems = listOf(
      visit.locale,
      platforms.map((platform) => names[platform]),
    );
    if (platforms.includes('any')) return storeWords[visit.locale].app.anySystem;
    if (system === null) return w.runsOn(systems);
    return platforms.includes(system) ? w.runsOn(systems) : w.notForYou(systems, names[system]);
  }
}
