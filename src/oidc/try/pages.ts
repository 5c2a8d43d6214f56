import type { Account } from '../../accounts/account.ts';
import type { Client } from '../../clients/client.ts';
import { type Content, type Html, html } from '../../kit/html.ts';
import { form } from '../../web/fields.ts';
import { dashboardLayout } from '../../web/layout.ts';
import { actions, button, definitionList, linkButton, notice, section } from '../../web/parts.ts';
import type { Site } from '../../web/site.ts';
import type { Visit } from '../../web/visit.ts';
import type { Told } from './redeem-trial.ts';
import { tryWords } from './words.ts';

interface Trying {
  readonly site: Site;
  readonly visit: Visit;
  /** The administrator. */
  readonly account: Account;
  readonly client: Client;
}

const appPath = ({ id }: Client): string => `/admin/apps/${id}`;

/** `may`: what is asked for, in sentences. */
export function tryPage(trying: Trying, may: readonly string[]): Html {
  const { visit, client } = trying;
  const w = tryWords[visit.locale];
  const asks = html`<ul class="plain-list">${may.map((what) => html`<li>${what}</li>`)}</ul>`;
  return layout(trying, {
    title: w.title(client.name),
    lead: w.lead,
    body: html`${section({ title: w.scopes, body: asks })}${form({
      action: `${appPath(client)}/try`,
      body: actions(
        button(w.asYouAre, { name: 'how', value: 'as-you-are' }),
        button(w.anew, { kind: 'secondary', name: 'how', value: 'anew' }),
      ),
    })}`,
  });
}

export function toldPage(trying: Trying, { idToken, userinfo }: Told): Html {
  const { visit, client } = trying;
  const { done: w } = tryWords[visit.locale];
  return layout(trying, {
    title: w.title(client.name),
    body: html`${notice('success', w.lead)}${section({
      title: w.idToken,
      lead: w.idTokenLead,
      body: table(visit, idToken),
    })}${section({ title: w.userinfo, lead: w.userinfoLead, body: table(visit, userinfo) })}${leaving(trying)}`,
  });
}

/** `error`: null where the answer is of no question of ours. */
export function failedPage(
  trying: Trying,
  error: { readonly code: string; readonly description: string } | null,
): Html {
  const { visit, client } = trying;
  const { failed: w } = tryWords[visit.locale];
  const told = error && [
    { term: w.error, value: html`<code>${error.code}</code>` },
    { term: w.description, value: error.description || '–' },
  ];
  return layout(trying, {
    title: w.title(client.name),
    ...(told ? { lead: w.lead } : {}),
    body: html`${told ? definitionList(told) : notice('warning', w.lost)}${leaving(trying)}`,
  });
}

function table(visit: Visit, claims: Readonly<Record<string, unknown>>): Html {
  const { done: w } = tryWords[visit.locale];
  const rows = Object.entries(claims)
    .filter(([, value]) => value !== undefined)
    .map(
      ([name, value]) =>
        html`<tr><th scope="row"><code>${name}</code></th><td><code>${JSON.stringify(value)}</code></td></tr>`,
    );
  return html`<table class="quiet-table claims"><thead><tr><th scope="col">${w.claim}</th><th scope="col">${w.value}</th></tr></thead><tbody>${rows}</tbody></table>`;
}

function leaving({ visit, client }: Trying): Html {
  const w = tryWords[visit.locale];
  return actions(
    linkButton(`${appPath(client)}/try`, w.again),
    linkButton(appPath(client), w.back(client.name), { kind: 'quiet' }),
  );
}

function layout(
  { site, visit, account, client }: Trying,
  content: { title: string; lead?: string; body: Content },
): Html {
  return dashboardLayout(site, visit, {
    ...content,
    body: html`${content.body}`,
    current: 'apps',
    person: account,
    back: { href: appPath(client), text: client.name },
  });
}
