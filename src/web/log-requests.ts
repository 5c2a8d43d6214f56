import type { FastifyInstance } from 'fastify';
import type { Log } from '../kit/log.ts';
import { routePattern } from './route-pattern.ts';

/**
 * At `LOG_LEVEL=debug`, a line for each request that was answered, with the id that an error page shows (R76).
 */
export function logRequests(server: FastifyInstance, log: Log): void {
  if (!log.isLevelEnabled('debug')) return;
  server.addHook('onResponse', (request, reply, done) => {
    log.debug(
      {
        requestId: request.id,
        method: request.method,
        route: routePattern(request),
        // The library of OpenID Connect answers on the socket itself.
        status: reply.raw.statusCode,
        ms: Math.round(reply.elapsedTime),
      },
      'answered',
    );
    done();
  });
}
