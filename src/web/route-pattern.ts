import type { FastifyRequest } from 'fastify';

/** Such as `/store/:app`; null where no route is met. Never the address that was asked for: that may hold a token (R76). */
export function routePattern({ routeOptions: { url }, is404 }: FastifyRequest): string | null {
  return is404 || url === undefined ? null : url;
}
