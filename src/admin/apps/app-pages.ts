import type { Account } from '../../accounts/account.ts';
import type { Client } from '../../clients/client.ts';
import { type Content, type Html, html } from '../../kit/html.ts';
import { askingContent, askingDialog, askingLink, type Confirmation } from '../../web/confirmation.ts';
import { dashboardLayout } from '../../web/layout.ts';
import {
  actions,
  copyable,
  copyButton,
  definitionList,
  linkButton,
  notice,
  section,
} from '../../web/parts.ts';
import type { Site } from '../../web/site.ts';
import { time } from '../../web/times.ts';
import type { Visit } from '../../web/visit.ts';
import { formatDay } from '../../words/dates.ts';
import type { Locale } from '../../words/locale.ts';
import { APP, TWO_FACTOR } from '../sign-in-rules/paths.ts';
import { audienceOf } from './list-pages.ts';
import { APPS, appPath } from './paths.ts';
import type { Snippet } from './snippets.ts';
import { appsWords } from './words.ts';

export interface AppPage {
  /** The administrator. */
  readonly account: Account;
  readonly client: Client;
  /** Id of a group -> its name. */
  readonly groups: ReadonlyMap<string, string>;
  readonly snippets: readonly Snippet[];
  /** Just made, and shown this once. */
  readonly secret: string | null;
  /** With a stale step-up no form stands here (contract 4): the links lead to the pages that ask for one. */
  readonly fresh: boolean;
  readonly message: string | null;
}

export function appPage(site: Site, visit: Visit, page: AppPage): Html {
  const { app: w, kinds } = appsWords[visit.locale];
  const { account, client, fresh, message } = page;
  const asking = [
    ...(client.isPublic ? [] : [askRenew(visit.locale, client)]),
    askRemove(visit.locale, client),
  ];
  return dashboardLayout(site, visit, {
    title: client.name,
    lead: kinds[client.kind],
    current: 'apps',
    person: account,
    back: { href: APPS, text: w.back },
    notice: message === null ? null : notice('success', message),
    body: html`
      ${secretBox(visit, page)}
      ${section({ title: w.values, body: valuesOf(site, visit, page) })}
      ${client.kind !== 'api' && section({ title: w.rule, body: ruleOf(visit, page) })}
      ${client.kind === 'oidc' && section({ title: w.addresses, body: addressesOf(visit, client) })}
      ${tryIt(visit, client)}
      ${section({ title: w.snippets, lead: w.snippetsLead, body: snippetsOf(visit, page) })}
      ${actions(
        linkButton(`${appPath(client)}/edit`, w.change, { icon: 'edit' }),
        asking.map((question) =>
          askingLink(question, question.button, {
            kind: question.path.endsWith('/remove') ? 'removal' : 'secondary',
          }),
        ),
      )}
      ${fresh && asking.map(askingDialog)}`,
  });
}

function secretBox(visit: Visit, { secret }: AppPage): Content {
  if (secret === null) return null;
  const { app: w } = appsWords[visit.locale];
  const shown = copyable({ id: 'secret', text: secret, copyText: w.copy, copiedText: w.copied });
  return html`<section class="once" aria-labelledby="once"><h2 id="once">${w.secretTitle}</h2><p>${w.secretBody}</p>${shown}</section>`;
}

function valuesOf(site: Site, visit: Visit, { account, client, secret }: AppPage): Html {
  const { app: w, form } = appsWords[visit.locale];
  const value = (id: string, term: string, text: string) => ({
    term,
    value: copyable({ id, text, copyText: w.copy, copiedText: w.copied, what: term }),
  });
  const made =
    client.secretChangedAt !== null &&
    time(client.secretChangedAt, visit.now, visit.locale, account.time_zone);
  const ofSecret = secret === null && {
    term: w.clientSecret,
    value: made ? html`${w.secretSince} ${made}` : w.noSecret,
  };
  switch (client.kind) {
    case 'oidc':
      return definitionList(
        [
          value('issuer', w.issuer, site.baseUrl),
          value('client-id', w.clientId, client.id),
          ofSecret,
          value('discovery', w.discovery, `${site.baseUrl}/.well-known/openid-configuration`),
        ].filter((row) => row !== false),
      );
    case 'forward-auth':
      return definitionList([value('host', w.host, client.origin ?? '')]);
    case 'api':
      return definitionList(
        [
          value('api', w.apiAddress, `${site.baseUrl}/api/v1`),
          value('token', w.tokenAddress, `${site.baseUrl}/oidc/token`),
          value('client-id', w.clientId, client.id),
          ofSecret,
          {
            term: w.scopes,
            value: listed(
              client.scopes.map((scope) => form.scopeNames[scope]),
              w.none,
            ),
          },
        ].filter((row) => row !== false),
      );
  }
}

