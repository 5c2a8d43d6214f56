import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';

/** HEAD while it looks for its route. */
const onTheWay = new WeakSet<IncomingMessage>();

/**
 * HEAD asks for what GET would answer, without the body (RFC 9110, 9.3.2), so it takes the routes of GET: a tree of its own,
 * as large as theirs, would cost a start a twentieth of its time. Fastify's `rewriteUrl`, the only place before the routing.
 */
export function routeHeadAsGet(request: IncomingMessage): string {
  if (request.method === 'HEAD') {
    onTheWay.add(request);
    request.method = 'GET';
  }
  return request.url ?? '/';
}

/** Behind the routing it is what it was, before anything else looks at it. */
export function nameHeadAgain(server: FastifyInstance): void {
  server.addHook('onRequest', ({ raw }, _reply, done) => {
    if (onTheWay.delete(raw)) raw.method = 'HEAD';
    done();
  });
}
