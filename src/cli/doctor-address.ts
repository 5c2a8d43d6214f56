import type { Config } from '../config.ts';
import { type Check, check, Sick } from './check.ts';

const PATIENCE_MS = 5_000;
const DISCOVERY = '/.well-known/openid-configuration';

/** How people's requests come here: through a proxy that is trusted, and at the address that links and keys name. */
export async function checkAddress(config: Config): Promise<Check[]> {
  return [
    await check('trusted_proxies', () => lookAtProxies(config)),
    await check('public_address', () => lookAtPublicAddress(config)),
  ];
}

/** Countersign speaks no TLS itself: where the address is https, something stands before it. */
function lookAtProxies({ secure, trustedProxies }: Config): string {
  if (trustedProxies.length > 0)
    return `X-Forwarded-For counts when it comes from ${trustedProxies.join(', ')}`;
  if (!secure) return 'none: the address that connects is taken to be the person’s own';
  throw new Sick(
    'TRUSTED_PROXIES is not set, though TLS ends at a proxy: everybody seems to come from its address, so one person’s wrong passwords slow everybody down, and mails name the wrong address. Set it to the proxy’s, such as 10.0.0.5/32',
  );
}

/** Asks as an app would that finds its issuer. Where the server does not run, there is nothing to ask. */
async function lookAtPublicAddress(config: Config): Promise<string> {
  const { baseUrl, secure, host, port } = config;
  const own = `http://${reachable(host)}:${port}`;
  if ((await ask(own)) instanceof Error) return `the server does not run: nothing answers at ${own}`;
  const answer = await ask(baseUrl);
  if (answer instanceof Error) {
    throw new Sick(
      `${baseUrl} cannot be reached from here: ${reasonOf(answer)}. Check DNS, the proxy and its certificate`,
    );
  }
  if (answer.issuer !== baseUrl) {
    const who =
      answer.issuer === null ? `status ${answer.status}` : `an issuer that calls itself ${answer.issuer}`;
    throw new Sick(`something else answers at ${baseUrl}: ${who}`);
  }
  if (secure && !answer.headers.has('strict-transport-security'))
    throw new Sick(
      `the proxy in front of ${baseUrl} removes Strict-Transport-Security: let our headers through`,
    );
  return `${baseUrl} leads here`;
}

/** An address to listen on that is none to connect to. */
export function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}

interface Answer {
  readonly status: number;
  readonly issuer: string | null;
  readonly headers: Headers;
}

async function ask(origin: string): Promise<Answer | Error> {
  try {
    const response = await fetch(origin + DISCOVERY, {
      redirect: 'manual',
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const body: unknown = await response.json().catch(() => null);
    const issuer = (body as { issuer?: unknown } | null)?.issuer;
    return {
      status: response.status,
      issuer: typeof issuer === 'string' ? issuer.slice(0, 200) : null,
      headers: response.headers,
    };
  } catch (error) {
    return error as Error;
  }
}

function reasonOf(error: Error): string {
  const { code } = (error.cause ?? {}) as { code?: unknown };
  if (error.name === 'TimeoutError') return `no answer within ${PATIENCE_MS / 1000} s`;
  return typeof code === 'string' ? code : error.message;
}
