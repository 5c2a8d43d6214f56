import type { Account } from '../../accounts/account.ts';
import { acrOf, type Client, type ClientKind } from '../../clients/client.ts';
import { type Content, type Html, html } from '../../kit/html.ts';
import type { IconName } from '../../web/icons.ts';
import { dashboardLayout } from '../../web/layout.ts';
import { actions, itemList, linkButton, notice } from '../../web/parts.ts';
import type { Site } from '../../web/site.ts';
import { time } from '../../web/times.ts';
import type { Visit } from '../../web/visit.ts';
import { listOf } from '../../words/lists.ts';
import { APPS, appPath, newPath } from './paths.ts';
import { appsWords } from './words.ts';

export interface ListPage {
  /** The administrator. */
  readonly account: Account;
  readonly clients: readonly Client[];
  /** Id of a group -> its name. */
  readonly groups: ReadonlyMap<string, string>;
  /** Id of an app -> when it was last used, as far as that is known. */
  readonly uses: ReadonlyMap<string, number>;
  readonly message: string | null;
}

export function listPage(site: Site, visit: Visit, page: ListPage): Html {
  const { list: w, kinds, acrs } = appsWords[visit.locale];
  const { account, clients, groups, uses, message } = page;
  const heads = [w.name, w.kind, w.demands, w.groups, w.used].map(
    (text, index) => html`<th scope="col"${index === 0 && html` class="name"`}>${text}</th>`,
  );
  const rows = clients.map((client) => {
    const { id, name, kind } = client;
    const used = uses.get(id);
    const cells: readonly (readonly [string, Content])[] = [
      [w.kind, kinds[kind]],
      [w.demands, kind === 'api' ? w.unknown : acrs[acrOf(client, visit.now)]],
      [w.groups, kind === 'api' ? w.programs : audienceOf(visit, client, groups)],
      [w.used, used === undefined ? w.unknown : time(used, visit.now, visit.locale, account.time_zone)],
    ];
    return html`<tr><th scope="row"><a href="${appPath(client)}">${name}</a></th>${cells.map(
      ([head, value]) => html`<td><span class="narrow">${head}: </span>${value}</td>`,
    )}</tr>`;
  });
  const table = html`<table class="quiet-table stacking"><thead><tr>${heads}</tr></thead><tbody>${rows}</tbody></table>`;
  return dashboardLayout(site, visit, {
    title: w.title,
    lead: w.lead,
    current: 'apps',
    person: account,
    notice: message === null ? null : notice('success', message),
    body: html`${actions(linkButton(`${APPS}/new`, w.create, { kind: 'primary', icon: 'plus' }))}${clients.length > 0 ? table : html`<p class="empty">${w.empty}</p>`}`,
  });
}

export function audienceOf(
  visit: Visit,
  { groupIds }: Pick<Client, 'groupIds'>,
  groups: ReadonlyMap<string, string>,
): string {
  const names = groupIds.flatMap((id) => groups.get(id) ?? []);
  return names.length > 0 ? listOf(visit.locale, names) : appsWords[visit.locale].list.everybody;
}

/** Publishers look after what they offer for download, and that is elsewhere. */
export function publisherPage(site: Site, visit: Visit, account: Account): Html {
  const { publisher: w } = appsWords[visit.locale];
  return dashboardLayout(site, visit, {
    title: w.title,
    lead: w.lead,
    current: 'apps',
    person: account,
    body: html`<p>${w.body}</p>${actions(linkButton('/store/manage', w.go, { kind: 'primary' }))}`,
  });
}

const WAYS: readonly (readonly [ClientKind, IconName])[] = [
  ['oidc', 'browser'],
  ['forward-auth', 'lock'],
  ['api', 'key'],
];

export function choosePage(site: Site, visit: Visit, account: Account): Html {
  const { choose: w } = appsWords[visit.locale];
  const items = WAYS.map(([kind, icon]) => {
    const { title, body, go } = w.ways[kind];
    return {
      icon,
      title,
      meta: body,
      actions: linkButton(newPath(kind), go, { label: `${go}: ${title}` }),
    };
  });
  return dashboardLayout(site, visit, {
    title: w.title,
    lead: w.lead,
    current: 'apps',
    person: account,
    back: { href: APPS, text: w.back },
    body: itemList(items, ''),
  });
}
