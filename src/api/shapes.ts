import { z } from 'zod';

/** Identifiers of ours are opaque: 1 to 64 letters, digits, `_` or `-`. */
export const id = z.string().regex(/^[\w-]{1,64}$/);

/** RFC 3339, in UTC. */
export const instant = z.iso.datetime();

export function asInstant(at: number): string;
export function asInstant(at: number | null): string | null;
export function asInstant(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
