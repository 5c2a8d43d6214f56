import type { Account } from '../../accounts/account.ts';
import type { Client } from '../../clients/client.ts';
import type { Group } from '../../groups/store.ts';
import { type Content, type Html, html } from '../../kit/html.ts';
import type { Stopped, StoppedPerson } from '../../policy/stopped-store.ts';
import { askingContent, type Confirmation } from '../../web/confirmation.ts';
import { field, form, hidden, select } from '../../web/fields.ts';
import { dashboardLayout } from '../../web/layout.ts';
import { actions, button, definitionList, linkButton, notice, section } from '../../web/parts.ts';
import type { Complaints } from '../../web/refused-form.ts';
import type { Site } from '../../web/site.ts';
import type { Visit } from '../../web/visit.ts';
import { formatDay } from '../../words/dates.ts';
import { formatNumber } from '../../words/numbers.ts';
import { APP, EVERYONE, RULES, TWO_FACTOR } from './paths.ts';
import { listOfPeople, morePages } from './people-list.ts';
import { type Whom, whomText } from './whom.ts';
import { ruleWords } from './words.ts';

export const PREVIEW = `${TWO_FACTOR}/preview`;

/** As the form has it: `group` is what `readWhom` reads, `day` is 2026-06-01. */
export interface Choice {
  readonly group: string;
  readonly when: string;
  readonly day: string;
}

export interface ChoosePage extends Partial<Complaints> {
  /** The administrator. */
  readonly account: Account;
  readonly groups: readonly Group[];
  /** Apps that people sign in to. */
  readonly apps: readonly Pick<Client, 'id' | 'name'>[];
  readonly choice: Choice;
}

/** A form that asks and changes nothing: its answer is the report. */
export function choosePage(site: Site, visit: Visit, page: ChoosePage): Html {
  const { choose: w, summary } = ruleWords[visit.locale];
  const { account, groups, apps, choice, error, fields = {} } = page;
  const options = [
    { value: EVERYONE, text: summary.everyone },
    ...groups.map(({ id, name }) => ({ value: id, text: name })),
    ...apps.map(({ id, name }) => ({ value: APP + id, text: summary.app(name) })),
  ];
  return dashboardLayout(site, visit, {
    title: w.title,
    lead: w.lead,
    current: 'rules',
    person: account,
    back: { href: RULES, text: w.back },
    notice: error ? notice('danger', error) : null,
    body: html`<form method="get" action="${PREVIEW}">
      ${select({ name: 'group', label: w.whom, hint: w.whomHint, value: choice.group, options })}
      ${select({ name: 'when', label: w.when, value: choice.when, options: (['day', 'now'] as const).map((value) => ({ value, text: w.whenChoices[value] })) })}
      ${field({ name: 'day', label: w.day, hint: w.dayHint, type: 'date', value: choice.day, error: fields['day'] ?? null })}
      ${actions(button(w.see), linkButton(RULES, w.cancel, { kind: 'quiet' }))}
    </form>`,
  });
}

export interface PreviewPage {
  /** The administrator. */
  readonly account: Account;
  readonly whom: Whom;
  /** What is about to be required; null: a look at a rule that stands. */
  readonly choice: Choice | null;
  /** From when on; null: from now on. */
  readonly from: number | null;
  readonly stopped: Stopped;
  readonly people: readonly StoppedPerson[];
  readonly next: string | null;
  /** False on the pages that follow the first. */
  readonly first: boolean;
  readonly error?: string | null;
}

/** The report that comes first: how many, of what kind, and who. Only here is the button that requires it. */
export function previewPage(site: Site, visit: Visit, page: PreviewPage): Html {
  const { preview: w } = ruleWords[visit.locale];
  const { account, choice, stopped, error } = page;
  const href = choice ? `${TWO_FACTOR}?group=${choice.group}` : RULES;
  return dashboardLayout(site, visit, {
    title: choice ? w.title : w.titleNow,
    lead: leadOf(visit, page),
    current: 'rules',
    person: account,
    back: { href, text: choice ? w.back : w.rules },
    notice: error ? notice('danger', error) : null,
    body: html`${stopped.total === 0 ? notice('success', w.nobody) : numbers(visit, page)}
      ${choice && requireForm(visit, choice)}
      ${stopped.total > 0 && section({ title: w.list, body: list(visit, page) })}`,
  });
}

