import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Html } from '../kit/html.ts';
import { noMeters } from '../kit/meters.ts';
import { Refusal } from '../kit/refusal.ts';
import { type Answer, page } from './answer.ts';
import { parseBodies } from './bodies.ts';
import { type RouterOptions, readVisit, sendAnswer } from './exchange.ts';
import { BARE_CSP, commonHeaders } from './headers.ts';
import { readInput } from './input.ts';
import { isOwnOrigin, SAFE_METHODS } from './origin-check.ts';
import { shapeOf } from './refusals.ts';
import { answerRefusal, asRefusal } from './refuse.ts';
import type { Call, Level, Route, Takes } from './route.ts';
import { sideBySide } from './side-by-side.ts';
import type { Visit } from './visit.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    level?: string;
    crossSite?: boolean;
    takes?: Takes;
  }
}

/** Puts every route on the server: headers, origin check, level, input, answer. */
export function mountRoutes(app: FastifyInstance, routes: readonly Route[], options: RouterOptions): void {
  const { baseUrl, secure, meters = noMeters } = options;
  const headers = { ...commonHeaders(secure), 'content-security-policy': BARE_CSP };
  const methodsAt = methodTable(routes);

  for (const { method, path, level } of routes) {
    if (!level?.name) throw new Error(`${method} ${path} declares no level: say who may call it (R31)`);
  }
  app.addHook('onRoute', ({ config, url, method }) => {
    if (!config?.level) throw new Error(`${method} ${url} declares no level: say who may call it (R31)`);
  });

  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(headers);
    done(complaintAbout(request, reply) ?? undefined);
  });

  /** What is wrong with it before anything of its body is read: the address, the method or where it comes from. */
  function complaintAbout(request: FastifyRequest, reply: FastifyReply): Refusal | null {
    const { crossSite } = request.routeOptions.config;
    if (!crossSite && !SAFE_METHODS.has(request.method) && !isOwnOrigin(request.headers, baseUrl))
      return new Refusal('wrong_origin');
    if (!request.is404) return null;
    const allowed = methodsAt(request.url.split('?')[0] ?? '/');
    if (!allowed) return new Refusal('not_found');
    reply.header('allow', allowed.join(', '));
    return new Refusal('method_not_allowed');
  }

  const visitOf = (request: FastifyRequest) => readVisit(request, options);

  async function serve(definition: Route, request: FastifyRequest): Promise<[Visit, Answer]> {
    let visit = visitOf(request);
    const params = request.params as Record<string, string>;
    const raw = {
      method: request.method,
      // A form without a field is an empty one; in JSON no body, `null` and `{}` are three things.
      body: (definition.takes === 'json' ? request.body : (request.body ?? {})) as never,
      query: (request.query ?? {}) as never,
      headers: request.headers as Record<string, string | undefined>,
      upload: { stream: request.raw, contentType: request.headers['content-type'] ?? '' },
    };
    let who: unknown;
    let admitted = false;
    try {
      // PostgreSQL takes no NUL in a text; no id of ours holds one.
      if (Object.values(params).some((value) => value.includes('\0'))) throw new Refusal('not_found');
      who = await definition.level.admit(visit);
      admitted = true;
      visit = asTheirs(visit, definition.level, who);
      const query = readInput(definition.query, raw.query);
      const body = readInput(definition.body ?? noFieldsOf(definition), raw.body);
      return [visit, await definition.handle({ ...raw, visit, who, params, body, query })];
    } catch (error) {
      const refusal = asRefusal(error);
      if (!refusal) throw error;
      meters.count('refusals', { code: refusal.code });
      const call = { visit, who, params, ...raw } as Call<unknown, never, never>;
      return [visit, await refuseCall(definition, call, refusal, admitted, request)];
    }
  }

  /** A form's own page again where it has one; else the shared way of refusing. */
  async function refuseCall(
    definition: Route,
    call: Call<unknown, never, never>,
    refusal: Refusal,
    admitted: boolean,
    request: FastifyRequest,
  ): Promise<Answer> {
    const { visit } = call;
    const shape = shapeOf(refusal.code);
    if (
      definition.mistake &&
      admitted &&
      !visit.wantsJson &&
      !shape.lead &&
      (shape.onForm || refusal.detail.fields || [409, 422, 429].includes(shape.status))
    ) {
      const retry = refusal.detail.retryAfter;
      const shown = await definition.mistake(call, refusal);
      const { body, cookies } = shown instanceof Html ? { body: shown, cookies: [] } : shown;
      const headers: Record<string, string> = retry === undefined ? {} : { 'retry-after': String(retry) };
      return page(body, shape.status, { cookies, headers });
    }
    const { formPage: named } = definition;
    const formPage =
      typeof named === 'function'
        ? named(call.body, call.query)
        : named?.replace(/:(\w+)/g, (_all, name: string) => call.params[name] ?? '');
    const here = formPage ?? (request.method === 'GET' ? request.url : visit.path);
    return answerRefusal(visit, refusal, here, options.errorPage);
  }

  const send = (reply: FastifyReply, visit: Visit, answer: Answer) =>
    sendAnswer(reply, visit, answer, options);

  for (const takes of ['form', 'json', 'upload', 'untouched'] as const) {
    app.register(async (scope) => {
      await parseBodies(scope, takes);
      for (const definition of routes.filter((one) => (one.takes ?? 'form') === takes))
        mount(scope, definition);
    });
  }

  function mount(scope: FastifyInstance, definition: Route): void {
    const { path: url, level, crossSite = false, takes = 'form' } = definition;
    scope.route({
      method: methodsOf(definition),
      url,
      config: { level: level.name, crossSite, takes },
      handler: async (request, reply) => {
        await sideBySide();
        const [visit, answer] = await serve(definition, request);
        return send(reply, visit, answer);
      },
    });
  }

  app.setNotFoundHandler(() => {
    throw new Refusal('not_found');
  });
  app.setErrorHandler(async (error: unknown, request, reply) => {
    const visit = visitOf(request);
    const refusal = hasLeft(request.raw) ? new Refusal('malformed_request') : asRefusal(error);
    if (refusal) meters.count('refusals', { code: refusal.code });
    if (!refusal || refusal.code === 'database_away') {
      options.log.error(
        { err: error, requestId: request.id, path: visit.path, method: request.method },
        'fault',
      );
    }
    return send(reply, visit, answerRefusal(visit, refusal, request.url, options.errorPage));
  });
}

