import type { Socket } from 'node:net';
import Fastify, { type FastifyInstance } from 'fastify';
import { newId } from '../kit/random.ts';
import { Refusal } from '../kit/refusal.ts';
import { BODY_LIMIT } from './bodies.ts';
import { within } from './client-address.ts';
import { type RouterOptions, readVisit, sendAnswer } from './exchange.ts';
import { nameHeadAgain, routeHeadAsGet } from './head-as-get.ts';
import { BARE_CSP, commonHeaders } from './headers.ts';
import { limitPatience, PATIENCE } from './patience.ts';
import { answerRefusal } from './refuse.ts';
import { stopListening } from './stop-listening.ts';

/**
 * Fastify as we use it: each address takes one kind of body, and even what it refuses by itself bears our headers and
 * words.
 */
export function createServer(
  trustedProxies: readonly string[],
  options: RouterOptions,
  patience = PATIENCE,
): FastifyInstance {
  const headers = commonHeaders(options.secure);
  const server = Fastify({
    logger: false,
    // Nothing here waits for anything; a machine that is busy for ten seconds is no reason not to start.
    pluginTimeout: 0,
    bodyLimit: BODY_LIMIT,
    // Fastify's own reading of the list takes a proxy that is told with its port for a client.
    trustProxy: trustedProxies.length > 0 ? within(trustedProxies) : false,
    genReqId: () => newId(options.random),
    exposeHeadRoutes: false,
    rewriteUrl: routeHeadAsGet,
    // Zod reads what comes in (input.ts); Fastify's own compilers of schemas would be loaded for nothing.
    schemaController: { compilersFactory: { buildValidator: noSchema, buildSerializer: noSchema } },
    routerOptions: { maxParamLength: 200 },
    forceCloseConnections: 'idle' as const,
    // What came on a connection that a proxy keeps open, a moment after we began to stop, is answered like any other.
    return503OnClosing: false,
    // BASE_URL is what counts; a request without Host is no mistake that anybody could see.
    http: { requireHostHeader: false },
    // A broken address never reaches a hook, so the headers are set here. No id of ours is as long as what is too long.
    frameworkErrors: (error, request, reply) => {
      const visit = readVisit(request, options);
      reply.headers(headers).header('content-security-policy', BARE_CSP);
      const code = error.code === 'FST_ERR_MAX_PARAM_LENGTH' ? 'not_found' : 'malformed_request';
      const answer = answerRefusal(visit, new Refusal(code), '/', options.errorPage);
      sendAnswer(reply, visit, answer, options);
    },
    clientErrorHandler: (error, socket) => refuseUnparsed(error, socket, headers),
  });
  // Node would answer an `Expect` that it doesn't know by itself, without a header of ours.
  server.server.on('checkExpectation', (_request, response) => {
    response.writeHead(417, bare(headers)).end();
  });
  nameHeadAgain(server);
  server.addHook('preClose', () => stopListening(server.server));
  server.removeAllContentTypeParsers();
  const tooLate = Object.assign(new Error('too late'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' });
  limitPatience(server, patience, (socket) => refuseUnparsed(tooLate, socket, headers));
  return server;
}

function noSchema(): never {
  throw new Error('a route of ours has no schema of Fastify');
}

/** The headers of an answer without a body, after which the connection ends. */
function bare(headers: Record<string, string>): Record<string, string> {
  return { ...headers, 'content-security-policy': BARE_CSP, connection: 'close', 'content-length': '0' };
}

const STATUS: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

/** What the parser itself could not read: there is no request yet, only a socket. */
function refuseUnparsed(error: NodeJS.ErrnoException, socket: Socket, headers: Record<string, string>): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const lines = Object.entries(bare(headers)).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${STATUS[error.code ?? ''] ?? '400 Bad Request'}\r\n${lines.join('')}\r\n`);
}
