import type { errors } from 'oidc-provider';
import { isAway } from '../database/database-away.ts';
import { html } from '../kit/html.ts';
import { Refusal } from '../kit/refusal.ts';
import { type Answer, json, page } from '../web/answer.ts';
import { errorPage } from '../web/error-page.ts';
import { pageCsp } from '../web/headers.ts';
import { bareLayout } from '../web/layout.ts';
import type { Site } from '../web/site.ts';
import type { Visit } from '../web/visit.ts';
import type { RenderError } from './configuration.ts';
import { exchangeOf } from './exchange.ts';
import type { Library } from './library.ts';
import { PATHS } from './paths.ts';
import { oidcWords } from './words.ts';

/** Only programs ask here, whatever they say they accept: Java's own HTTP client asks for HTML first (RFC 6749, 5.2). */
const PROGRAMS: ReadonlySet<string> = new Set([
  PATHS.token,
  PATHS.introspection,
  PATHS.revocation,
  PATHS.userinfo,
  PATHS.jwks,
]);

export type Complaint = 'unknownApp' | 'wrongAddress' | 'ended' | 'malformed';

/** What could not be answered where the app wanted it: on our own page, with a 4xx and no redirect (R61). */
export function errorRenderer(site: Site, { errors: known }: Library): RenderError {
  return (ctx, out, error) => {
    const exchange = exchangeOf(ctx);
    const { visit } = exchange;
    const expected = error instanceof known.OIDCProviderError;
    if (PROGRAMS.has(visit.path)) {
      ctx.body = out;
      return;
    }
    if (visit.wantsJson) {
      ctx.body = { code: out.error, message: out.error_description ?? out.error };
      return;
    }
    exchange.ownPage = true;
    ctx.type = 'html';
    ctx.set('content-security-policy', pageCsp(visit.nonce));
    const shown = expected
      ? complaintPage(site, visit, complaintOf(known, error), `${out.error}: ${out.error_description ?? ''}`)
      : errorPage(site, visit, faultOf(error));
    ctx.body = shown.text;
  };
}

function faultOf(error: unknown): { status: number; refusal: Refusal | null } {
  return isAway(error)
    ? { status: 503, refusal: new Refusal('database_away', { retryAfter: 5 }) }
    : { status: 500, refusal: null };
}

function complaintOf(known: typeof errors, error: errors.OIDCProviderError): Complaint {
  if (error instanceof known.SessionNotFound) return 'ended';
  if (error instanceof known.InvalidClient) return 'unknownApp';
  if (error instanceof known.InvalidRedirectUri) return 'wrongAddress';
  return 'malformed';
}

/** What a program hears instead of the page; the first three as the library calls them. */
const CODES: Readonly<Record<Complaint, string>> = {
  unknownApp: 'invalid_client',
  wrongAddress: 'invalid_redirect_uri',
  malformed: 'invalid_request',
  ended: 'interaction_ended',
};

/** 400, on a page of ours or as JSON. `detail`: for whoever looks after the app. */
export function complain(site: Site, visit: Visit, complaint: Complaint, detail = ''): Answer {
  if (!visit.wantsJson) return page(complaintPage(site, visit, complaint, detail), 400);
  const message = oidcWords[visit.locale].errors[complaint];
  return json({ code: CODES[complaint], message }, 400);
}

function complaintPage(site: Site, visit: Visit, complaint: Complaint, detail: string) {
  const w = oidcWords[visit.locale].errors;
  return bareLayout(site, visit, {
    title: w.title,
    body: html`<p>${w[complaint]}</p>${
      complaint !== 'ended' && html`<p>${w.next}</p><p class="muted"><code>${detail}</code></p>`
    }`,
  });
}
