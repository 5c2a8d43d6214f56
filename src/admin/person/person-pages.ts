import { type Account, roleOf } from '../../accounts/account.ts';
import { eventSentence } from '../../audit/event-sentence.ts';
import type { AuditRecord } from '../../audit/store.ts';
import { type Content, type Html, html } from '../../kit/html.ts';
import { describeBrowser } from '../../notices/browser-name.ts';
import { askingDialog, askingLink, type Confirmation } from '../../web/confirmation.ts';
import { form, select } from '../../web/fields.ts';
import { dashboardLayout } from '../../web/layout.ts';
import { actions, button, definitionList, itemList, linkButton, notice, section } from '../../web/parts.ts';
import type { Site } from '../../web/site.ts';
import { time } from '../../web/times.ts';
import type { Visit } from '../../web/visit.ts';
import { formatDay, formatInstant } from '../../words/dates.ts';
import { PEOPLE } from '../people/people-pages.ts';
import { peopleWords } from '../people/words.ts';
import { holdSentence } from './hold-sentence.ts';
import type { Looked } from './look-at-person.ts';
import {
  askEndAll,
  askEndOne,
  askLeave,
  askRemove,
  askRestore,
  askSuspend,
  askUnlock,
  personPath,
} from './questions.ts';
import { personWords } from './words.ts';

export interface PersonPage extends Looked {
  /** The administrator. */
  readonly account: Account;
  readonly message: string | null;
  readonly error?: string | null;
}

/** Who somebody is here, how they sign in, and what can be done about it. */
export function personPage(site: Site, visit: Visit, page: PersonPage): Html {
  const { page: w } = personWords[visit.locale];
  const { account, person, message, error, request } = page;
  const own = account.id === person.id;
  const asked: Confirmation[] = [];
  /** The question stands as a dialog at the end of the page, where lists don't make its buttons small. */
  const ask = (question: Confirmation) => {
    asked.push(question);
    return question;
  };
  const parts: Content[] = [
    own && notice('info', html`${w.own} <a href="/account">${w.ownPlace}</a>. ${w.ownRest}`),
    request !== null &&
      notice(
        'warning',
        html`${w.request(person.name)} <a href="/admin/recovery/${request}">${w.openRequest}</a>`,
      ),
    facts(visit, page, own),
    holds(visit, page, ask),
    factors(visit, page, own, ask),
    groups(visit, page, ask),
    sessions(visit, page, ask),
    more(visit, page, own, ask),
    records(visit, page),
  ];
  return dashboardLayout(site, visit, {
    title: person.name,
    lead: person.email,
    current: 'people',
    person: account,
    back: { href: PEOPLE, text: peopleWords[visit.locale].people.title },
    notice: error ? notice('danger', error) : message ? notice('success', message) : null,
    body: html`${parts}${asked.map(askingDialog)}`,
  });
}

type Ask = (question: Confirmation) => Confirmation;

function facts(visit: Visit, { account, person, addresses, ...looked }: PersonPage, own: boolean): Html {
  const { page: w } = personWords[visit.locale];
  const { roleNames } = peopleWords[visit.locale];
  const role = roleNames[roleOf(person)];
  const change = linkButton(`${personPath(person)}/role`, w.changeRole, { kind: 'secondary' });
  // One proven address stands under the name already.
  const plain = addresses.length === 1 && addresses[0]?.proven;
  const listed = {
    term: w.addresses,
    value: addresses.map(
      ({ address, kind, proven }) =>
        html`<div>${address} <span class="muted">${w[kind]}${!proven && `, ${w.unproven}`}</span></div>`,
    ),
  };
  return html`${definitionList([
    ...(plain ? [] : [listed]),
    { term: w.role, value: role },
    { term: w.state, value: w.states[stateOf({ person, ...looked })] },
    ...(looked.eraseAt === null
      ? []
      : [{ term: w.erased, value: formatInstant(looked.eraseAt, visit.locale, account.time_zone) }]),
    { term: w.since, value: formatDay(person.created_at, visit.locale, account.time_zone) },
  ])}${!own && actions(change)}`;
}

function stateOf({
  person,
  invitation,
  mustEnrol,
  eraseAt,
}: Pick<
  Looked,
  'person' | 'invitation' | 'mustEnrol' | 'eraseAt'
>): keyof (typeof personWords)['en']['page']['states'] {
  if (eraseAt !== null) return 'leaving';
  if (person.suspended_at !== null) return 'suspended';
  if (invitation !== 'accepted') return invitation === 'open' ? 'invited' : 'expired';
  return mustEnrol ? 'mustEnrol' : 'active';
}

function holds(visit: Visit, { account, person, holds }: PersonPage, ask: Ask): Content {
  const { holds: w } = personWords[visit.locale];
  if (holds.length === 0) return null;
  const items = holds.map((hold) => ({
    icon: 'clock' as const,
    title: holdSentence(visit.locale, hold, account.time_zone),
  }));
  const unlock = askingLink(ask(askUnlock(visit.locale, person)), w.unlock, { kind: 'secondary' });
  const opens = holds.some(({ on }) => on !== 'changes');
  return section({ title: w.title, body: html`${itemList(items, '')}${opens && actions(unlock)}` });
}

