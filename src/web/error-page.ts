import { type Html, html } from '../kit/html.ts';
import type { Chrome } from '../words/chrome.en.ts';
import { chrome } from '../words/chrome.ts';
import { refusalSentence } from '../words/refusals.ts';
import { bareLayout } from './layout.ts';
import { actions, linkButton } from './parts.ts';
import type { RefusalContext } from './refuse.ts';
import type { Site } from './site.ts';
import type { Visit } from './visit.ts';

/** What happened, what to do next and where to go. Of a fault nothing but the request's number is told (R77). */
export function errorPage(site: Site, visit: Visit, context: RefusalContext): Html {
  const words = chrome[visit.locale];
  const { title, next } = words.errors[mannerOf(context)];
  const support =
    context.status >= 500 && site.supportEmail
      ? html` ${words.writeToSupport} <a href="mailto:${site.supportEmail}">${site.supportEmail}</a>.`
      : null;
  return bareLayout(site, visit, {
    title,
    body: html`<p>${refusalSentence(visit.locale, context.refusal, visit.requestId)}</p><p>${next}${support}</p>${actions(linkButton('/', words.start))}`,
  });
}

function mannerOf({ status, refusal }: RefusalContext): keyof Chrome['errors'] {
  if (refusal?.code === 'link_invalid' || refusal?.code === 'link_other_browser') return 'link';
  if (status === 401 || status === 403) return 'forbidden';
  if (status === 404) return 'missing';
  if (status === 409) return 'conflict';
  if (status === 429) return 'wait';
  if (status === 503) return 'away';
  return status >= 500 ? 'fault' : 'request';
}
