import { parse } from 'node:querystring';
import formbody from '@fastify/formbody';
import type { FastifyInstance } from 'fastify';
import { Refusal } from '../kit/refusal.ts';
import { wasUtf8 } from '../kit/utf8.ts';
import type { Takes } from './route.ts';

/** Room for a password of 1,024 bytes and a WebAuthn answer, percent-encoded; more is 413. */
export const BODY_LIMIT = 64 * 1024;

/** What the routes of this scope take; any other body is 415, before anything of it is read. */
export async function parseBodies(scope: FastifyInstance, takes: Takes): Promise<void> {
  if (takes === 'form') await scope.register(formbody, { bodyLimit: BODY_LIMIT, parser: parseForm });
  if (takes === 'json') {
    scope.addContentTypeParser(
      ['application/json', 'application/merge-patch+json'],
      { parseAs: 'buffer', bodyLimit: BODY_LIMIT },
      async (_request: unknown, bytes: Buffer) => parseJson(bytes),
    );
  }
  // Left as it comes in: the route reads it to its end, or ends the connection.
  if (takes === 'upload') scope.addContentTypeParser('multipart/form-data', async () => ({}));
  if (takes === 'untouched') scope.addContentTypeParser('*', async () => ({}));
}

/** What isn't UTF-8 counts like a field that came twice, which each route refuses in its own way. */
function parseForm(text: string): Record<string, string | string[] | undefined> {
  const fields = parse(text, '&', '=', { maxKeys: 0 });
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value === 'string' && !wasUtf8(value)) fields[name] = [value, value];
  }
  return fields;
}

/** What is no UTF-8 is no JSON (RFC 8259): nothing is kept with marks in the place of what was meant. */
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Undefined for a body without a byte. @throws {Refusal} malformed_request */
function parseJson(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  try {
    return JSON.parse(UTF8.decode(bytes), refuseUnfit);
  } catch {
    throw new Refusal('malformed_request');
  }
}

/**
 * A key of this name would reach into prototypes further on; half of a sign (`\ud83d`) is no UTF-8 either, though it comes
 * in ASCII. Nobody asked for them, so they are refused like any other.
 */
function refuseUnfit(key: string, value: unknown): unknown {
  if (key === '__proto__' || (typeof value === 'string' && !value.isWellFormed()))
    throw new Refusal('malformed_request');
  return value;
}
