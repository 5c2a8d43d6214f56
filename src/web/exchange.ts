import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../kit/clock.ts';
import { Html } from '../kit/html.ts';
import type { Log } from '../kit/log.ts';
import type { Meters } from '../kit/meters.ts';
import type { Random } from '../kit/random.ts';
import { isLocale, type Locale, negotiateLocale } from '../words/locale.ts';
import type { Answer, Relay } from './answer.ts';
import { clientAddress } from './client-address.ts';
import { readCookies, serializeCookie } from './cookies.ts';
import { pageCsp } from './headers.ts';
import type { RefusalContext } from './refuse.ts';
import type { Visit } from './visit.ts';

export interface RouterOptions {
  readonly baseUrl: string;
  readonly secure: boolean;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly meters?: Meters;
  /** The page for a refusal or fault that has no form to go back to. */
  readonly errorPage: (visit: Visit, context: RefusalContext) => Html;
  /** Origins besides ours that a form of this browser's next pages may lead to in the end (OpenID Connect). */
  readonly formTargets?: (visit: Visit) => readonly string[];
  /** True of the paths that only programs call; nobody is shown a page there. */
  readonly isForPrograms?: (path: string) => boolean;
}

/** What of a request anything behind the router may know. */
export function readVisit(
  request: FastifyRequest,
  { clock, random, secure, isForPrograms }: RouterOptions,
): Visit {
  const path = request.url.split('?')[0] ?? '/';
  let nonce: string | undefined;
  let cookies: Visit['cookies'] | undefined;
  return {
    now: clock.now(),
    network: clientAddress(request.ip),
    peer: request.socket.remoteAddress ?? '',
    browser: (request.headers['user-agent'] ?? '').slice(0, 300),
    host: request.headers.host ?? '',
    requestId: request.id,
    locale:
      askedLanguage(request.headers.cookie, secure) ?? negotiateLocale(request.headers['accept-language']),
    acceptLanguage: request.headers['accept-language'],
    // The least asked of us need neither: a proxy's question, a program's call.
    get nonce() {
      nonce ??= random.bytes(16).toString('base64url');
      return nonce;
    },
    path,
    get cookies() {
      cookies ??= readCookies(request.headers.cookie, secure);
      return cookies;
    },
    wantsJson: /^\s*application\/json\b/i.test(request.headers.accept ?? ''),
    forProgram: isForPrograms?.(path) ?? false,
    authorization: request.headers.authorization,
    acceptEncoding: request.headers['accept-encoding'] as string | undefined,
  };
}

/** What an app asked for goes before what the browser prefers. */
function askedLanguage(header: string | undefined, secure: boolean): Locale | null {
  if (!header?.includes('language=')) return null;
  const { language } = readCookies(header, secure);
  return isLocale(language) ? language : null;
}

export function sendAnswer(
  reply: FastifyReply,
  visit: Visit,
  answer: Answer,
  { secure, formTargets }: Pick<RouterOptions, 'secure' | 'formTargets'>,
): unknown {
  if (typeof answer.body === 'function') return relay(reply, answer.body);
  reply.code(answer.status);
  const cookies = answer.cookies.map((cookie) => serializeCookie(cookie, secure));
  if (cookies.length > 0) reply.header('set-cookie', cookies);
  if (answer.body instanceof Html)
    reply.header('content-security-policy', pageCsp(visit.nonce, formTargets?.(visit)));
  reply.headers(answer.headers);
  // Fastify would read a whole file in order to throw it away.
  if (answer.body instanceof Readable && reply.request.method === 'HEAD') {
    answer.body.destroy();
    return reply.send(Readable.from([]));
  }
  // Fastify would write null as JSON.
  if (answer.body === null) return reply.send();
  // As bytes: Node's own way from a long text to the socket takes several times as long.
  return reply.send(answer.body instanceof Html ? answer.body.bytes() : answer.body);
}

async function relay(reply: FastifyReply, answer: Relay): Promise<void> {
  reply.hijack();
  for (const [name, value] of Object.entries(reply.getHeaders())) {
    if (value !== undefined) reply.raw.setHeader(name, value);
  }
  await answer(reply.raw);
}
