import type { Account } from '../accounts/account.ts';
import { type Html, html } from '../kit/html.ts';
import { askingDialog, askingLink, askingPage, type Confirmation } from '../web/confirmation.ts';
import { field, form, hidden } from '../web/fields.ts';
import { accountLayout } from '../web/layout.ts';
import { actions, button, type Item, itemList, linkButton, section } from '../web/parts.ts';
import type { Site } from '../web/site.ts';
import { time } from '../web/times.ts';
import type { Visit } from '../web/visit.ts';
import { formatDuration } from '../words/dates.ts';
import type { Locale } from '../words/locale.ts';
import { type Said, saying } from './pages.ts';
import type { PendingEmailChange } from './pending-email-change.ts';
import { profileWords } from './words.ts';

export interface OwnAddress {
  readonly address: string;
  readonly kind: 'primary' | 'recovery';
  readonly proven_at: number | null;
}

export interface EmailPage extends Said {
  readonly account: Account;
  readonly addresses: readonly OwnAddress[];
  /** Asked for, and its link not opened yet. */
  readonly pending: PendingEmailChange | null;
  /** The form that was refused, and what was typed into it. */
  readonly refused?: { readonly use: 'primary' | 'recovery'; readonly email: string };
}

export function emailPage(site: Site, visit: Visit, said: EmailPage): Html {
  const { email: w } = profileWords[visit.locale];
  const { account, addresses, pending } = said;
  const recovery = addresses.find(({ kind }) => kind === 'recovery');
  const items = [...addresses.map(asItem), ...(pending ? [pendingItem(visit, pending)] : [])];
  return accountLayout(site, visit, {
    title: w.title,
    lead: w.lead,
    current: 'email',
    person: account,
    notice: saying(said),
    body: html`
      ${section({ title: w.yours, body: itemList(items, w.none) })}
      ${section({ title: w.changeTitle, lead: w.changeLead, body: requestForm('primary', w.newAddress, w.changeButton) })}
      ${section({
        title: recovery ? w.replaceTitle : w.recoveryTitle,
        lead: w.recoveryLead,
        body: requestForm('recovery', w.recoveryAddress, w.recoveryButton),
      })}
      ${recovery && askingDialog(removeRecovery(visit.locale, recovery.address))}`,
  });

  function asItem({ address, kind, proven_at }: OwnAddress): Item {
    const proven =
      proven_at === null
        ? w.unproven
        : html`${w.proven} ${time(proven_at, visit.now, visit.locale, account.time_zone)}`;
    const removal = askingLink(removeRecovery(visit.locale, address), w.remove, {
      kind: 'quiet',
      label: w.removeOf(address),
    });
    return {
      icon: 'mail',
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

function pendingItem(visit: Visit, { address, use, expires_at }: PendingEmailChange): Item {
  const { email: w } = profileWords[visit.locale];
  return {
    icon: 'clock',
    title: html`${address} <span class="tag">${w.waiting}</span>`,
    meta: html`${w.future[use]}<br>${w.pending(formatDuration(expires_at - visit.now, visit.locale))}`,
    actions: form({
      action: '/account/email/cancel',
      body: button(w.cancel, { kind: 'quiet', label: w.cancelOf(address) }),
    }),
  };
}

/** Asked before the recovery address goes. */
function removeRecovery(locale: Locale, address: string): Confirmation {
  const { email: w } = profileWords[locale];
  return {
    path: '/account/email/remove-recovery',
    title: w.removeQuestion,
    lead: w.removeLead(address),
    button: w.removeButton,
    cancel: w.keep,
  };
}

export function removeRecoveryPage(site: Site, visit: Visit, account: Account, address: string): Html {
  return askingPage(site, visit, removeRecovery(visit.locale, address), {
    current: 'email',
    person: account,
    back: { href: '/account/email', text: profileWords[visit.locale].email.title },
  });
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
