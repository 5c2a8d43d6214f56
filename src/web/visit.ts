import type { Locale } from '../words/locale.ts';
import type { Cookies } from './cookies.ts';

export interface ComingRule {
  /** Epoch milliseconds. */
  readonly from: number;
  /** The person's own. */
  readonly timeZone: string | null;
}

/** The facts about one request that actions, records and mails may know. */
export interface Visit {
  readonly now: number;
  /** Client address; from `X-Forwarded-For` only behind a configured proxy (R58). */
  readonly network: string;
  /** Who is at the other end of the connection itself: the browser, or the nearest proxy. */
  readonly peer: string;
  /** The User-Agent as sent, at most 300 characters. */
  readonly browser: string;
  /** The Host header as sent: never a source of links, only of doubt (DNS rebinding). */
  readonly host: string;
  readonly requestId: string;
  readonly locale: Locale;
  /** As sent: it may name a country, too. */
  readonly acceptLanguage?: string | undefined;
  /** Who calls has no second factor, and a rule will demand one: told on every page. */
  readonly coming?: ComingRule;
  /** The CSP nonce of this answer. */
  readonly nonce: string;
  readonly path: string;
  readonly cookies: Cookies;
  /** The client asked for JSON: refusals are told as `{code, message}` instead of a page. */
  readonly wantsJson: boolean;
  /** The address is one that only programs call, whether there is such a one or not: refusals are told as problem+json. */
  readonly forProgram?: boolean;
  /** What a program sends with its request (RFC 6750); no page looks at it. */
  readonly authorization: string | undefined;
  /** For static files only; pages stay uncompressed, since they hold secrets (BREACH). */
  readonly acceptEncoding: string | undefined;
}
