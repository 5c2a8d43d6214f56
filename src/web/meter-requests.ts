import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { MeteredRequest, Meters } from '../kit/meters.ts';
import { routePattern } from './route-pattern.ts';

/** As nginx has it: whoever asked went away before the answer was through. Whatever stands there is no fault of ours. */
const GONE = 499;

/**
 * Tells of every request when it is through, by the pattern of its route. To be called before the routes
 * are mounted.
 */
export function meterRequests(server: FastifyInstance, meters: Meters): void {
  const underWay = new WeakMap<FastifyRequest, MeteredRequest>();

  function end(request: FastifyRequest, status: number): void {
    const metered = underWay.get(request);
    underWay.delete(request);
    const route = routePattern(request);
    // A method is free text where no route is met.
    metered?.end({ method: route === null ? 'other' : request.method, route, status });
  }

  server.addHook('onRequest', (request, reply, done) => {
    const metered = meters.request();
    underWay.set(request, metered);
    // After the answer is through, which was told of by then; or before it ever is.
    reply.raw.once('close', () => end(request, GONE));
    metered.within(done);
  });
  // A body that was waited for comes out of the socket's turn, and not out of the request's.
  server.addHook('preValidation', (request, _reply, done) => {
    const metered = underWay.get(request);
    if (metered) metered.within(done);
    else done();
  });
  server.addHook('onResponse', (request, reply, done) => {
    // The library of OpenID Connect answers on the socket itself.
    end(request, reply.raw.statusCode);
    done();
  });
}
