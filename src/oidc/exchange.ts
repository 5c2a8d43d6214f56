import type { IncomingMessage } from 'node:http';
import type { GrantRow } from '../clients/grant-store.ts';
import type { Tx } from '../database/open.ts';
import type { SignedIn } from '../sessions/session.ts';
import type { Visit } from '../web/visit.ts';
import type { Locale } from '../words/locale.ts';
import { PATHS } from './paths.ts';

/** One request to the protocol's own addresses, beside what the library knows of it. */
export interface Exchange {
  readonly visit: Visit;
  /** Whoever is signed in here, checked against the database on this very request; null also where nobody asks. */
  readonly who: SignedIn | null;
  /** The interaction whose result this request brings to its app. */
  readonly ended: string | null;
  /** The request waits for its person from now on. */
  began: Begun | null;
  /** What a code given now rests on, where it is new: stored together with the code. */
  grant: GrantRow | null;
  /** The grant of the token that was found last: read in one select with it. */
  found: GrantRow | null;
  /** What the token endpoint stores before it answers; null elsewhere, where each write stands alone. */
  readonly writes: Write[] | null;
  /** What goes to the app. */
  answer: Readonly<Record<string, unknown>> | null;
  /** The page is one of ours; what else the library draws is not shown. */
  ownPage: boolean;
  /** What the library answers with `server_error`. */
  fault: unknown;
}

export interface Begun {
  readonly uid: string;
  /** Where a form may lead in the end: the validated redirect URI's origin, or its scheme. */
  readonly target: string;
  /** The language that the app asked for until somebody is signed in (OpenID Connect Core 3.1.2.1, `ui_locales`). */
  readonly locale: Locale | null;
}

export type Write = (tx: Tx) => Promise<void>;

const exchanges = new WeakMap<IncomingMessage, Exchange>();

export function beginExchange(
  request: IncomingMessage,
  known: Pick<Exchange, 'visit' | 'who' | 'ended'>,
): void {
  exchanges.set(request, {
    ...known,
    began: null,
    grant: null,
    found: null,
    writes: known.visit.path === PATHS.token ? [] : null,
    answer: null,
    ownPage: false,
    fault: null,
  });
}

/** @throws when the library is called past our own routes */
export function exchangeOf({ req }: { req: IncomingMessage }): Exchange {
  const exchange = exchanges.get(req);
  if (!exchange) throw new Error('a request reached OpenID Connect past its own routes');
  return exchange;
}
