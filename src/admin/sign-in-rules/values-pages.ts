import type { Account } from '../../accounts/account.ts';
import { type Content, type Html, html } from '../../kit/html.ts';
import type { NumberKey } from '../../policy/values.ts';
import { field, form, hidden, select, textArea } from '../../web/fields.ts';
import { dashboardLayout } from '../../web/layout.ts';
import { actions, button, linkButton, notice } from '../../web/parts.ts';
import type { Complaints } from '../../web/refused-form.ts';
import type { Site } from '../../web/site.ts';
import type { Visit } from '../../web/visit.ts';
import { formatNumber } from '../../words/numbers.ts';
import { RULES } from './paths.ts';
import { ruleWords } from './words.ts';

export const VALUES = `${RULES}/values`;

/** As many AAGUIDs as anybody lists. */
export const LONGEST_LIST = 4_000;

export const TYPED = [
  'trusted_browsers',
  'password_min_length',
  'key_models',
  'key_list',
  'recovery_wait_hours',
  'reminders',
  'record_retention_days',
  'build_size_mib',
  'builds_total_gib',
  'builds_per_app',
] as const;

/** As the form has them. */
export type TypedValues = Readonly<Record<(typeof TYPED)[number], string>>;

export interface ValuesPage extends Partial<Complaints> {
  /** The administrator. */
  readonly account: Account;
  readonly values: TypedValues;
  /** The mark of the values that are being changed; empty where that is not known. */
  readonly seen: string;
  /** Between which each number must lie. */
  readonly limits: Readonly<Record<NumberKey, { readonly floor: number; readonly ceiling: number }>>;
}

export function valuesPage(site: Site, visit: Visit, page: ValuesPage): Html {
  const { values: w } = ruleWords[visit.locale];
  const { account, values, seen, limits, error, fields = {} } = page;
  const number = (count: number) => formatNumber(count, visit.locale);

  function choice(name: 'trusted_browsers' | 'key_models' | 'reminders', label: string, hint: string): Html {
    const texts = {
      trusted_browsers: w.trustedChoices,
      key_models: w.keyChoices,
      reminders: w.remindersChoices,
    };
    const options = Object.entries(texts[name]).map(([value, text]) => ({ value, text }));
    return select({ name, label, hint, value: values[name], options });
  }

  function amount(name: NumberKey, label: string, hint = ''): Html {
    const { floor, ceiling } = limits[name];
    return field({
      name,
      label,
      hint: `${w.limits(number(floor), w.units[name](number(ceiling)))} ${hint}`.trim(),
      type: 'number',
      // Nothing is a number too, where it stands for "for ever".
      min: name === 'record_retention_days' ? 0 : floor,
      max: ceiling,
      value: values[name],
      required: true,
      error: fields[name] ?? null,
    });
  }

  return dashboardLayout(site, visit, {
    title: w.title,
    lead: w.lead,
    current: 'rules',
    person: account,
    back: { href: RULES, text: w.back },
    notice: error ? notice('danger', error) : null,
    body: form({
      action: VALUES,
      body: html`${part(w.signIn, [
        choice('trusted_browsers', w.trusted, w.trustedHint),
        amount('password_min_length', w.passwordLength, w.passwordHint),
        choice('key_models', w.keys, w.keysHint),
        textArea({
          name: 'key_list',
          label: w.keyList,
          hint: w.keyListHint,
          value: values.key_list,
          maxlength: LONGEST_LIST,
          error: fields['key_list'] ?? null,
        }),
      ])}${part(w.help, [
        amount('recovery_wait_hours', w.wait, w.waitHint),
        choice('reminders', w.reminders, w.remindersHint),
      ])}${part(w.records, [amount('record_retention_days', w.retention, w.retentionHint)])}${part(w.store, [
        amount('build_size_mib', w.buildSize),
        amount('builds_total_gib', w.buildsTotal),
        amount('builds_per_app', w.buildsPerApp),
      ])}${seen !== '' && hidden('seen', seen)}${actions(button(w.save), linkButton(RULES, w.cancel, { kind: 'quiet' }))}`,
    }),
  });
}

function part(legend: string, fields: Content[]): Html {
  return html`<fieldset><legend><h2>${legend}</h2></legend>${fields}</fieldset>`;
}
