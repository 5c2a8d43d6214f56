import { z } from 'zod';
import { FIELD_COMPLAINTS, type FieldComplaint, Refusal } from '../kit/refusal.ts';
import { safeReturnTo } from './return-to.ts';
import type { RawFields } from './route.ts';

/** A text field that must be there. Longer than `max` characters is refused before anything looks at it. */
export function textField(max = 200): z.ZodType<string> {
  return z
    .string({ error: (issue) => (issue.input === undefined ? 'required' : 'malformed') })
    .min(1, 'required')
    .max(max, 'too_long');
}

/**
 * A text field whose own rule says what is wrong with it, an empty or missing one included: together with what the
 * other fields' rules say (`refuseFields`). Longer than `max` is refused here all the same.
 */
export function ruledText(max = 200): z.ZodType<string> {
  return z.string('malformed').max(max, 'too_long').default('');
}

export function optionalText(max = 200): z.ZodType<string | undefined> {
  return z.string('malformed').max(max, 'too_long').optional();
}

/** One of our ids (`newId`). */
export const idField: z.ZodType<string> = z.string('malformed').regex(/^[0-9a-f]{32}$/, 'malformed');

/** Missing, empty or repeated is a wrong answer, not a malformed request: it costs one try (A12). */
export const answerField: z.ZodType<string> = answerOfAtMost(100);

/** The same for what a security key answers; RSA keys and long ids take some kilobytes. */
export const credentialField: z.ZodType<string> = answerOfAtMost(16 * 1024);

function answerOfAtMost(length: number): z.ZodType<string> {
  return z
    .any()
    .optional()
    .transform((value) => (typeof value === 'string' && value.length <= length ? value : ''));
}

export const returnToField: z.ZodType<string> = z.any().optional().transform(safeReturnTo);

/** The form's own: undefined where it names none, so that the one in the address counts. */
export const ownReturnTo: z.ZodType<string | undefined> = z
  .any()
  .optional()
  .transform((value) => (value === undefined ? undefined : safeReturnTo(value)));

/**
 * Fields that nobody asked for are refused (R71: `role`, `emailVerified`); so are arrays and objects where a text
 * belongs. @throws {Refusal} malformed_request, invalid_input
 */
export function readInput<T>(schema: z.ZodType<T> | undefined, raw: unknown): T {
  if (!schema) return undefined as T;
  const result = schema.safeParse(raw);
  if (result.success) return result.data;
  const fields: Record<string, FieldComplaint> = {};
  for (const issue of result.error.issues) {
    const name = String(issue.path[0] ?? '');
    if (!isComplaint(issue.message) || name === '') throw new Refusal('malformed_request');
    fields[name] ??= issue.message;
  }
  throw new Refusal('invalid_input', { fields });
}

function isComplaint(message: string): message is FieldComplaint {
  return FIELD_COMPLAINTS.includes(message as FieldComplaint);
}

/** What to show again in a refused form. */
export function rawText(fields: RawFields, name: string, longest = 500): string {
  const value = fields[name];
  return typeof value === 'string' ? value.slice(0, longest) : '';
}

/** The page that a mail's link opened, for the form on it: the token stands in its address too. */
export function pageOfLink(path: string): (fields: RawFields) => string {
  return (fields) => `${path}?token=${encodeURIComponent(rawText(fields, 'token'))}`;
}

/** What was ticked of several that have one name: a form sends it as often as there are ticks. */
export function rawChoices(fields: RawFields, name: string): string[] {
  return [fields[name] ?? []].flat().filter((value) => typeof value === 'string');
}
