import type { z } from 'zod';
import type { By } from '../audit/by.ts';
import type { ApiScope } from '../clients/client.ts';
import type { RefusalCode } from '../kit/refusal.ts';
import type { SentFile } from '../web/multipart.ts';
import type { Visit } from '../web/visit.ts';
import type { ApiClient } from './level.ts';

/** One thing that a program can ask for. What is checked and what is documented are the same schemas. */
export interface Operation<Path = unknown, Query = unknown, Body = unknown> {
  /** `listAccounts`: unique, a verb and its object. */
  readonly id: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below `/api/v1`, as OpenAPI writes it: `/accounts/{account_id}`. */
  readonly path: string;
  readonly tag: string;
  readonly scope: ApiScope;
  readonly summary: string;
  readonly description?: string;
  readonly params?: z.ZodType<Path>;
  readonly query?: z.ZodType<Query>;
  readonly body?: z.ZodType<Body>;
  /** The body is multipart/form-data: `body` are the fields, and behind them comes a file, named `file`. */
  readonly upload?: boolean;
  /** What the answer holds; without it the answer is 204 and empty. */
  readonly result?: z.ZodType;
  /** 200 where nothing is said; 204 without a result. */
  readonly status?: 200 | 201 | 202;
  /** What was made stands below `path`, under this field of the result: `Location` says so (RFC 9110, 9.3.3). */
  readonly makes?: string;
  /** What can be refused beside what every operation can. */
  readonly refusals?: readonly RefusalCode[];
  /** Stands in the document, and is run by a test against people and apps with these very ids. */
  readonly example: Example;
  handle(call: ApiCall<Path, Query, Body>): Promise<unknown>;
}

export interface Example {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Of an upload: what the file is called. */
  readonly file?: string;
  readonly result?: unknown;
}

export interface ApiCall<Path, Query, Body> {
  readonly visit: Visit;
  readonly program: ApiClient;
  /** The program, as records and actions name it. */
  readonly by: By;
  /** Its name, for the mails that say who did something. */
  readonly doneBy: string;
  readonly params: Path;
  readonly query: Query;
  readonly body: Body;
  /** Null where none was sent, and of every operation that is no upload. */
  readonly file: SentFile | null;
}

/** Keeps the types together; the list then forgets them. */
export function operation<Path = undefined, Query = undefined, Body = undefined>(
  definition: Operation<Path, Query, Body>,
): Operation {
  return definition as unknown as Operation;
}
