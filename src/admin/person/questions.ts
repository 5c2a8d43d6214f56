import type { Account } from '../../accounts/account.ts';
import type { Group } from '../../groups/store.ts';
import { describeBrowser } from '../../notices/browser-name.ts';
import type { Session } from '../../sessions/session.ts';
import type { Confirmation } from '../../web/confirmation.ts';
import type { Locale } from '../../words/locale.ts';
import { PEOPLE } from '../people/people-pages.ts';
import { personWords } from './words.ts';

type Asked = Pick<Account, 'id' | 'name'>;

export const personPath = ({ id }: Pick<Account, 'id'>): string => `${PEOPLE}/${id}`;

/** What is asked before something is done about a person. */
export function askSuspend(locale: Locale, person: Asked, sessions: number): Confirmation {
  const { suspend: w, cancel } = personWords[locale].questions;
  const { title, button } = w;
  return {
    path: `${personPath(person)}/suspend`,
    title,
    lead: w.lead(person.name, sessions),
    button,
    cancel,
  };
}

/** `leaving`: it waits to be erased, and is kept. */
export function askRestore(locale: Locale, person: Asked, leaving: boolean): Confirmation {
  const { restore, keep, cancel } = personWords[locale].questions;
  const w = leaving ? keep : restore;
  const { title, button } = w;
  const path = `${personPath(person)}/restore`;
  return { path, title, lead: w.lead(person.name), button, cancel, kind: 'primary' };
}

export function askUnlock(locale: Locale, person: Asked): Confirmation {
  const { unlock: w, cancel } = personWords[locale].questions;
  const { title, button } = w;
  const path = `${personPath(person)}/unlock`;
  return { path, title, lead: w.lead(person.name), button, cancel, kind: 'primary' };
}

export function askEndOne(
  locale: Locale,
  person: Asked,
  { id, browser, network }: Pick<Session, 'id' | 'browser' | 'network'>,
): Confirmation {
  const { endOne: w, cancel } = personWords[locale].questions;
  const { title, button } = w;
  const path = `${personPath(person)}/sessions/${id}/end`;
  return {
    path,
    title,
    lead: w.lead(person.name, describeBrowser(browser, locale), network),
    button,
    cancel,
  };
}

export function askEndAll(locale: Locale, person: Asked, sessions: number): Confirmation {
  const { endAll: w, cancel } = personWords[locale].questions;
  const { title, button } = w;
  const path = `${personPath(person)}/sessions/end`;
  return { path, title, lead: w.lead(person.name, sessions), button, cancel };
}

export function askRemove(
  locale: Locale,
  person: Asked,
  { id, label }: { readonly id: string; readonly label: string },
): Confirmation {
  const { remove: w, cancel } = personWords[locale].questions;
  const path = `${personPath(person)}/factors/${id}/remove`;
  return { path, title: w.title(label), lead: w.lead(person.name), button: w.button, cancel };
}

export function askLeave(locale: Locale, person: Asked, { id, name }: Group): Confirmation {
  const { leave: w, cancel } = personWords[locale].questions;
  const path = `${personPath(person)}/groups/${id}/remove`;
  return { path, title: w.title(name), lead: w.lead(person.name, name), button: w.button, cancel };
}