function factors(visit: Visit, page: PersonPage, own: boolean, ask: Ask): Html {
  const { factors: w } = personWords[visit.locale];
  const { account, person, factors, codesLeft } = page;
  const at = (instant: number) => time(instant, visit.now, visit.locale, account.time_zone);
  const items = factors.map((factor) => ({
    icon: factor.icon,
    title: html`${factor.label}${factor.suspended && html` <span class="tag danger">${w.suspended}</span>`}`,
    meta: html`${[factor.label === factor.name ? null : factor.name, factor.detail].filter(Boolean).map((part) => `${part} · `)}${w.added} ${at(factor.createdAt)} · ${factor.lastUsedAt === null ? w.neverUsed : html`${w.lastUsed} ${at(factor.lastUsedAt)}`}`,
    actions:
      !own &&
      askingLink(ask(askRemove(visit.locale, person, factor)), w.remove, {
        kind: 'secondary',
        label: w.removeOf(factor.label),
      }),
  }));
  const reset = linkButton(`${personPath(person)}/reset-two-factor`, w.reset, { kind: 'removal' });
  const on = person.two_factor_at;
  return section({
    title: w.title,
    lead:
      on === null
        ? w.off
        : html`${w.on} ${formatDay(on, visit.locale, account.time_zone)}. ${codesLeft !== null && `${w.codes(codesLeft)}.`}`,
    body: html`${factors.length > 0 && itemList(items, '')}${!own && factors.length > 0 && actions(reset)}`,
  });
}

function groups(visit: Visit, { person, groups, otherGroups }: PersonPage, ask: Ask): Html {
  const { groups: w } = personWords[visit.locale];
  const items = groups.map((group) => ({
    title: html`<a href="/admin/groups/${group.id}">${group.name}</a>`,
    actions: askingLink(ask(askLeave(visit.locale, person, group)), w.leave, {
      kind: 'secondary',
      label: w.leaveOf(group.name),
    }),
  }));
  const options = otherGroups.map(({ id, name }) => ({ value: id, text: name }));
  const add = form({
    action: `${personPath(person)}/groups`,
    body: html`${select({ name: 'group', label: w.add, value: '', options })}${button(w.addButton, { kind: 'secondary' })}`,
  });
  return section({
    title: w.title,
    body: html`${itemList(items, w.none)}${options.length > 0 && html`<div class="adding">${add}</div>`}`,
  });
}

function sessions(visit: Visit, { account, person, sessions }: PersonPage, ask: Ask): Html {
  const { sessions: w } = personWords[visit.locale];
  const at = (instant: number) => time(instant, visit.now, visit.locale, account.time_zone);
  const items = sessions.map((session) => {
    const browser = describeBrowser(session.browser, visit.locale);
    return {
      icon: 'browser' as const,
      title: browser,
      meta: html`${session.network} · ${w.last} ${at(session.last_used_at)} · ${w.since} ${at(session.created_at)}`,
      actions: askingLink(ask(askEndOne(visit.locale, person, session)), w.end, {
        kind: 'secondary',
        label: w.endOf(browser),
      }),
    };
  });
  const all = askEndAll(visit.locale, person, sessions.length);
  return section({
    title: w.title,
    body: html`${itemList(items, w.none)}${sessions.length > 0 && actions(askingLink(ask(all), w.endAll, { kind: 'secondary', icon: 'sign-out' }))}`,
  });
}

function more(visit: Visit, page: PersonPage, own: boolean, ask: Ask): Content {
  const { more: w } = personWords[visit.locale];
  const { person, invitation, sessions, eraseAt } = page;
  if (own) return null;
  const path = personPath(person);
  const [suspended, leaving, invited] = [
    person.suspended_at !== null,
    eraseAt !== null,
    invitation !== 'accepted',
  ];
  const status = suspended
    ? askingLink(ask(askRestore(visit.locale, person, leaving)), leaving ? w.keep : w.restore, {
        kind: 'secondary',
      })
    : askingLink(ask(askSuspend(visit.locale, person, sessions.length)), w.suspend, { kind: 'removal' });
  return section({
    title: w.title,
    body: actions(
      !suspended && !invited && linkButton(`${path}/reset-password`, w.resetPassword),
      !suspended && invited && linkButton(`${path}/invite`, w.inviteAgain),
      linkButton(`${path}/data`, w.data),
      status,
      !leaving && linkButton(`${path}/delete`, w.erase, { kind: 'removal' }),
    ),
  });
}

function records(visit: Visit, { account, person, events }: PersonPage): Html {
  const { records: w } = personWords[visit.locale];
  const all = `/admin/records?${new URLSearchParams({ person: person.email })}`;
  const items = events.map((event: AuditRecord) => ({
    icon: event.outcome === 'failure' ? ('warning' as const) : ('check' as const),
    title: html`<a href="/admin/records/${event.seq}">${eventSentence(visit.locale, event)}</a>`,
    meta: html`<span>${time(event.at, visit.now, visit.locale, account.time_zone)}</span> <span>${[event.browser && describeBrowser(event.browser, visit.locale), event.network].filter(Boolean).join(' · ')}</span>`,
  }));
  return section({
    title: w.title,
    body: html`${itemList(items, w.none)}${events.length > 0 && actions(linkButton(all, w.allShort, { label: w.all(person.name) }))}`,
  });
}
