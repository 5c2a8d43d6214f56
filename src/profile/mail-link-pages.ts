import { type Html, html } from '../kit/html.ts';
import { form, hidden } from '../web/fields.ts';
import { bareLayout } from '../web/layout.ts';
import { actions, button, linkButton, notice } from '../web/parts.ts';
import type { Site } from '../web/site.ts';
import type { Visit } from '../web/visit.ts';
import { profileWords } from './words.ts';

export interface UndoForm {
  readonly purpose: 'undo-email' | 'undo-replace' | 'undo-delete';
  /** The address or the factor's name that comes back. */
  readonly what: string;
  readonly token: string;
}

/** Opening the link does nothing; its button does. */
export function undoPage(site: Site, visit: Visit, { purpose, what, token }: UndoForm): Html {
  const { undo: w } = profileWords[visit.locale];
  return bareLayout(site, visit, {
    title: w.titles[purpose],
    body: html`<p class="lead">${w.leads[purpose](what)}</p>
      <ul>${w.notes[purpose].map((line) => html`<li>${line}</li>`)}</ul>
      ${form({ action: '/undo', body: html`${hidden('token', token)}${button(w.buttons[purpose], { wide: true })}` })}
      <p>${w.nexts[purpose]}</p>`,
  });
}

export function notMePage(site: Site, visit: Visit, token: string): Html {
  const { notMe: w } = profileWords[visit.locale];
  return bareLayout(site, visit, {
    title: w.title,
    body: html`<p class="lead">${w.lead}</p>
      <ul>${w.effects.map((line) => html`<li>${line}</li>`)}</ul>
      <p>${w.note}</p>
      ${form({ action: '/not-me', body: html`${hidden('token', token)}${button(w.button, { kind: 'danger', wide: true })}` })}`,
  });
}

/** What was done stands in the message; this is what to do now. */
export function notMeDonePage(site: Site, visit: Visit, message: string | null): Html {
  const { notMe: w } = profileWords[visit.locale];
  return bareLayout(site, visit, {
    title: w.doneTitle,
    body: html`${message ? notice('success', message) : null}
      <p class="lead">${w.doneLead}</p>
      <ol>${w.doneSteps.map((line) => html`<li>${line}</li>`)}</ol>
      ${actions(linkButton('/forgot-password', w.reset, { kind: 'primary' }))}
      ${site.supportEmail ? html`<p>${w.support} <a href="mailto:${site.supportEmail}">${site.supportEmail}</a>.</p>` : null}`,
  });
}
