import { type Account, ROLES } from '../../accounts/account.ts';
import { type Html, html } from '../../kit/html.ts';
import { field, form, select } from '../../web/fields.ts';
import { dashboardLayout } from '../../web/layout.ts';
import { actions, button, linkButton, notice } from '../../web/parts.ts';
import type { Complaints } from '../../web/refused-form.ts';
import type { Site } from '../../web/site.ts';
import type { Visit } from '../../web/visit.ts';
import { formatDuration } from '../../words/dates.ts';
import { PEOPLE } from './people-pages.ts';
import { canBeInvited, type Person } from './person.ts';
import { peopleWords } from './words.ts';

export interface InvitePage extends Partial<Complaints> {
  /** The administrator. */
  readonly account: Account;
  /** Milliseconds for which the link will work. */
  readonly lifetime: number;
  readonly name?: string;
  readonly email?: string;
  readonly role?: string;
}

export function invitePage(site: Site, visit: Visit, page: InvitePage): Html {
  const { invite: w, roleNames } = peopleWords[visit.locale];
  const { account, lifetime, name = '', email = '', role = ROLES[0], error, fields = {} } = page;
  return dashboardLayout(site, visit, {
    title: w.title,
    lead: w.lead(formatDuration(lifetime, visit.locale)),
    current: 'people',
    person: account,
    back: { href: PEOPLE, text: w.back },
    notice: error ? notice('danger', error) : null,
    body: form({
      action: `${PEOPLE}/invite`,
      body: html`
        ${field({ name: 'email', label: w.email, type: 'email', value: email, autocomplete: 'off', required: true, autofocus: Object.keys(fields).length === 0, maxlength: 254, error: fields['email'] ?? null })}
        ${field({ name: 'name', label: w.name, hint: w.nameHint, value: name, autocomplete: 'off', required: true, maxlength: 100, error: fields['name'] ?? null })}
        ${select({ name: 'role', label: w.role, hint: w.roleHint, value: role, options: ROLES.map((value) => ({ value, text: roleNames[value] })) })}
        ${actions(button(w.send, { icon: 'mail' }), linkButton(PEOPLE, w.cancel, { kind: 'quiet' }))}`,
    }),
  });
}

export interface AgainPage {
  /** The administrator. */
  readonly account: Account;
  readonly person: Person;
  readonly error?: string | null;
}

/** Asks before a link dies that somebody may be about to open. */
export function againPage(site: Site, visit: Visit, { account, person, error }: AgainPage): Html {
  const { again: w, invite } = peopleWords[visit.locale];
  const { id, name, email } = person;
  const open = canBeInvited(person);
  return dashboardLayout(site, visit, {
    title: open ? w.title : w.nothing,
    ...(open ? { lead: w.lead(name, email) } : {}),
    current: 'people',
    person: account,
    back: { href: PEOPLE, text: invite.back },
    notice: open && error ? notice('danger', error) : null,
    body: open
      ? form({
          action: `${PEOPLE}/${id}/invite`,
          body: actions(
            button(w.send, { icon: 'mail' }),
            linkButton(PEOPLE, invite.cancel, { kind: 'quiet' }),
          ),
        })
      : notice('info', person.suspended ? w.suspended(name) : w.accepted(name)),
  });
}
