import type { FastifyInstance } from 'fastify';
import type { Log } from '../kit/log.ts';

/**
 * At `LOG_LEVEL=debug`, a line for each request that was answered, with the id that an error page shows. The
 * pattern of the route, never the address: that may hold a token (R76).
 */
export function logRequests(server: FastifyInstance, log: Log): void {
  if (!log.isLevelEnabled('debug')) return;
  server.addHook('onResponse', (request, reply, done) => {
    const { url } = request.routeOptions;
    log.debug(
      {
        requestId: request.id,
        method: request.method,
        route: request.is404 || url === undefined ? null : url,
        // The library of OpenID Connect answers on the socket itself.
        status: reply.raw.statusCode,
        ms: Math.round(reply.elapsedTime),
      },
      'answered',
    );
    done();
  });
}
