import { isUtf8 } from 'node:buffer';
import { readFile, stat } from 'node:fs/promises';
import { z } from 'zod';
import { BadFile } from './newcomer.ts';
import { notUtf8 } from './utf8.ts';

/** Node reads no longer text than this at once. */
const MOST_BYTES = 500 * 1024 * 1024;

/** A whole file of JSON. @throws {BadFile} which names the line, and quotes nothing: there are secrets in it */
export async function readJsonFile(path: string): Promise<unknown> {
  const { size } = await stat(path);
  if (size > MOST_BYTES) throw new BadFile('The file is larger than 500 MB: split it into several.');
  const bytes = await readFile(path);
  if (!isUtf8(bytes)) throw notUtf8();
  try {
    return JSON.parse(bytes.toString().replace(/^\ufeff/, ''));
  } catch (error) {
    const line = /\(line (\d+) column \d+\)/.exec((error as Error).message)?.[1];
    throw new BadFile(`The file is not JSON${line ? `: look at line ${line}` : ''}.`);
  }
}

/** What of a row is not as it should be: `credentials[0].type: …`. Names fields, and repeats no value. */
export function complaintOf(error: z.ZodError): string {
  const [issue] = error.issues;
  const path = issue?.path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('');
  return `${path ? `${path.replace(/^\./, '')}: ` : ''}${issue?.code === 'invalid_type' ? `is not of type ${issue.expected}` : 'is not as expected'}`;
}

/** A field that may be missing, null or empty. */
export const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '');

/** As JSON, SQLite and dumps write it. */
export const flag = z.union([z.boolean(), z.number(), z.string()]).nullish().transform(isTrue);

/** Databases dump a boolean in as many ways. */
export function isTrue(value: unknown): boolean {
  return [true, 1, '1', 't', 'true'].includes(value as never);
}

/** Stands in for a name where there is none. */
export const localPart = (email: string): string => email.split('@')[0] ?? '';
