import type { Client } from '../clients/client.ts';
import { type LackingPage, lackingPage } from '../factors/lacking-page.ts';
import { type Content, type Html, html } from '../kit/html.ts';
import { bareLayout } from '../web/layout.ts';
import { actions, linkButton } from '../web/parts.ts';
import type { Site } from '../web/site.ts';
import type { Visit } from '../web/visit.ts';
import { forwardAuthWords } from './words.ts';

// On our own origin, on the way to a protected host.

interface Asking {
  readonly site: Site;
  readonly visit: Visit;
  readonly client: Pick<Client, 'name'>;
  readonly account: { readonly email: string };
}

export function closedPage({ site, visit, client, account }: Asking): Html {
  const { closed: w } = forwardAuthWords[visit.locale];
  return bareLayout(site, visit, {
    title: w.title(client.name),
    body: html`<p>${w.body}</p>${actions(linkButton('/', w.away(site.brand)))}${whoIsAsked(visit, account)}`,
  });
}

/** `here`: this page's own path; `setUp`: where a first factor begins. */
export function proofPage(
  { site, visit, client, account }: Asking,
  lacking: LackingPage['lacking'],
  way: Pick<LackingPage, 'here' | 'setUp'>,
): Html {
  return lackingPage(site, visit, { app: client.name, lacking, ...way, below: whoIsAsked(visit, account) });
}

/** Shown for an instant: the answer's `Refresh` header leads on. */
export function goingPage(site: Site, visit: Visit, client: Pick<Client, 'name'>, href: string): Html {
  const { going: w } = forwardAuthWords[visit.locale];
  return bareLayout(site, visit, {
    title: w.title(client.name),
    body: html`<p>${w.body}</p>${actions(linkButton(href, w.go(client.name), { kind: 'primary' }))}`,
  });
}

function whoIsAsked(visit: Visit, { email }: { email: string }): Content {
  return html`<p class="muted">${forwardAuthWords[visit.locale].closed.signedInAs} ${email}</p>`;
}
