import type { Account } from '../../accounts/account.ts';
import type { CountedGroup, Group } from '../../groups/store.ts';
import type { GroupUses } from '../../groups/uses.ts';
import { type Content, type Html, html } from '../../kit/html.ts';
import { askingContent, askingDialog, askingLink, type Confirmation } from '../../web/confirmation.ts';
import { field, form } from '../../web/fields.ts';
import { dashboardLayout } from '../../web/layout.ts';
import { actions, button, itemList, linkButton, notice, section } from '../../web/parts.ts';
import type { Complaints } from '../../web/refused-form.ts';
import type { Site } from '../../web/site.ts';
import type { Visit } from '../../web/visit.ts';
import { formatDay } from '../../words/dates.ts';
import { listOf } from '../../words/lists.ts';
import type { Locale } from '../../words/locale.ts';
import { PEOPLE } from '../people/people-pages.ts';
import type { Person } from '../people/person.ts';
import { groupWords } from './words.ts';

export const GROUPS = '/admin/groups';
const pathOf = ({ id }: Pick<Group, 'id'>): string => `${GROUPS}/${id}`;

interface Told extends Partial<Complaints> {
  /** The administrator. */
  readonly account: Account;
  readonly message?: string | null;
}

const noticeOf = ({ message, error }: Told): Html | null =>
  error ? notice('danger', error) : message ? notice('success', message) : null;

export function groupsPage(
  site: Site,
  visit: Visit,
  page: Told & { readonly groups: readonly CountedGroup[] },
): Html {
  const { list: w } = groupWords[visit.locale];
  const { account, groups } = page;
  const rows = groups.map(
    (group) =>
      html`<tr><th scope="row"><a href="${pathOf(group)}">${group.name}</a></th><td class="number">${group.members.toLocaleString(visit.locale)}</td></tr>`,
  );
  const table = html`<table class="quiet-table"><thead><tr><th scope="col">${w.name}</th><th scope="col" class="number">${w.members}</th></tr></thead><tbody>${rows}</tbody></table>`;
  return dashboardLayout(site, visit, {
    title: w.title,
    lead: w.lead,
    current: 'groups',
    person: account,
    notice: noticeOf(page),
    body: html`${actions(linkButton(`${GROUPS}/create`, w.create, { kind: 'primary', icon: 'plus' }))}${groups.length > 0 ? table : html`<p class="empty">${w.empty}</p>`}`,
  });
}

/** Makes a group, or renames the one that is given. */
export function groupNamePage(
  site: Site,
  visit: Visit,
  page: Told & { readonly group: Group | null; readonly name?: string },
): Html {
  const { form: w, group: words } = groupWords[visit.locale];
  const { account, group, name = group?.name ?? '', fields = {} } = page;
  const back = group ? { href: pathOf(group), text: group.name } : { href: GROUPS, text: words.back };
  const input = field({
    name: 'name',
    label: w.label,
    value: name,
    autocomplete: 'off',
    required: true,
    maxlength: 64,
    autofocus: true,
    error: fields['name'] ?? null,
  });
  return dashboardLayout(site, visit, {
    title: group ? w.rename : w.create,
    lead: group ? w.renameLead(group.name) : w.createLead,
    current: 'groups',
    person: account,
    back,
    notice: noticeOf(page),
    body: form({
      action: group ? `${pathOf(group)}/rename` : `${GROUPS}/create`,
      body: html`${input}${actions(button(group ? w.renameButton : w.createButton), linkButton(back.href, w.cancel, { kind: 'quiet' }))}`,
    }),
  });
}

export interface GroupPage extends Told {
  readonly group: Group;
  readonly uses: GroupUses;
  readonly people: readonly Person[];
  /** False on the pages that follow the first. */
  readonly first: boolean;
  /** To go on after; null on the last page. */
  readonly next: string | null;
  /** The address that was typed. */
  readonly email?: string;
}

