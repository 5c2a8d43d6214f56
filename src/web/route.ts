import type { Readable } from 'node:stream';
import type { z } from 'zod';
import type { Html } from '../kit/html.ts';
import type { Refusal } from '../kit/refusal.ts';
import type { Locale } from '../words/locale.ts';
import type { Answer, SetCookie } from './answer.ts';
import type { ComingRule, Visit } from './visit.ts';

/**
 * Who may call a route. `admit` gives the route what it then knows about the caller, or throws the refusal. A route
 * without a level does not exist: the type demands one, and the router refuses to start for any that slips by (R31).
 */
export interface Level<Who> {
  readonly name: string;
  admit(visit: Visit): Promise<Who>;
  /** The person's own language, once it is known; null: as before anybody was known. */
  localeOf?(who: Who, visit: Visit): Locale | null;
  /** The rule that will demand a second factor of somebody who has none. */
  comingOf?(who: Who): ComingRule | null;
}

export interface Call<Who, Body, Query> {
  readonly visit: Visit;
  readonly who: Who;
  /** `GET`; or `HEAD`, of which nobody reads the answer’s body, where a route takes `GET`. */
  readonly method: string;
  readonly body: Body;
  readonly query: Query;
  /** What only programs send: `authorization`, `range`, `if-range`. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The request as it comes in, for routes that take an upload or leave it untouched. */
  readonly upload: Upload;
  readonly params: Readonly<Record<string, string>>;
}

/** What a form had in it when it was refused: shown again, except for secrets. */
export type RawFields = Readonly<Record<string, unknown>>;

/** A body that is read as it comes: multipart/form-data with its header, which holds the boundary. */
export interface Upload {
  readonly stream: Readable;
  readonly contentType: string;
}

/**
 * What the body of a request may be: a form; JSON, for the management API; a file, with the fields before it; whatever
 * it is.
 */
export type Takes = 'form' | 'json' | 'upload' | 'untouched';

export interface Route<Who = unknown, Body = unknown, Query = unknown> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS';
  readonly path: string;
  readonly level: Level<Who>;
  /** `form` where nothing is said; of anything else the answer is 415. */
  readonly takes?: Takes;
  /** A program's address, called with its own token and never by cookie: other sites' pages may call it too. */
  readonly crossSite?: boolean;
  /**
   * A GET that gives something that counts once, or takes it: whoever only looks ahead (HEAD) neither gets it nor uses it
   * up for the person, and is answered 405.
   */
  readonly once?: boolean;
  readonly body?: z.ZodType<Body>;
  readonly query?: z.ZodType<Query>;
  /**
   * The page that holds the form, when it isn't this path: where to return after signing in or confirming. May name `:id`.
   * A function where that stands in the form: it is given the fields as they came.
   */
  readonly formPage?: string | ((fields: RawFields, query: RawFields) => string);
  handle(call: Call<Who, Body, Query>): Promise<Answer>;
  /** The same page again with the complaint beside its field (422), the wait (429) or the conflict (409). */
  mistake?(call: Call<Who, RawFields, RawFields>, refusal: Refusal): Promise<Html | RefusedPage>;
}

/** A refused form's page that brings cookies with it. */
export interface RefusedPage {
  readonly body: Html;
  readonly cookies: readonly SetCookie[];
}

/** Keeps the three types together; the list of routes then forgets them. */
export function route<Who, Body, Query>(definition: Route<Who, Body, Query>): Route {
  return definition as unknown as Route;
}