/** In the middle of what they were sending: no fault of ours, and nobody hears the answer. */
const hasLeft = (message: IncomingMessage): boolean => message.destroyed && !message.complete;

/** A form of a button alone has no field to send: one that comes all the same is refused, as everywhere (R71). */
const NO_FIELDS = z.strictObject({}) as z.ZodType<unknown>;
const noFieldsOf = ({ method, takes = 'form', crossSite = false }: Route) =>
  method === 'POST' && takes === 'form' && !crossSite ? NO_FIELDS : undefined;

/** What a page depends on besides the request, once it is known whose it is. */
function asTheirs<Who>(visit: Visit, level: Level<Who>, who: Who): Visit {
  const locale = level.localeOf?.(who);
  const coming = level.comingOf?.(who);
  if (!locale && !coming) return visit;
  return { ...visit, ...(locale && { locale }), ...(coming && { coming }) };
}

const methodsOf = ({ method, once = false }: Route): string[] =>
  method === 'GET' && !once ? ['GET', 'HEAD'] : [method];

/** Path -> the methods that it takes; null for an unknown path. A known one with another method is 405, not 404. */
function methodTable(routes: readonly Route[]): (path: string) => string[] | null {
  const table = new Map<string, { pattern: RegExp; methods: string[] }>();
  for (const definition of routes) {
    const { path } = definition;
    const entry = table.get(path) ?? {
      pattern: new RegExp(`^${path.replace(/:\w+/g, '[^/]+')}$`),
      methods: [],
    };
    entry.methods.push(...methodsOf(definition));
    table.set(path, entry);
  }
  return (path) => [...table.values()].find(({ pattern }) => pattern.test(path))?.methods ?? null;
}
