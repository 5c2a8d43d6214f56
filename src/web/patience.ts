import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { MINUTE } from '../kit/clock.ts';
import { SAFE_METHODS } from './origin-check.ts';

/** How long somebody may hold a connection without making use of it, in milliseconds. */
export interface Patience {
  /** No byte comes in of a request, or goes out of an answer. Node itself waits a minute for headers. */
  readonly silence: number;
  /** All of a form, or of JSON: 64 KiB at most. Uploads take as long as they take, while something comes. */
  readonly body: number;
}

export const PATIENCE: Patience = { silence: 2 * MINUTE, body: MINUTE };

/**
 * Connections are few, and each holds memory: whoever sends one byte an hour, or never reads, would have them all. Whoever
 * waits for us is not cut off, however long we take. `tooLate` answers on the bare socket.
 */
export function limitPatience(
  server: FastifyInstance,
  { silence, body }: Patience,
  tooLate: (socket: Socket) => void,
): void {
  server.server.setTimeout(silence);
  server.addHook('onRequest', (request, reply, done) => {
    // A listener of its own keeps Node from ending the connection whatever it waits for.
    reply.raw.on('timeout', endIfTheirs);
    const { takes } = request.routeOptions.config;
    if (takes !== undefined && takes !== 'upload' && !SAFE_METHODS.has(request.method)) {
      const timer = setTimeout(() => {
        const { raw } = request;
        if (raw.complete || raw.destroyed) return;
        tooLate(raw.socket);
        raw.destroy();
      }, body).unref();
      reply.raw.once('close', () => clearTimeout(timer));
    }
    done();
  });
}

/** It is their turn: to send the rest, or to read what is there for them. */
function endIfTheirs(this: ServerResponse<IncomingMessage>): void {
  if (!this.req.complete || this.writableLength > 0) this.req.socket.destroy();
}
