import { type Content, type Html, html } from '../kit/html.ts';
import { bareLayout } from '../web/layout.ts';
import { actions, linkButton } from '../web/parts.ts';
import { withReturnTo } from '../web/return-to.ts';
import type { Site } from '../web/site.ts';
import type { Visit } from '../web/visit.ts';
import type { Lacking } from './lacking.ts';
import { en } from './words.en.ts';
import { es } from './words.es.ts';

const words = { en, es };

export interface LackingPage {
  readonly app: string;
  readonly lacking: Exclude<Lacking, 'confirm'>;
  /** This page's own path, where somebody comes back to with what was missing. */
  readonly here: string;
  /** Where a first factor begins. */
  readonly setUp: string;
  /** Another way out, and who is asked. */
  readonly below: Content;
}

/** An app asks for more than was proven: what it is, and the way to it. */
export function lackingPage(
  site: Site,
  visit: Visit,
  { app, lacking, here, setUp, below }: LackingPage,
): Html {
  const { lacking: w } = words[visit.locale];
  const ways = {
    factor: { sentence: w.factor, href: setUp, text: w.setUp },
    key: { sentence: w.key, href: '/account/security/keys', text: w.addKey },
    'use-key': { sentence: w.useKey, href: withReturnTo('/confirm', here), text: w.confirm },
  };
  const { sentence, href, text } = ways[lacking];
  const title = w.title[lacking === 'factor' ? 'mfa' : 'phr'];
  return bareLayout(site, visit, {
    title: title(app),
    body: html`<p>${sentence}</p>${actions(
      linkButton(href, text, { kind: 'primary' }),
      lacking !== 'use-key' && linkButton(here, w.done),
    )}${below}`,
  });
}
