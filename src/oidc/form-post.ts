import type Provider from 'oidc-provider';
import type { KoaContextWithOIDC } from 'oidc-provider';
import { type Html, html, trusted } from '../kit/html.ts';
import { hidden } from '../web/fields.ts';
import { pageCsp } from '../web/headers.ts';
import { bareLayout } from '../web/layout.ts';
import { actions, button } from '../web/parts.ts';
import type { Site } from '../web/site.ts';
import type { Visit } from '../web/visit.ts';
import { type Exchange, exchangeOf } from './exchange.ts';
import { formTarget } from './redirect-target.ts';
import { oidcWords } from './words.ts';

type Answer = Readonly<Record<string, unknown>>;

/** What the library answers, kept for the page by which it goes to its app. */
export function keepAnswers(provider: Provider): void {
  // The library's types leave out what it answers.
  const keep = (ctx: KoaContextWithOIDC, answer?: Answer) => {
    exchangeOf(ctx).answer = answer ?? null;
  };
  provider.on('authorization.success', keep as (ctx: KoaContextWithOIDC) => void);
  provider.on('authorization.error', (ctx, { error: code, error_description }) => {
    const state = ctx.oidc.params?.['state'];
    exchangeOf(ctx).answer = { error: code, error_description, state, iss: provider.issuer };
  });
}

/**
 * Of what the library draws nothing is shown: not the link beside a redirect, and not the page by which an answer goes as a
 * form (Form Post Response Mode), whose script our policy would stop. That one is drawn here.
 */
export function onlyOurPages(site: Site) {
  return async (ctx: KoaContextWithOIDC, next: () => Promise<unknown>): Promise<void> => {
    await next();
    const exchange = exchangeOf(ctx);
    if (!ctx.response.is('html') || exchange.ownPage) return;
    if (ctx.status >= 300 && ctx.status < 400) {
      ctx.type = 'text';
      ctx.body = '';
      return;
    }
    const target = String(ctx.oidc.params?.['redirect_uri']);
    ctx.status = 200;
    ctx.set('content-security-policy', pageCsp(exchange.visit.nonce, [formTarget(target)]));
    ctx.body = postingPage(site, exchange.visit, ctx.oidc.client?.clientName ?? '', target, exchange).text;
  };
}

function postingPage(
  site: Site,
  visit: Visit,
  app: string,
  target: string,
  { answer }: Pick<Exchange, 'answer'>,
): Html {
  const fields = Object.entries(answer ?? {}).filter(([, value]) => value !== undefined);
  return bareLayout(site, visit, {
    title: oidcWords[visit.locale].back(app),
    scripts: ['submit.js'],
    body: html`<form method="post" action="${target}"${trusted(' data-submit')}>${fields.map(
      ([name, value]) => hidden(name, String(value)),
    )}${actions(button(oidcWords[visit.locale].back(app)))}</form>`,
  });
}
