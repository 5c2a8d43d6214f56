import type { Account } from '../accounts/account.ts';
import type { Client } from '../clients/client.ts';
import { type LackingPage, lackingPage } from '../factors/lacking-page.ts';
import { type Content, type Html, html } from '../kit/html.ts';
import { form, hidden } from '../web/fields.ts';
import { bareLayout } from '../web/layout.ts';
import { actions, button, notice } from '../web/parts.ts';
import type { Site } from '../web/site.ts';
import type { Visit } from '../web/visit.ts';
import { isNative } from './metadata.ts';
import { oidcWords } from './words.ts';

/** What the buttons of these pages say. */
export type Decision = 'allow' | 'leave' | 'continue' | 'switch';

interface Asking {
  readonly site: Site;
  readonly visit: Visit;
  readonly account: Account;
  readonly client: Client;
  /** This page's own path. */
  readonly here: string;
}

const decide = (text: string, decision: Decision, kind: 'primary' | 'secondary' | 'quiet'): Html =>
  button(text, { kind, name: 'decision', value: decision });

/** "Allow", and what it would mean (R68). `host`: where the answer goes. */
export function consentPage(
  { site, visit, account, client, here }: Asking,
  { host, may, offline }: { host: string; may: readonly string[]; offline: boolean },
): Html {
  const { consent: w } = oidcWords[visit.locale];
  return bareLayout(site, visit, {
    title: w.title(client.name),
    body: html`<p>${w.lead(client.name, host)}</p><ul>${may.map((what) => html`<li>${what}</li>`)}</ul><p>${
      offline ? w.offline : w.untilSignOut
    }</p>${isNative(client) && notice('warning', w.unproven)}${form({
      action: here,
      // For whom it was shown: in another tab somebody else may sign in before the button is pressed.
      body: html`${hidden('account', account.id)}${actions(decide(w.allow, 'allow', 'primary'), decide(w.deny, 'leave', 'secondary'))}`,
    })}${whoIsAsked(visit, account)}`,
  });
}

export function entryPage({ site, visit, account, client, here }: Asking): Html {
  const { entry: w } = oidcWords[visit.locale];
  return bareLayout(site, visit, {
    title: w.title(client.name),
    body: html`<p>${w.body}</p>${leaving({ visit, client, here }, 'secondary')}${whoIsAsked(visit, account)}`,
  });
}

/** `setUp`: where a first factor begins. */
export function proofPage(
  { site, visit, account, client, here }: Asking,
  lacking: LackingPage['lacking'],
  setUp: string,
): Html {
  const below = html`${leaving({ visit, client, here })}${whoIsAsked(visit, account)}`;
  return lackingPage(site, visit, { app: client.name, lacking, here, setUp, below });
}

export function otherAccountPage({ site, visit, account, client, here }: Asking): Html {
  const { other: w, back } = oidcWords[visit.locale];
  return bareLayout(site, visit, {
    title: w.title,
    body: html`<p>${w.body(client.name, account.email)}</p>${form({
      action: here,
      body: actions(decide(w.switch, 'switch', 'primary'), decide(back(client.name), 'leave', 'quiet')),
    })}`,
  });
}

export function chooseAccountPage({ site, visit, account, client, here }: Asking): Html {
  const { choose: w, back } = oidcWords[visit.locale];
  return bareLayout(site, visit, {
    title: w.title,
    body: html`<p>${w.body(client.name, account.email)}</p><p class="muted">${w.only}</p>${form({
      action: here,
      body: html`${hidden('account', account.id)}${actions(
        decide(w.use, 'continue', 'primary'),
        decide(w.switch, 'switch', 'secondary'),
        decide(back(client.name), 'leave', 'quiet'),
      )}`,
    })}`,
  });
}

function leaving(
  { visit, client, here }: Pick<Asking, 'visit' | 'client' | 'here'>,
  kind: 'secondary' | 'quiet' = 'quiet',
): Html {
  const text = oidcWords[visit.locale].back(client.name);
  return form({ action: here, body: actions(decide(text, 'leave', kind)) });
}

function whoIsAsked(visit: Visit, account: Account): Content {
  return html`<p class="muted">${oidcWords[visit.locale].consent.signedInAs} ${account.email}</p>`;
}
