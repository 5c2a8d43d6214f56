import type { Account } from '../../accounts/account.ts';
import type { Group } from '../../groups/store.ts';
import { type Content, type Html, html } from '../../kit/html.ts';
import { field, select } from '../../web/fields.ts';
import { icon } from '../../web/icons.ts';
import { dashboardLayout } from '../../web/layout.ts';
import { actions, button, linkButton, notice } from '../../web/parts.ts';
import type { Site } from '../../web/site.ts';
import type { Visit } from '../../web/visit.ts';
import { canBeInvited, type Person } from './person.ts';
import { peopleWords } from './words.ts';

export const PEOPLE = '/admin/people';

export interface PeoplePage {
  /** The administrator. */
  readonly account: Account;
  readonly people: readonly Person[];
  /** What was searched for; empty: nothing. */
  readonly text: string;
  /** Of whom only: a state, or `group:ID`; what there is not shows everybody. */
  readonly show: string;
  /** All there are, to choose from. */
  readonly groups: readonly Group[];
  /** False on the pages that follow the first. */
  readonly first: boolean;
  /** To go on after; null on the last page. */
  readonly next: string | null;
  /** What was just done. */
  readonly message: string | null;
}

export function peoplePage(site: Site, visit: Visit, page: PeoplePage): Html {
  const { people: w, roleNames } = peopleWords[visit.locale];
  const { account, people, text, show, groups, first, next, message } = page;
  const sought = text !== '' || show !== '';
  return dashboardLayout(site, visit, {
    title: w.title,
    lead: w.lead,
    current: 'people',
    person: account,
    notice: message === null ? null : notice('success', message),
    body: html`${actions(
      linkButton(`${PEOPLE}/invite`, w.invite, { kind: 'primary', icon: 'plus' }),
      linkButton(`${PEOPLE}/invite-many`, w.inviteMany, { kind: 'quiet' }),
    )}
      ${searchForm()}
      ${people.length > 0 ? html`<ul class="items people" aria-label="${sought ? w.found : w.list}">${people.map(asItem)}</ul>` : html`<p class="empty">${nobody()}</p>`}
      ${pages()}`,
  });

  /** Asks and changes nothing: a GET, whose answer can be kept as a bookmark. */
  function searchForm(): Html {
    const input = field({
      name: 'q',
      label: w.search,
      type: 'search',
      value: text,
      autocomplete: 'off',
      maxlength: 200,
      spellcheck: false,
    });
    const states = Object.entries(w.states).map(([value, text]) => ({ value, text }));
    const named = groups.map(({ id, name }) => ({ value: `group:${id}`, text: name }));
    const choice = select({
      name: 'show',
      label: w.show,
      value: show,
      options: [
        { value: '', text: w.all },
        ...states,
        ...(named.length > 0 ? [{ group: w.groups, options: named }] : []),
      ],
    });
    return html`<form class="search" method="get" action="${PEOPLE}" role="search">${input}${choice}${button(w.find, { kind: 'secondary' })}</form>`;
  }

  function asItem(person: Person): Html {
    const { id, name, email, roles, twoFactor, invitation } = person;
    // Who has not been here yet can't have turned it on: nothing to warn of.
    const tone = twoFactor ? 'success' : invitation === 'accepted' ? 'warning' : '';
    const again =
      canBeInvited(person) &&
      html`<a class="button secondary" href="${PEOPLE}/${id}/invite" aria-label="${w.againOf(name)}">${w.again}</a>`;
    return html`<li><div class="what"><div class="title"><a href="${PEOPLE}/${id}">${name}</a>${tags(person)}</div><div class="meta">${email}</div></div><div class="facts"><span>${roles.map((role) => roleNames[role]).join(', ')}</span><span class="fact ${tone}">${icon(twoFactor ? 'shield' : 'warning')}${twoFactor ? w.twoFactorOn : w.twoFactorOff}</span></div><div class="actions">${again}</div></li>`;
  }

  function tags({ invitation, suspended }: Person): Content {
    return [
      suspended && html` <span class="tag danger">${w.suspended}</span>`,
      invitation === 'open' && html` <span class="tag">${w.invited}</span>`,
      invitation === 'expired' && html` <span class="tag warning">${w.expired}</span>`,
    ];
  }

  function nobody(): string {
    if (text === '') return first ? w.noneSuch : w.empty;
    return next === null ? w.nobody(text) : w.nobodyYet(text);
  }

  function pages(): Content {
    const query = { q: text, show };
    const places = [
      next !== null && ([addressOf({ ...query, after: next }), people.length > 0 ? w.next : w.goOn] as const),
      !first && ([addressOf(query), w.first] as const),
      sought && ([PEOPLE, w.everybody] as const),
    ].filter((place) => place !== false);
    const links = places.map(([href, words], index) =>
      linkButton(href, words, { kind: index === 0 ? 'secondary' : 'quiet' }),
    );
    return links.length > 0 && html`<nav class="actions" aria-label="${w.pages}">${links}</nav>`;
  }
}

/** `/admin/people?q=ann&after=…`, without what is empty. */
function addressOf(query: Readonly<Record<string, string>>): string {
  const said = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== ''));
  return said.size > 0 ? `${PEOPLE}?${said}` : PEOPLE;
}
