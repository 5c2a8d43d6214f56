import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { noMeters } from '../kit/meters.ts';
import { Refusal } from '../kit/refusal.ts';
import type { Answer } from './answer.ts';
import { parseBodies } from './bodies.ts';
import { type RouterOptions, readVisit, sendAnswer } from './exchange.ts';
import { BARE_CSP, commonHeaders } from './headers.ts';
import { isOwnOrigin, SAFE_METHODS } from './origin-check.ts';
import { answerRefusal, asRefusal } from './refuse.ts';
import type { Route, Takes } from './route.ts';
import { serveRoute } from './serve-route.ts';
import { sideBySide } from './side-by-side.ts';
import type { Visit } from './visit.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    level?: string;
    crossSite?: boolean;
    once?: boolean;
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
    const { crossSite, once } = request.routeOptions.config;
    if (!crossSite && !SAFE_METHODS.has(request.method) && !isOwnOrigin(request.headers, baseUrl))
      return new Refusal('wrong_origin');
    if (!request.is404 && !(once && request.method === 'HEAD')) return null;
    const allowed = methodsAt(request.url.split('?')[0] ?? '/');
    if (!allowed) return new Refusal('not_found');
    reply.header('allow', allowed.join(', '));
    return new Refusal('method_not_allowed');
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
    const { method, path: url, level, crossSite = false, once = false, takes = 'form' } = definition;
    scope.route({
      method,
      url,
      config: { level: level.name, crossSite, once, takes },
      handler: async (request, reply) => {
        await sideBySide();
        const [visit, answer] = await serveRoute(definition, request, options);
        return send(reply, visit, answer);
      },
    });
  }

  app.setNotFoundHandler(() => {
    throw new Refusal('not_found');
  });
  app.setErrorHandler(async (error: unknown, request, reply) => {
    const visit = readVisit(request, options);
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