/** What a sign-in rule adds to the settings. */
function byRule(visit: Visit, account: Account, { id, twoFactorFromAt: from }: Client) {
  const { app: w } = appsWords[visit.locale];
  if (from === null) {
    const way = html`<a href="${TWO_FACTOR}?group=${APP}${id}">${w.requireTwo}</a>`;
    return { term: w.byRule, value: html`${w.noRule} ${way}` };
  }
  const day = formatDay(from, visit.locale, account.time_zone);
  const said = from <= visit.now ? w.secondFactorSince(day) : w.secondFactorFrom(day);
  const way = html`<a href="${TWO_FACTOR}/${APP}${id}">${w.whoIsWithout}</a>`;
  return { term: w.byRule, value: html`${said} ${way}` };
}

function ruleOf(visit: Visit, { account, client, groups }: AppPage): Html {
  const { app: w, form } = appsWords[visit.locale];
  return definitionList([
    { term: w.demands, value: form.acrs[client.acr] },
    byRule(visit, account, client),
    { term: w.groups, value: client.groupIds.length > 0 ? audienceOf(visit, client, groups) : w.everybody },
  ]);
}

function addressesOf(visit: Visit, client: Client): Html {
  const { app: w } = appsWords[visit.locale];
  const code = (uris: readonly string[]) =>
    listed(
      uris.map((uri) => html`<code>${uri}</code>`),
      w.none,
    );
  const one = (uri: string | null) => code(uri === null ? [] : [uri]);
  return definitionList([
    { term: w.redirects, value: code(client.redirectUris) },
    { term: w.postLogout, value: code(client.postLogoutRedirectUris) },
    { term: w.backchannel, value: one(client.backchannelLogoutUri) },
    { term: w.home, value: one(client.homeUrl) },
  ]);
}

function listed(items: readonly Content[], none: string): Content {
  if (items.length === 0) return html`<span class="muted">${none}</span>`;
  if (items.length === 1) return items[0];
  return html`<ul class="bare-list">${items.map((item) => html`<li>${item}</li>`)}</ul>`;
}

function tryIt(visit: Visit, client: Client): Content {
  const { app: w } = appsWords[visit.locale];
  if (client.kind === 'api') return null;
  const [sentence, href, text] =
    client.kind === 'oidc'
      ? ([w.tryBody, `${appPath(client)}/try`, w.try] as const)
      : ([w.openBody, client.origin ?? '', w.open] as const);
  return section({ title: w.tryTitle, body: html`<p>${sentence}</p>${actions(linkButton(href, text))}` });
}

/** Without a script each can be read and marked; none is more than what the page says anyway. */
function snippetsOf(visit: Visit, { snippets }: AppPage): Html {
  const { app: w } = appsWords[visit.locale];
  return html`${snippets.map(({ name, text }, index) => {
    const id = `snippet-${index + 1}`;
    return html`<details class="snippet"><summary>${name}</summary><pre tabindex="0" aria-label="${name}"><code id="${id}" data-text="${text}">${text}</code></pre>${copyButton({ from: id, text: w.copy, done: w.copied, what: name })}</details>`;
  })}`;
}

export function askRenew(locale: Locale, client: Client): Confirmation {
  const { renew: w } = appsWords[locale];
  return {
    path: `${appPath(client)}/secret`,
    title: w.title(client.name),
    lead: client.kind === 'api' ? w.leadApi : w.lead,
    button: w.button,
    cancel: w.cancel,
  };
}

export function askRemove(locale: Locale, client: Client): Confirmation {
  const { remove: w } = appsWords[locale];
  return {
    path: `${appPath(client)}/remove`,
    title: w.title(client.name),
    lead: { oidc: w.lead, 'forward-auth': w.leadHost, api: w.leadApi }[client.kind],
    button: w.button,
    cancel: w.cancel,
  };
}

/** The page of such a question, for browsers without a script. */
export function questionPage(
  site: Site,
  visit: Visit,
  { account, client, error }: { account: Account; client: Client; error: string | null },
  question: Confirmation,
): Html {
  return dashboardLayout(site, visit, {
    ...askingContent(question, appPath(client)),
    current: 'apps',
    person: account,
    back: { href: appPath(client), text: client.name },
    notice: error === null ? null : notice('danger', error),
  });
}
