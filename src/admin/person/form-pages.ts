import { type Account, ROLES, roleOf } from '../../accounts/account.ts';
import { type Content, type Html, html } from '../../kit/html.ts';
import { field, form, select } from '../../web/fields.ts';
import { dashboardLayout } from '../../web/layout.ts';
import { actions, button, linkButton, notice } from '../../web/parts.ts';
import type { Complaints } from '../../web/refused-form.ts';
import type { Site } from '../../web/site.ts';
import type { Visit } from '../../web/visit.ts';
import { peopleWords } from '../people/words.ts';
import { personPath } from './questions.ts';
import { personWords } from './words.ts';

export interface AboutPerson extends Partial<Complaints> {
  /** The administrator. */
  readonly account: Account;
  readonly person: Account;
}

/** What the page says that asks why. */
export interface ReasonWords {
  readonly title: string;
  /** What will happen. */
  readonly lead: string;
  /** What to think of first. */
  readonly sure: string | null;
  readonly reason: string;
  readonly reasonHint: string;
  readonly save: string;
  /** In place of all that, where there is nothing to do. */
  readonly nothing: string;
}

export interface ReasonPage extends AboutPerson {
  /** Below the person's page. */
  readonly path: string;
  readonly words: ReasonWords;
  readonly possible: boolean;
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

export function reasonPage(site: Site, visit: Visit, page: ReasonPage): Html {
  const { person, path, words: w, possible, reason = '', reasonLength, fields = {} } = page;
  const { title, lead } = w;
  if (!possible) return about(site, visit, page, { title, body: notice('info', w.nothing) });
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
  const asking = form({
    action: `${personPath(person)}/${path}`,
    body: html`${input}${sendOrNot(visit, person, button(w.save, { kind: 'danger' }))}`,
  });
  return about(site, visit, page, {
    title,
    lead,
    body: html`${w.sure !== null && notice('warning', w.sure)}${asking}`,
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
