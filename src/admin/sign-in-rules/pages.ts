import type { Account } from '../../accounts/account.ts';
import { type Html, html } from '../../kit/html.ts';
import { isInForce } from '../../policy/rules.ts';
import type { ClientRule } from '../../policy/rules-of-apps.ts';
import type { TwoFactorRule } from '../../policy/two-factor-rules.ts';
import type { NumberKey, PolicyValues } from '../../policy/values.ts';
import type { IconName } from '../../web/icons.ts';
import { dashboardLayout } from '../../web/layout.ts';
import {
  actions,
  definitionList,
  type Item,
  itemList,
  linkButton,
  notice,
  section,
} from '../../web/parts.ts';
import type { Site } from '../../web/site.ts';
import type { Visit } from '../../web/visit.ts';
import { formatDay } from '../../words/dates.ts';
import { formatNumber } from '../../words/numbers.ts';
import { APP, EVERYONE, RULES, TWO_FACTOR } from './paths.ts';
import { ruleWords } from './words.ts';

export interface ShownMethod {
  readonly kind: string;
  readonly name: string;
  readonly icon: IconName;
  readonly accepted: boolean;
}

export interface SummaryPage {
  /** The administrator. */
  readonly account: Account;
  readonly rules: readonly TwoFactorRule[];
  readonly clientRules: readonly ClientRule[];
  readonly methods: readonly ShownMethod[];
  readonly values: PolicyValues;
  /** Characters, whichever of setting and configuration asks for more. */
  readonly passwordLength: number;
  readonly message: string | null;
}

/** What holds now. Read-only: each change has a page of its own, which asks for a step-up. */
export function summaryPage(site: Site, visit: Visit, page: SummaryPage): Html {
  const { summary: w } = ruleWords[visit.locale];
  const { account, message } = page;
  return dashboardLayout(site, visit, {
    title: w.title,
    lead: w.lead,
    current: 'rules',
    person: account,
    notice: message === null ? null : notice('success', message),
    body: html`${twoFactor(visit, page)}${methods(visit, page)}${values(visit, page)}`,
  });
}

function twoFactor(visit: Visit, { account, rules, clientRules }: SummaryPage): Html {
  const { summary: w } = ruleWords[visit.locale];
  const everyone = rules.some(({ group }) => group === null)
    ? []
    : [{ icon: 'user' as const, title: w.everyone, meta: w.optional }];
  const items = [
    ...rules.map(({ group, required_from_at }) => {
      const whom = { name: group?.name ?? w.everyone, text: group?.id ?? EVERYONE };
      return ruleItem(visit, account, { ...whom, required_from_at });
    }),
    ...clientRules.map(({ client, required_from_at }) =>
      ruleItem(visit, account, { name: w.app(client.name), text: APP + client.id, required_from_at }),
    ),
  ];
  return section({
    title: w.twoFactor,
    body: html`${itemList([...everyone, ...items], '')}
      <p class="muted">${w.administrators} ${w.apps} <a href="/admin/apps">${w.appsLink}</a></p>
      ${actions(linkButton(TWO_FACTOR, w.require, { kind: 'primary', icon: 'shield' }))}`,
  });
}

/** `text`: whom it is about, as an address names them. */
interface ShownRule {
  readonly name: string;
  readonly text: string;
  readonly required_from_at: number;
}

function ruleItem(visit: Visit, account: Account, rule: ShownRule): Item {
  const { summary: w } = ruleWords[visit.locale];
  const { name: whom, text: group } = rule;
  const day = formatDay(rule.required_from_at, visit.locale, account.time_zone);
  const inForce = isInForce(rule, visit.now);
  return {
    icon: inForce ? 'shield' : 'clock',
    title: whom,
    meta: inForce ? w.requiredSince(day) : w.requiredFrom(day),
    actions: [
      linkButton(`${TWO_FACTOR}/${group}`, w.who, { label: w.whoOf(whom), kind: 'quiet' }),
      linkButton(`${TWO_FACTOR}?group=${group}`, w.change, { label: w.changeOf(whom), kind: 'quiet' }),
      linkButton(`${TWO_FACTOR}/${group}/optional`, w.makeOptional, {
        label: w.makeOptionalOf(whom),
        kind: 'quiet',
      }),
    ],
  };
}

function methods(visit: Visit, { methods, values }: SummaryPage): Html {
  const { summary: w } = ruleWords[visit.locale];
  const keys = values.keys_first === 'allowed' ? w.keyFirst : w.keyAfter;
  const items = methods.map(({ kind, name, icon, accepted }) => ({
    icon,
    title: html`${name} <span class="tag${accepted ? '' : ' warning'}">${accepted ? w.accepted : w.forbidden}</span>`,
    ...(kind === 'webauthn' && accepted ? { meta: keys } : {}),
  }));
  return section({
    title: w.methods,
    lead: w.methodsLead,
    body: html`${itemList(items, '')}${actions(linkButton(`${RULES}/methods`, w.change, { label: w.changeOf(w.methods) }))}`,
  });
}

function values(visit: Visit, { values, passwordLength }: SummaryPage): Html {
  const { summary: w, values: v } = ruleWords[visit.locale];
  const amount = (key: NumberKey, count = values[key]) => v.units[key](formatNumber(count, visit.locale));
  const { key_models: models, record_retention_days: retention } = values;
  return section({
    title: w.values,
    body: html`${definitionList([
      { term: v.trusted, value: v.trustedChoices[values.trusted_browsers] },
      { term: v.passwordLength, value: amount('password_min_length', passwordLength) },
      {
        term: v.keys,
        value: typeof models === 'string' ? v.keyChoices[models] : v.keysListed(models.length),
      },
      { term: v.wait, value: amount('recovery_wait_hours') },
      { term: v.reminders, value: v.remindersChoices[values.reminders] },
      { term: v.records, value: retention === 0 ? v.forEver : amount('record_retention_days') },
      { term: v.buildSize, value: amount('build_size_mib') },
      { term: v.buildsTotal, value: amount('builds_total_gib') },
      { term: v.buildsPerApp, value: amount('builds_per_app') },
    ])}${actions(linkButton(`${RULES}/values`, w.change, { label: w.changeOf(w.values) }))}`,
  });
}
