import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Html } from '../kit/html.ts';
import { noMeters } from '../kit/meters.ts';
import { Refusal } from '../kit/refusal.ts';
import { type Answer, page } from './answer.ts';
import { type RouterOptions, readVisit } from './exchange.ts';
import { readInput } from './input.ts';
import { shapeOf } from './refusals.ts';
import { answerRefusal, asRefusal, retryHeaders } from './refuse.ts';
import type { Call, Level, RefusedPage, Route } from './route.ts';
import type { Visit } from './visit.ts';

/** What was sent, before anything of it is read by the route's own rules. */
type RawCall = Omit<Call<unknown, never, never>, 'who'>;

/** One request to one route: the caller is admitted, the input read, the answer made; or the refusal told. */
export async function serveRoute(
  definition: Route,
  request: FastifyRequest,
  options: RouterOptions,
): Promise<[Visit, Answer]> {
  const { meters = noMeters } = options;
  let call = readCall(definition, request, options);
  let who: unknown;
  let admitted = false;
  try {
    // PostgreSQL takes no NUL in a text; no id of ours holds one.
    if (Object.values(call.params).some((value) => value.includes('\0'))) throw new Refusal('not_found');
    who = await definition.level.admit(call.visit);
    admitted = true;
    call = { ...call, visit: asTheirs(call.visit, definition.level, who) };
    const query = readInput(definition.query, call.query);
    const body = readInput(definition.body ?? noFieldsOf(definition), call.body);
    return [call.visit, await definition.handle({ ...call, who, body, query })];
  } catch (error) {
    const refusal = asRefusal(error);
    if (!refusal) throw error;
    meters.count('refusals', { code: refusal.code });
    const refused = { ...call, who };
    const { mistake } = definition;
    const answer =
      admitted && mistake && isToldOnForm(call.visit, refusal)
        ? formAgain(await mistake(refused, refusal), refusal)
        : answerRefusal(call.visit, refusal, placeOf(definition, refused, request.url), options.errorPage);
    return [call.visit, answer];
  }
}

function readCall({ takes }: Route, request: FastifyRequest, options: RouterOptions): RawCall {
  return {
    visit: readVisit(request, options),
    method: request.method,
    // A form without a field is an empty one; in JSON no body, `null` and `{}` are three things.
    body: (takes === 'json' ? request.body : (request.body ?? {})) as never,
    query: (request.query ?? {}) as never,
    params: request.params as Record<string, string>,
    headers: request.headers as Record<string, string | undefined>,
    upload: { stream: request.raw, contentType: request.headers['content-type'] ?? '' },
  };
}

/** What a page depends on besides the request, once it is known whose it is. */
function asTheirs<Who>(visit: Visit, level: Level<Who>, who: Who): Visit {
  const locale = level.localeOf?.(who, visit);
  const coming = level.comingOf?.(who);
  if (!locale && !coming) return visit;
  return { ...visit, ...(locale && { locale }), ...(coming && { coming }) };
}

/** A form of a button alone has no field to send: one that comes all the same is refused, as everywhere (R71). */
const NO_FIELDS = z.strictObject({}) as z.ZodType<unknown>;
const noFieldsOf = ({ method, takes = 'form', crossSite = false }: Route) =>
  method === 'POST' && takes === 'form' && !crossSite ? NO_FIELDS : undefined;

/** On the form's own page where it has one; a program, and whoever must go elsewhere first, is told in the shared way. */
function isToldOnForm(visit: Visit, { code, detail }: Refusal): boolean {
  const { status, lead, onForm } = shapeOf(code);
  if (visit.wantsJson || lead) return false;
  return onForm || detail.fields !== undefined || [409, 422, 429].includes(status);
}

function formAgain(shown: Html | RefusedPage, refusal: Refusal): Answer {
  const { body, cookies } = shown instanceof Html ? { body: shown, cookies: [] } : shown;
  return page(body, shapeOf(refusal.code).status, { cookies, headers: retryHeaders(refusal) });
}

/** The page to come back to after signing in or confirming. */
function placeOf(
  { formPage }: Route,
  { method, body, query, params, visit }: Call<unknown, never, never>,
  url: string,
): string {
  if (typeof formPage === 'function') return formPage(body, query);
  if (formPage !== undefined) return formPage.replace(/:(\w+)/g, (_all, name: string) => params[name] ?? '');
  return method === 'GET' ? url : visit.path;
}
