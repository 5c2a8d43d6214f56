import { isLoopback } from '../../config/listening.ts';
import type { Clock } from '../../kit/clock.ts';
import type { TextSender } from '../sender.ts';

/**
 * One way to the phone network. `send` throws `Undeliverable` for a number that will not work at the next try either,
 * and any other error for what may. No error holds the number, the text or a credential (R76).
 */
export interface Gateway extends TextSender {
  /** As its makers call it; for the operator. */
  readonly name: string;
  /** Where it listens, without path and credentials; for the operator. */
  readonly origin: string;
}

/** What `delivery/sms/all.ts` lists: one kind of gateway, told by the scheme of `SMS_URL`. */
export interface GatewayKind {
  /** Scheme -> what is spoken with it. */
  readonly schemes: Readonly<Record<string, 'https' | 'http'>>;
  /** Whether plain http may leave this machine: only where the gateway itself knows nothing better. */
  readonly plainHttp: 'anywhere' | 'loopback';
  /** Where `SMS_URL` names no host. */
  readonly defaultHost?: string;
  /** `twilio://SID:TOKEN@HOST?from=…`: what a refusal says. */
  readonly takes: string;
  /** Null where the address lacks something. */
  open(address: GatewayAddress, clock: Clock): Gateway | null;
}

/** `SMS_URL`, taken apart. */
export interface GatewayAddress {
  /** What is asked, without user, password and query. */
  readonly url: URL;
  /** Decoded; empty where there is none. */
  readonly user: string;
  readonly password: string;
  readonly parameters: URLSearchParams;
  readonly onLoopback: boolean;
}

/** -> null for what is no address of this kind. */
export function readGatewayAddress(text: string, kind: GatewayKind): GatewayAddress | null {
  const [scheme = '', rest = ''] = text.split(/:\/\/(.*)/s);
  const spoken = kind.schemes[scheme.toLowerCase()];
  if (spoken === undefined) return null;
  const named = kind.defaultHost ? rest.replace(/@(?=[/?]|$)/, `@${kind.defaultHost}`) : rest;
  // A number begins with +, which a query would read as a space.
  const plain = `${spoken}://${named.replace(/\?.*/s, (query) => query.replaceAll('+', '%2B'))}`;
  if (!URL.canParse(plain)) return null;
  const url = new URL(plain);
  const onLoopback = isLoopback(url.hostname);
  if (spoken === 'http' && kind.plainHttp === 'loopback' && !onLoopback) return null;
  const [user, password] = [decoded(url.username), decoded(url.password)];
  if (user === null || password === null) return null;
  const parameters = new URLSearchParams(url.search);
  url.username = '';
  url.password = '';
  url.search = '';
  url.hash = '';
  return { url, user, password, parameters, onLoopback };
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

/** Somebody waits in front of the page (R16). */
const PATIENCE_MS = 5_000;
/** No gateway has more to say; a sick one must not fill the memory. */
const MOST_BYTES = 65_536;

export interface Answer {
  readonly status: number;
  /** At most the first 64 KiB. */
  readonly text: string;
}

/** What went wrong, without a word of what was sent or answered: gateways repeat numbers, texts and passwords. */
export class GatewayFailure extends Error {
  readonly code: string | undefined;
  constructor(message: string, code?: string) {
    super(message);
    this.name = 'GatewayFailure';
    this.code = code;
  }
}

/** Asks once. Redirects are not followed: they would carry the code to somebody else. @throws {GatewayFailure} */
export async function ask(
  url: URL,
  request: Pick<RequestInit, 'method' | 'headers' | 'body'>,
  signal: AbortSignal,
): Promise<Answer> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
  try {
    const response = await fetch(url, { ...request, redirect: 'error', signal: limit });
    return { status: response.status, text: await readSome(response) };
  } catch (error) {
    if (limit.aborted) throw new GatewayFailure('the gateway did not answer in time');
    const { code, message } = ((error as Error).cause ?? {}) as { code?: string; message?: string };
    if (message === 'unexpected redirect') throw new GatewayFailure('the gateway answers with a redirect');
    throw new GatewayFailure('the gateway cannot be asked', code);
  }
}

/** A gateway that answered, but not with yes. `reason` is a number or word of its own protocol. */
export function refused({ status }: Answer, reason?: string): GatewayFailure {
  return new GatewayFailure(`the gateway answered ${status}${reason ? `, ${reason}` : ''}`);
}

async function readSome({ body }: Response): Promise<string> {
  if (!body) return '';
  const decoder = new TextDecoder();
  let text = '';
  let left = MOST_BYTES;
  // Leaving the loop ends the transfer.
  for await (const chunk of body) {
    text += decoder.decode(chunk.subarray(0, left), { stream: true });
    left -= chunk.length;
    if (left <= 0) break;
  }
  return text;
}

/** How long the code in the message is still worth something, in whole `unit`s of milliseconds, at least one. */
export function remainingLife(expiresAt: number, now: number, unit: number, most: number): string {
  return String(Math.min(most, Math.max(1, Math.ceil((expiresAt - now) / unit))));
}
