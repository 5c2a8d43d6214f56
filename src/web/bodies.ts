import formbody from '@fastify/formbody';
import type { FastifyInstance } from 'fastify';
import { Refusal } from '../kit/refusal.ts';
import type { Takes } from './route.ts';

/** Room for a password of 1,024 bytes and a WebAuthn answer, percent-encoded; more is 413. */
export const BODY_LIMIT = 64 * 1024;

/** What the routes of this scope take; any other body is 415, before anything of it is read. */
export async function parseBodies(scope: FastifyInstance, takes: Takes): Promise<void> {
  if (takes === 'form') await scope.register(formbody, { bodyLimit: BODY_LIMIT });
  if (takes === 'json') {
    scope.addContentTypeParser(
      ['application/json', 'application/merge-patch+json'],
      { parseAs: 'string', bodyLimit: BODY_LIMIT },
      async (_request: unknown, text: string) => parseJson(text),
    );
  }
  // Left as it comes in: the route reads it to its end, or ends the connection.
  if (takes === 'upload') scope.addContentTypeParser('multipart/form-data', async () => ({}));
  if (takes === 'untouched') scope.addContentTypeParser('*', async () => ({}));
}

/** Undefined for a body without a byte. @throws {Refusal} malformed_request */
function parseJson(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text, refusePrototype);
  } catch {
    throw new Refusal('malformed_request');
  }
}

/** A key of this name would reach into prototypes further on; nobody asked for it, so it is refused like any other. */
function refusePrototype(key: string, value: unknown): unknown {
  if (key === '__proto__') throw new Refusal('malformed_request');
  return value;
}
