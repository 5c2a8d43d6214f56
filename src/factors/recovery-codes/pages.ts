import type { Account } from '../../accounts/account.ts';
import { type Html, html } from '../../kit/html.ts';
import { form, hidden } from '../../web/fields.ts';
import { accountLayout } from '../../web/layout.ts';
import { actions, button, codeActions, codeGrid, linkButton, notice } from '../../web/parts.ts';
import type { Site } from '../../web/site.ts';
import type { Visit } from '../../web/visit.ts';
import { chrome } from '../../words/chrome.ts';
import { formatInstant } from '../../words/dates.ts';
import type { ProposedCodes } from './regenerate.ts';
import { formatCode } from './rules.ts';
import { en } from './words.en.ts';
import { es } from './words.es.ts';

const words = { en, es };

/**
 * The codes, numbered, with copy, download and print; without a script they can be selected and downloaded, and print
 * is the browser's own.
 */
export function codeSheet(site: Site, visit: Visit, account: Account, codes: readonly string[]): Html {
  const w = words[visit.locale];
  const heading = html`<strong>${w.title}</strong><br>${site.brand}: ${account.email}, ${formatInstant(visit.now, visit.locale, account.time_zone)}`;
  const shown = codes.map(formatCode);
  return html`
    ${codeGrid(shown, { id: 'recovery-codes', heading })}
    ${codeActions({
      codes: shown,
      id: 'recovery-codes',
      copy: w.copy,
      copied: w.copied,
      download: w.download,
      print: w.print,
      fileName: `countersign-recovery-codes-${account.email}.txt`,
    })}`;
}

/** The proposed set: nothing has changed until the button below is pressed. */
export function proposedCodesPage(
  site: Site,
  visit: Visit,
  account: Account,
  { id, codes, error }: ProposedCodes & { readonly error: string | null },
): Html {
  const w = words[visit.locale];
  return accountLayout(site, visit, {
    title: w.title,
    lead: w.proposedLead,
    current: 'security',
    back: { href: '/account/security', text: chrome[visit.locale].sections.security },
    person: account,
    body: html`
      ${error && notice('danger', error)}
      ${codeSheet(site, visit, account, codes)}
      ${form({
        action: '/account/security/recovery-codes',
        body: html`${hidden('set', id)}${actions(button(w.makeValid), linkButton('/account/security', w.cancel, { kind: 'quiet' }))}`,
      })}`,
  });
}
