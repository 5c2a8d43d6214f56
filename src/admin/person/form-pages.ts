import { type Account, ROLES, roleOf } from '../../accounts/account.ts';
import { type Content, type Html, html } from '../../kit/html.ts';
import { field, form, select } from '../../web/fields.ts';
import { dashboardLayout } from '../../web/layout.ts';
import { actions, button, linkButton, notice } from '../../web/parts.ts';
import type { Site } from '../../web/site.ts';
import type { Visit } from '../../web/visit.ts';
import { peopleWords } from '../people/words.ts';
import { personPath } from './questions.ts';
import { personWords } from './words.ts';

interface Refused {
  readonly error?: string | null;
  readonly fields?: Readonly<Record<string, string>>;
}

export interface AboutPerson extends Refused {
  /** The administrator. */
  readonly account: Account;
  readonly person: Account;
}

export interface ReasonPage extends AboutPerson {
  /** What was typed. */
  readonly reason?: string;
  readonly reasonLength: number;
}

export function rolePage(site: Site, visit: Visit, page: AboutPerson & { readonly role?: string }): Html {
  const { role: w } = personWords[visit.locale].forms;
  const { roleNames } = peopleWords[visit.locale];
  const { person, role = roleOf(person) } = page;
  const options = ROLES.map((value) => ({ value, text: roleNames[value] }));
  return about(site, visit, page, {
    ...w,
    lead: w.lead(person.name),
    body: form({
      action: `${personPath(person)}/role`,
      body: html`${select({ name: 'role', label: w.label, hint: w.hint, value: role, options })}${sendOrNot(visit, person, button(w.save))}`,
    }),
  });
}

export function resetPage(site: Site, visit: Visit, page: ReasonPage & { readonly on: boolean }): Html {
  const { reset: w } = personWords[visit.locale].forms;
  const { name } = page.person;
  if (!page.on) return about(site, visit, page, { title: w.title, body: notice('info', w.off) });
  const hint = w.reasonHint(name);
  return about(site, visit, page, {
    title: w.title,
    lead: w.lead(name),
    body: html`${notice('warning', w.sure(name))}${reasonForm(visit, page, { ...w, reasonHint: hint, path: 'reset-two-factor' })}`,
  });
}

export function resetPasswordPage(
  site: Site,
  visit: Visit,
  page: ReasonPage & { readonly possible: boolean },
): Html {
  const { password: w } = personWords[visit.locale].forms;
  const { name, email } = page.person;
  if (!page.possible) return about(site, visit, page, { title: w.title, body: notice('info', w.none) });
  return about(site, visit, page, {
    title: w.title,
    lead: w.lead(name, email),
    body: reasonForm(visit, page, { ...w, path: 'reset-password' }),
  });
}

function reasonForm(
  visit: Visit,
  { person, reason = '', reasonLength, fields = {} }: ReasonPage,
  w: { path: string; reason: string; reasonHint: string; save: string },
): Html {
  const input = field({
    name: 'reason',
    label: w.reason,
    hint: w.reasonHint,
    value: reason,
    autocomplete: 'off',
    required: true,
    maxlength: reasonLength,
    error: fields['reason'] ?? null,
  });
  return form({
    action: `${personPath(person)}/${w.path}`,
    body: html`${input}${sendOrNot(visit, person, button(w.save, { kind: 'danger' }))}`,
  });
}

function sendOrNot(visit: Visit, person: Account, send: Html): Html {
  const { cancel } = personWords[visit.locale].forms;
  return actions(send, linkButton(personPath(person), cancel, { kind: 'quiet' }));
}

function about(
  site: Site,
  visit: Visit,
  { account, person, error }: AboutPerson,
  { title, lead, body }: { title: string; lead?: string; body: Content },
): Html {
  return dashboardLayout(site, visit, {
    title,
    ...(lead === undefined ? {} : { lead }),
    current: 'people',
    person: account,
    back: { href: personPath(person), text: person.name },
    notice: error ? notice('danger', error) : null,
    body: html`${body}`,
  });
}
