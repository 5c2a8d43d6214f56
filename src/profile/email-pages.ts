import type { Account } from '../accounts/account.ts';
import { type Html, html } from '../kit/html.ts';
import { accountLayout } from '../web/layout.ts';
import { actions, button, field, form, hidden, itemList, linkButton, section, time } from '../web/parts.ts';
import type { Site } from '../web/site.ts';
import type { Visit } from '../web/visit.ts';
import { type Said, saying } from './pages.ts';
import { profileWords } from './words.ts';

export interface OwnAddress {
  readonly address: string;
  readonly kind: 'primary' | 'recovery';
  readonly proven_at: number | null;
}

export interface EmailPage extends Said {
  readonly account: Account;
  readonly addresses: readonly OwnAddress[];
  /** The form that was refused, and what was typed into it. */
  readonly refused?: { readonly use: 'primary' | 'recovery'; readonly email: string };
}

export function emailPage(site: Site, visit: Visit, said: EmailPage): Html {
  const { email: w } = profileWords[visit.locale];
  const { account, addresses } = said;
  const hasRecovery = addresses.some(({ kind }) => kind === 'recovery');
  return accountLayout(site, visit, {
    title: w.title,
    lead: w.lead,
    current: 'email',
    person: account,
    notice: saying(said),
    body: html`
      ${section({ title: w.yours, body: itemList(addresses.map(asItem), w.none) })}
      ${section({ title: w.changeTitle, lead: w.changeLead, body: requestForm('primary', w.newAddress, w.changeButton) })}
      ${section({
        title: hasRecovery ? w.replaceTitle : w.recoveryTitle,
        lead: w.recoveryLead,
        body: requestForm('recovery', w.recoveryAddress, w.recoveryButton),
      })}`,
  });

  function asItem({ address, kind, proven_at }: OwnAddress) {
    const proven =
      proven_at === null
        ? w.unproven
        : html`${w.proven} ${time(proven_at, visit.now, visit.locale, account.time_zone)}`;
    const removal = form({
      action: '/account/email/remove-recovery',
      body: html`<button class="button quiet" aria-label="${w.removeOf(address)}">${w.remove}</button>`,
    });
    return {
      icon: 'mail' as const,
      title: address,
      meta: html`${kind === 'primary' ? w.primary : w.recovery} · ${proven}`,
      actions: kind === 'recovery' ? removal : null,
    };
  }

  /** Which of the two forms it was is told by its button. */
  function requestForm(use: 'primary' | 'recovery', label: string, text: string): Html {
    const own = said.refused?.use === use ? said.refused : null;
    const input = field({
      name: 'email',
      id: `f-${use}-email`,
      label,
      type: 'email',
      value: own?.email ?? '',
      autocomplete: use === 'primary' ? 'email' : 'off',
      required: true,
      maxlength: 254,
      error: own ? (said.fields?.['email'] ?? null) : null,
    });
    return form({
      action: '/account/email',
      body: html`${input}${button(text, { kind: 'secondary', name: 'use', value: use })}`,
    });
  }
}

/** Opening the link changes nothing: mail scanners open links too (R43). */
export function emailChangePage(
  site: Site,
  visit: Visit,
  {
    account,
    address,
    use,
    token,
  }: { account: Account; address: string; use: 'primary' | 'recovery'; token: string },
): Html {
  const { emailChange: w } = profileWords[visit.locale];
  return accountLayout(site, visit, {
    title: w.titles[use],
    lead: w.leads[use](address),
    current: 'email',
    person: account,
    body: html`<p>${w.note}</p>
      ${form({
        action: '/email-change',
        body: html`${hidden('token', token)}${actions(button(w.buttons[use]), linkButton('/account/email', w.cancel, { kind: 'quiet' }))}`,
      })}`,
  });
}
