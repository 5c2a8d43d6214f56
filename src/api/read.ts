import type { z } from 'zod';
import { type InputProblem, Refusal } from '../kit/refusal.ts';

type Part = 'path' | 'query' | 'body';

/**
 * All that is wrong with a request at once, each with its place. No text holds a zero byte, of which PostgreSQL takes none.
 * An address that cannot be one of ours is not found, like one that is and names nothing.
 * @throws {Refusal} malformed_request, not_found
 */
export function readParts(
  schemas: Readonly<Record<Part, z.ZodType | undefined>>,
  raw: Readonly<Record<Part, unknown>>,
): Record<Part, unknown> {
  const read: Record<Part, unknown> = { path: undefined, query: undefined, body: undefined };
  const problems: InputProblem[] = [];
  for (const part of ['path', 'query', 'body'] as const) {
    const result = schemas[part]?.safeParse(raw[part]);
    if (result?.success) read[part] = result.data;
    for (const { path, message } of result?.error?.issues ?? [])
      problems.push({ at: [part, ...path.map(String)].join('.'), message });
    for (const at of zeroBytesIn(raw[part], part)) problems.push({ at, message: 'holds a zero byte' });
  }
  if (problems.some(({ at }) => /^path\b/.test(at))) throw new Refusal('not_found');
  if (problems.length > 0) throw new Refusal('malformed_request', { problems });
  return read;
}

function* zeroBytesIn(value: unknown, at: string): Generator<string> {
  if (typeof value === 'string' && value.includes('\0')) yield at;
  if (typeof value !== 'object' || value === null) return;
  for (const [name, inner] of Object.entries(value)) yield* zeroBytesIn(inner, `${at}.${name}`);
}
