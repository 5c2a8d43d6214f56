import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyRequest } from 'fastify';
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
 * Requests of one connection that wait for their answers. Browsers and proxies send the next after an answer (RFC 9112,
 * 9.3.2).
 */
const MOST_AT_ONCE = 20;

/**
 * Connections are few, and each holds memory: whoever sends one byte an hour, or never reads, would have them all, and
 * whoever sends thousands of requests in one piece, all the memory. Who waits for us is not cut off, however long we
 * take. `tooLate` answers on the bare socket.
 */
export function limitPatience(
  server: FastifyInstance,
  { silence, body }: Patience,
  tooLate: (socket: Socket) => void,
): void {
  const waiting = new WeakMap<Socket, number>();
  server.server.setTimeout(silence);
  server.addHook('onRequest', (request, reply, done) => {
    const { raw } = request;
    const { socket } = raw;
    const before = waiting.get(socket) ?? 0;
    if (before >= MOST_AT_ONCE) {
      // Not even looked at: what came in the same piece is still to be read from it.
      reply.hijack();
      socket.destroy();
      return;
    }
    waiting.set(socket, before + 1);
    // A listener of its own keeps Node from ending the connection whatever it waits for.
    reply.raw.on('timeout', endIfTheirs);
    const timer = hasShortBody(request) ? setTimeout(() => endIfUnread(raw, tooLate), body).unref() : null;
    reply.raw.once('close', () => {
      waiting.set(socket, (waiting.get(socket) ?? 1) - 1);
      if (timer) clearTimeout(timer);
    });
    done();
  });
}

function hasShortBody({ method, routeOptions }: FastifyRequest): boolean {
  const { takes } = routeOptions.config;
  return takes !== undefined && takes !== 'upload' && !SAFE_METHODS.has(method);
}

function endIfUnread(raw: IncomingMessage, tooLate: (socket: Socket) => void): void {
  if (raw.complete || raw.destroyed) return;
  tooLate(raw.socket);
  raw.destroy();
}

/** It is their turn: to send the rest, or to read what is there for them. */
function endIfTheirs(this: ServerResponse<IncomingMessage>): void {
  if (!this.req.complete || this.writableLength > 0) this.req.socket.destroy();
}
