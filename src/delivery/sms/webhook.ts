import { createHmac } from 'node:crypto';
import { SECOND } from '../../kit/clock.ts';
import { Undeliverable } from '../sender.ts';
import { ask, type GatewayKind, refused } from './gateway.ts';

const SHORTEST_SECRET = 16;

/** The number, or the message to it, will not do; anything else that is no 2xx is tried again. */
const FOR_GOOD: ReadonlySet<number> = new Set([400, 422]);

/**
 * An address of the operator's own, for any other way to the phone network: docs/text-messages.md. Signed as others sign
 * theirs (`t=…,v1=…`), so that the receiver can tell our messages and refuse old ones played again.
 */
export const webhook: GatewayKind = {
  schemes: { 'webhook+https': 'https', 'webhook+http': 'http' },
  plainHttp: 'loopback',
  takes: `webhook+https://HOST/PATH?secret=SECRET, with a secret of at least ${SHORTEST_SECRET} characters`,
  open({ url, user, password, parameters }, clock) {
    const secret = parameters.get('secret') ?? (password || user);
    if (secret.length < SHORTEST_SECRET) return null;
    const target = new URL(url);
    parameters.delete('secret');
    target.search = parameters.toString();
    return {
      name: 'webhook',
      origin: url.origin,
      async send({ to, text }, { id, signal }) {
        const at = clock.now();
        const body = JSON.stringify({ id, to, text, at });
        const headers = {
          'content-type': 'application/json',
          'countersign-signature': sign(secret, body, at),
        };
        const answer = await ask(target, { method: 'POST', headers, body }, signal);
        if (answer.status >= 200 && answer.status < 300) return;
        const failure = refused(answer);
        throw FOR_GOOD.has(answer.status) ? new Undeliverable(failure.message) : failure;
      },
    };
  },
};

/** `t=SECONDS,v1=HEX`: HMAC-SHA256 over `SECONDS.BODY`. */
function sign(secret: string, body: string, at: number): string {
  const t = Math.floor(at / SECOND);
  return `t=${t},v1=${createHmac('sha256', secret).update(`${t}.${body}`).digest('hex')}`;
}