function leadOf(visit: Visit, { account, whom: concerned, choice, from }: PreviewPage): string {
  const w = ruleWords[visit.locale].preview[concerned.kind === 'app' ? 'ofApp' : 'ofPeople'];
  const whom = nameOf(visit, concerned);
  if (from === null) return w.now(whom);
  const day = formatDay(from, visit.locale, account.time_zone);
  return choice || from > visit.now ? w.from(whom, day) : w.already(whom, day);
}

function nameOf(visit: Visit, whom: Whom): string {
  const { summary: w } = ruleWords[visit.locale];
  if (whom.kind === 'everyone') return w.everyone;
  return whom.kind === 'app' ? w.app(whom.name) : whom.name;
}

function numbers(visit: Visit, { stopped, from, whom }: PreviewPage): Html {
  const { preview: w } = ruleWords[visit.locale];
  const number = (count: number) => formatNumber(count, visit.locale);
  // An app's rule stops nobody anywhere else.
  const ends = from === null && stopped.signedIn > 0 && whom.kind !== 'app';
  return definitionList([
    { term: w.total, value: html`<strong>${number(stopped.total)}</strong>` },
    {
      term: w.signedIn,
      value: html`${number(stopped.signedIn)}${ends && html` <span class="muted">(${w.signedInHint})</span>`}`,
    },
    { term: w.never, value: number(stopped.neverSignedIn) },
    { term: w.administrators, value: number(stopped.administrators) },
  ]);
}

function requireForm(visit: Visit, { group, when, day }: Choice): Html {
  const { preview: w } = ruleWords[visit.locale];
  return form({
    action: TWO_FACTOR,
    body: html`${hidden('group', group)}${hidden('when', when)}${hidden('day', day)}${actions(
      button(w.require, { icon: 'shield' }),
      linkButton(RULES, ruleWords[visit.locale].choose.cancel, { kind: 'quiet' }),
    )}`,
  });
}

function list(visit: Visit, { whom, choice, people, next, first, stopped }: PreviewPage): Content {
  const { preview: w } = ruleWords[visit.locale];
  const path = choice ? PREVIEW : `${TWO_FACTOR}/${whomText(whom)}`;
  return html`${listOfPeople(
    people.map(({ name, email, roles, signedIn, neverSignedIn }) => ({
      name,
      email,
      tags: [
        roles.split(' ').includes('admin') && w.tagAdministrator,
        signedIn && w.tagSignedIn,
        neverSignedIn && w.tagNever,
      ],
    })),
    w.list,
    next === null ? w.empty : w.noneHere,
  )}${stopped.total > people.length && morePages(visit, { path, query: choice ? { ...choice } : {}, next, first, some: people.length > 0 })}`;
}

export interface OptionalPage {
  /** The administrator. */
  readonly account: Account;
  readonly whom: Whom;
  readonly error?: string | null;
}

export function optionalPage(site: Site, visit: Visit, { account, whom, error }: OptionalPage): Html {
  const { optional: w, preview } = ruleWords[visit.locale];
  const confirmation: Confirmation = {
    ...w,
    lead: whom.kind === 'app' ? w.leadApp : w.lead,
    title: w.title(nameOf(visit, whom)),
    path: `${TWO_FACTOR}/${whomText(whom)}/optional`,
  };
  return dashboardLayout(site, visit, {
    ...askingContent(confirmation, RULES),
    current: 'rules',
    person: account,
    back: { href: RULES, text: preview.rules },
    notice: error ? notice('danger', error) : null,
  });
}
