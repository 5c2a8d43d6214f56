import type { z } from 'zod';
import type { By } from '../audit/by.ts';
import type { ApiScope } from '../clients/client.ts';
import type { RefusalCode } from '../kit/refusal.ts';
import type { Visit } from '../web/visit.ts';

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
  /** What the answer holds; without it the answer is 204 and empty. */
  readonly result?: z.ZodType;
  /** 200 where nothing is said; 204 without a result. */
  readonly status?: 200 | 201 | 202;
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
  readonly result?: unknown;
}

export interface ApiCall<Path, Query, Body> {
  readonly visit: Visit;
  /** The program, as records and actions name it. */
  readonly by: By;
  /** Its name, for the mails that say who did something. */
  readonly doneBy: string;
  readonly params: Path;
  readonly query: Query;
  readonly body: Body;
}

/** Keeps the types together; the list then forgets them. */
export function operation<Path = undefined, Query = undefined, Body = undefined>(
  definition: Operation<Path, Query, Body>,
): Operation {
  return definition as unknown as Operation;
}
