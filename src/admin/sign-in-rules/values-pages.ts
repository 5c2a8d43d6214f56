import type { Account } from '../../accounts/account.ts';
import { type Html, html } from '../../kit/html.ts';
import { field, form, select } from '../../web/fields.ts';
import { dashboardLayout } from '../../web/layout.ts';
import { actions, button, linkButton, notice } from '../../web/parts.ts';
import type { Site } from '../../web/site.ts';
import type { Visit } from '../../web/visit.ts';
import { RULES } from './pages.ts';
import { ruleWords } from './words.ts';

export const VALUES = `${RULES}/values`;

/** As the form has them. */
export interface TypedValues {
  readonly trusted_browsers: string;
  readonly recovery_wait_hours: string;
  readonly password_min_length: string;
  readonly reminders: string;
}

export interface ValuesPage {
  /** The administrator. */
  readonly account: Account;
  readonly values: TypedValues;
  /** Characters below which the configuration does not let a password be. */
  readonly leastLength: number;
  readonly error?: string | null;
  readonly fields?: Readonly<Record<string, string>>;
}

export function valuesPage(site: Site, visit: Visit, page: ValuesPage): Html {
  const { values: w } = ruleWords[visit.locale];
  const { account, values, leastLength, error, fields = {} } = page;
  const choices = (texts: Readonly<Record<string, string>>) =>
    Object.entries(texts).map(([value, text]) => ({ value, text }));
  return dashboardLayout(site, visit, {
    title: w.title,
    lead: w.lead,
    current: 'rules',
    person: account,
    back: { href: RULES, text: w.back },
    notice: error ? notice('danger', error) : null,
    body: form({
      action: VALUES,
      body: html`
        ${select({ name: 'trusted_browsers', label: w.trusted, hint: w.trustedHint, value: values.trusted_browsers, options: choices(w.trustedChoices) })}
        ${field({ name: 'password_min_length', label: w.password, hint: w.passwordHint(leastLength), type: 'number', min: leastLength, max: 128, value: values.password_min_length, required: true, error: fields['password_min_length'] ?? null })}
        ${field({ name: 'recovery_wait_hours', label: w.wait, hint: w.waitHint, type: 'number', min: 1, max: 720, value: values.recovery_wait_hours, required: true, error: fields['recovery_wait_hours'] ?? null })}
        ${select({ name: 'reminders', label: w.reminders, hint: w.remindersHint, value: values.reminders, options: choices(w.remindersChoices) })}
        ${actions(button(w.save), linkButton(RULES, w.cancel, { kind: 'quiet' }))}`,
    }),
  });
}
