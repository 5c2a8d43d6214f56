import type { Account } from '../../accounts/account.ts';
import type { NamedPerson } from '../../factors/count-store.ts';
import { type Html, html } from '../../kit/html.ts';
import { checkbox, form, hidden } from '../../web/fields.ts';
import { dashboardLayout } from '../../web/layout.ts';
import { actions, button, definitionList, linkButton, notice, section } from '../../web/parts.ts';
import type { Site } from '../../web/site.ts';
import type { Visit } from '../../web/visit.ts';
import { listOf } from '../../words/lists.ts';
import { formatNumber } from '../../words/numbers.ts';
import type { Affected } from './affected.ts';
import type { ShownMethod } from './pages.ts';
import { RULES } from './paths.ts';
import { listOfPeople, morePages } from './people-list.ts';
import { ruleWords } from './words.ts';

export const METHODS = `${RULES}/methods`;
export const AFFECTED = `${METHODS}/preview`;

/** What was ticked: a name for each kind that is accepted, and `keys_first`. */
export type Ticked = Readonly<Record<string, string>>;

export interface MethodsPage {
  /** The administrator. */
  readonly account: Account;
  readonly methods: readonly ShownMethod[];
  readonly keysFirst: boolean;
  readonly error?: string | null;
}

/** A form that asks and changes nothing: its answer is the report. */
export function methodsPage(site: Site, visit: Visit, page: MethodsPage): Html {
  const { methods: w } = ruleWords[visit.locale];
  const { account, methods, keysFirst, error } = page;
  return dashboardLayout(site, visit, {
    title: w.title,
    lead: w.lead,
    current: 'rules',
    person: account,
    back: { href: RULES, text: w.back },
    notice: error ? notice('danger', error) : null,
    body: html`<form method="get" action="${AFFECTED}">
      <fieldset><legend>${w.legend}</legend>${methods.map(({ kind, name, accepted }) => checkbox({ name: kind, label: name, checked: accepted }))}</fieldset>
      ${checkbox({ name: 'keys_first', label: w.keysFirst, hint: w.keysFirstHint, checked: keysFirst })}
      ${actions(button(w.see), linkButton(RULES, w.cancel, { kind: 'quiet' }))}
    </form>`,
  });
}

export interface AffectedPage {
  /** The administrator. */
  readonly account: Account;
  /** As they would be. */
  readonly methods: readonly ShownMethod[];
  readonly ticked: Ticked;
  /** Those that are accepted now and would not be, with how many people have one. */
  readonly lost: readonly { readonly name: string; readonly have: number }[];
  readonly affected: Affected;
  readonly people: readonly NamedPerson[];
  readonly next: string | null;
  /** False on the pages that follow the first. */
  readonly first: boolean;
}

export function affectedPage(site: Site, visit: Visit, page: AffectedPage): Html {
  const { affected: w } = ruleWords[visit.locale];
  const { account, methods, ticked, lost, affected, people, next, first } = page;
  const number = (count: number) => formatNumber(count, visit.locale);
  const accepted = methods.filter((one) => one.accepted).map(({ name }) => name);
  const rows = lost.map(({ name, have }) => ({
    term: w.have(name),
    value: html`${number(have)} <span class="muted">(${w.haveHint})</span>`,
  }));
  const depend = {
    term: w.depend,
    value: html`<strong>${number(affected.depend)}</strong>${affected.depend > 0 && html`<br><span class="muted">${w.dependHint}</span>`}`,
  };
  return dashboardLayout(site, visit, {
    title: w.title,
    lead: w.lead(listOf(visit.locale, accepted)),
    current: 'rules',
    person: account,
    back: { href: METHODS, text: w.back },
    body: html`${lost.length === 0 ? notice('success', w.nothing) : definitionList([...rows, depend])}
      ${form({
        action: METHODS,
        body: html`${Object.entries(ticked).map(([name, value]) => hidden(name, value))}${actions(
          button(lost.length === 0 ? w.saveAll : w.save),
          linkButton(RULES, ruleWords[visit.locale].methods.cancel, { kind: 'quiet' }),
        )}`,
      })}
      ${
        affected.depend > 0 &&
        section({
          title: w.list,
          body: html`${listOfPeople(
            people.map(({ name, email }) => ({ name, email, tags: [] })),
            w.list,
            ruleWords[visit.locale].preview.noneHere,
          )}${morePages(visit, { path: AFFECTED, query: ticked, next, first, some: people.length > 0 })}`,
        })
      }`,
  });
}
