import { type Content, type Html, html } from '../../kit/html.ts';
import { linkButton } from '../../web/parts.ts';
import type { Visit } from '../../web/visit.ts';
import { ruleWords } from './words.ts';

export interface ListedPerson {
  readonly name: string;
  readonly email: string;
  readonly tags: readonly (string | false)[];
}

/** Names and addresses, one under the other; what is out of the ordinary stands beside. */
export function listOfPeople(people: readonly ListedPerson[], label: string, empty: string): Html {
  if (people.length === 0) return html`<p class="empty">${empty}</p>`;
  return html`<ul class="items" aria-label="${label}">${people.map(
    ({ name, email, tags }) =>
      html`<li><div class="what"><div class="title">${name}${tags.map((tag) => tag && html` <span class="tag">${tag}</span>`)}</div><div class="meta">${email}</div></div></li>`,
  )}</ul>`;
}

export interface MorePages {
  readonly path: string;
  /** What the page is asked besides the place to go on after. */
  readonly query: Readonly<Record<string, string>>;
  readonly next: string | null;
  readonly first: boolean;
  /** There is somebody on this page. */
  readonly some: boolean;
}

export function morePages({ locale }: Visit, { path, query, next, first, some }: MorePages): Content {
  const { preview: w } = ruleWords[locale];
  const address = (extra: Record<string, string>) => {
    const said = new URLSearchParams({ ...query, ...extra });
    return said.size > 0 ? `${path}?${said}` : path;
  };
  const links = [
    next !== null && linkButton(address({ after: next }), some ? w.next : w.goOn),
    !first && linkButton(address({}), w.first, { kind: 'quiet' }),
  ];
  if (!links.some(Boolean)) return null;
  return html`<nav class="actions" aria-label="${w.pages}">${links}</nav>`;
}
