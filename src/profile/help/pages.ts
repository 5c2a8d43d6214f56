import { type Content, type Html, html } from '../../kit/html.ts';
import { bareLayout } from '../../web/layout.ts';
import { actions, linkButton, section } from '../../web/parts.ts';
import type { Site } from '../../web/site.ts';
import type { Visit } from '../../web/visit.ts';
import type { Words } from '../../words/locale.ts';
import { en, type HelpWords } from './words.en.ts';
import { es } from './words.es.ts';

const words: Words<HelpWords> = { en, es };

/** Two-factor authentication in words of our own, for somebody who has never met it. */
export function helpPage(site: Site, visit: Visit): Html {
  const w = words[visit.locale];
  const { enable, others, signIn, trusted, newPhone, lost, everything, disable, notYou, support } = w;
  const chapters: [string, string, Content][] = [
    [
      'enable',
      enable.title,
      html`<p>${enable.lead}</p>${ordered(enable.steps)}<p>${enable.more}</p>${actions(linkButton('/account/security', enable.link, { icon: 'shield' }))}`,
    ],
    [
      'others',
      others.title,
      html`<p>${others.lead}</p>${others.kinds.map(({ name, what }) => html`<h3>${name}</h3><p>${what}</p>`)}`,
    ],
    [
      'sign-in',
      signIn.title,
      html`${ordered(signIn.steps)}<p>${signIn.preferred}</p><h3>${signIn.wrongTitle}</h3>${unordered(signIn.wrong)}`,
    ],
    ['trusted-browsers', trusted.title, html`<p>${trusted.lead}</p><p>${trusted.ends}</p>`],
    ['new-phone', newPhone.title, html`${ordered(newPhone.steps)}<p>${newPhone.undo}</p>`],
    ['lost', lost.title, html`<p>${lost.lead}</p>${ordered(lost.steps)}`],
    [
      'lost-everything',
      everything.title,
      html`<p>${everything.lead}</p>${ordered(everything.steps)}<p>${everything.why}</p>`,
    ],
    ['disable', disable.title, html`${ordered(disable.steps)}<p>${disable.required}</p>`],
    ['not-you', notYou.title, html`<p>${notYou.body}</p>`],
    [
      'support',
      support.title,
      html`<p>${site.supportEmail ? html`${support.write} <a href="mailto:${site.supportEmail}">${site.supportEmail}</a>. ${support.never}` : support.administrator}</p>`,
    ],
  ];
  return bareLayout(site, visit, {
    title: w.title,
    wide: true,
    body: html`<p class="lead">${w.lead(site.brand)}</p>
      <nav aria-label="${w.contents}"><ul class="plain">${chapters.map(([id, title]) => html`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>
      ${chapters.map(([id, title, body]) => section({ id, title, body }))}`,
  });
}

function ordered(lines: readonly string[]): Html {
  return html`<ol>${lines.map((line) => html`<li>${line}</li>`)}</ol>`;
}

function unordered(lines: readonly string[]): Html {
  return html`<ul>${lines.map((line) => html`<li>${line}</li>`)}</ul>`;
}
