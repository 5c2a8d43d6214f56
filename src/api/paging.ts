import { z } from 'zod';
import { cutPage } from '../kit/cut-page.ts';
import { Refusal } from '../kit/refusal.ts';

const PAGE_LIMIT = 200;

/** Digits alone: `0x10`, `1e2` and ` 5` are numbers to JavaScript, and mistakes in an address. */
const inDigits = (text: unknown) => (typeof text === 'string' && /^\d+$/.test(text) ? Number(text) : text);

/** The query of every list. */
export const paging = {
  limit: z
    .preprocess(inDigits, z.int().min(1).max(PAGE_LIMIT).default(50))
    .meta({ description: 'How many at most.', example: 50 }),
  cursor: z
    .string()
    .max(1_000)
    .optional()
    .meta({ description: '`next_cursor` of the page before; nothing for the first page.' }),
};

/** Of every list that is searched a piece at a time, so that no request reads millions of rows. */
export const MAY_BE_SHORT =
  'A page may be short, even empty, and not be the last: go on for as long as there is a `next_cursor`.';

export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({
    data: z.array(item),
    next_cursor: z.string().nullable().meta({ description: 'For the next page; null on the last one.' }),
  });
}

/**
 * `rows` are one more than were asked for where there is a next page. The cursor is opaque to programs: the last row's
 * place in the order.
 */
export function asPage<Row, Item>(
  rows: readonly Row[],
  limit: number,
  place: (row: Row) => string,
  show: (row: Row) => Item,
): { data: Item[]; next_cursor: string | null } {
  const { shown, next } = cutPage(rows, limit, place);
  return { data: shown.map(show), next_cursor: asCursor(next) };
}

/** `place` null: there is no next page. */
export function asCursor(place: string | null): string | null {
  return place === null ? null : Buffer.from(place).toString('base64url');
}

/** Where the page begins, after this place; empty for the first. @throws {Refusal} malformed_request */
export function readCursor(cursor: string | undefined): string {
  if (cursor === undefined) return '';
  const place = Buffer.from(cursor, 'base64url').toString();
  if (Buffer.from(place).toString('base64url') !== cursor || place.includes('\0')) throw notOurs();
  return place;
}

/** What a cursor that somebody has made up is answered with. */
export function notOurs(): Refusal {
  const problems = [{ at: 'query.cursor', message: 'is none that we gave' }];
  return new Refusal('malformed_request', { problems });
}