export function groupPage(site: Site, visit: Visit, page: GroupPage): Html {
  const { group: w } = groupWords[visit.locale];
  const { account, group, people, first, next } = page;
  const removing = people.map((person) => askLeaveGroup(visit.locale, group, person));
  const items = people.map((person, index) => ({
    title: html`<a href="${PEOPLE}/${person.id}">${person.name}</a>`,
    meta: person.email,
    actions: askingLink(removing[index]!, w.remove, { kind: 'secondary', label: w.removeOf(person.name) }),
  }));
  const more = [
    next !== null && linkButton(`${pathOf(group)}?after=${encodeURIComponent(next)}`, w.next),
    !first && linkButton(pathOf(group), w.first, { kind: next === null ? 'secondary' : 'quiet' }),
  ].filter((link) => link !== false);
  return dashboardLayout(site, visit, {
    title: group.name,
    current: 'groups',
    person: account,
    back: { href: GROUPS, text: w.back },
    notice: noticeOf(page),
    body: html`${section({
      title: w.members,
      body: html`${adding(visit, page)}${itemList(items, first ? w.empty : w.nobodyHere)}${more.length > 0 && html`<nav class="actions" aria-label="${w.pages}">${more}</nav>`}`,
    })}
      ${section({ title: w.uses, body: uses(visit, page) })}
      ${actions(linkButton(`${pathOf(group)}/rename`, w.rename), linkButton(`${pathOf(group)}/remove`, w.removeGroup, { kind: 'removal' }))}
      ${removing.map(askingDialog)}`,
  });
}

function adding(visit: Visit, { group, email = '', fields = {} }: GroupPage): Html {
  const { group: w } = groupWords[visit.locale];
  const input = field({
    name: 'email',
    label: w.add,
    type: 'email',
    value: email,
    autocomplete: 'off',
    required: true,
    maxlength: 254,
    error: fields['email'] ?? null,
  });
  return html`<div class="adding">${form({
    action: `${pathOf(group)}/members`,
    body: html`${input}${button(w.addButton, { kind: 'secondary' })}`,
  })}</div>`;
}

function uses(visit: Visit, { account, uses }: GroupPage): Html {
  const { group: w } = groupWords[visit.locale];
  const { requiredFromAt: from, clients } = uses;
  const lines: Content[] = clients.map(({ name, only }) => (only ? w.clientOnly(name) : w.client(name)));
  if (from !== null) {
    const day = formatDay(from, visit.locale, account.time_zone);
    lines.unshift(from <= visit.now ? w.rule(day) : w.ruleAhead(day));
  }
  if (lines.length === 0) return html`<p class="muted">${w.unused}</p>`;
  return html`<ul class="plain-list">${lines.map((line) => html`<li>${line}</li>`)}</ul>`;
}

function askLeaveGroup(
  locale: Locale,
  group: Group,
  { id, name }: Pick<Person, 'id' | 'name'>,
): Confirmation {
  const { leave: w } = groupWords[locale];
  const { button, cancel } = w;
  const path = `${pathOf(group)}/members/${id}/remove`;
  return { path, title: w.title(name), lead: w.lead(name, group.name), button, cancel };
}

/** Says what the group is named by; where an app would open to everybody, there is no button. */
export function removeGroupPage(
  site: Site,
  visit: Visit,
  page: Told & { readonly group: Group; readonly uses: GroupUses },
): Html {
  const { remove: w } = groupWords[visit.locale];
  const { account, group, uses } = page;
  const named = (only: boolean) =>
    listOf(
      visit.locale,
      uses.clients.filter((client) => client.only === only).map(({ name }) => name),
    );
  const guarded = named(true);
  const losing = [uses.requiredFromAt !== null && w.rule, named(false) !== '' && w.clients(named(false))];
  const lead = [w.lead, ...losing].filter(Boolean).join(' ');
  const { title, button, cancel } = { ...w, title: w.title(group.name) };
  const question = { path: `${pathOf(group)}/remove`, title, lead, button, cancel };
  const { body, ...content } = askingContent(question, pathOf(group));
  return dashboardLayout(site, visit, {
    ...content,
    body: guarded === '' ? body : html`${notice('warning', w.guards(guarded))}`,
    current: 'groups',
    person: account,
    back: { href: pathOf(group), text: group.name },
    notice: guarded === '' ? noticeOf(page) : null,
  });
}

/** The page that asks before somebody leaves, for browsers without a script. */
export function leaveGroupPage(
  site: Site,
  visit: Visit,
  page: Told & { readonly group: Group; readonly person: Pick<Person, 'id' | 'name'> },
): Html {
  const { account, group, person } = page;
  const question = askLeaveGroup(visit.locale, group, person);
  return dashboardLayout(site, visit, {
    ...askingContent(question, pathOf(group)),
    current: 'groups',
    person: account,
    back: { href: pathOf(group), text: group.name },
    notice: noticeOf(page),
  });
}
