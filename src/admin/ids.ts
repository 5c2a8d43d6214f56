import { z } from 'zod';
import { Refusal } from '../kit/refusal.ts';

/** What can be an id at all; PostgreSQL takes no text with a zero byte in it. */
export const anyIdField = z.string().regex(/^[\w-]{1,64}$/);

/** Part of a path, as an id. @throws {Refusal} not_found */
export function idIn(params: Readonly<Record<string, string>>, name = 'id'): string {
  const read = anyIdField.safeParse(params[name]);
  if (!read.success) throw new Refusal('not_found');
  return read.data;
}
