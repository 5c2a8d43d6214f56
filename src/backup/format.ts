import type { Value } from '../database/snapshot.ts';

/**
 * What is inside of the pieces (docs/backup.md): lines of JSON, an object that says what follows and then what it said. The
 * same for both engines.
 */
export type Line =
  | {
      readonly head: {
        /** Ids of the migrations that made the schema. */
        readonly schema: readonly string[];
        readonly made_at: number;
        readonly engine: string;
      };
    }
  /** Rows follow, one array a line. */
  | { readonly table: string; readonly columns: readonly string[] }
  /** So many bytes follow, and then a new line. */
  | { readonly file: string; readonly size: number }
  | { readonly end: { readonly rows: number; readonly files: number } };

/** What a reader is told, in the order of the file. */
export type Found =
  | { readonly kind: 'line'; readonly line: Line }
  | { readonly kind: 'rows'; readonly rows: Value[][] }
  | { readonly kind: 'bytes'; readonly bytes: Buffer };

/** Whole and ours by its seal, and yet not what we write: made by something else that has the key. */
export class NotABackup extends Error {
  constructor(why: string) {
    super(`it does not read as a backup: ${why}`);
    this.name = 'NotABackup';
  }
}

const NEW_LINE = 10;
const NEW_LINES = Buffer.from([NEW_LINE]);

export const lineOf = (line: Line): Buffer => Buffer.from(`${JSON.stringify(line)}\n`);

export const linesOf = (rows: readonly Value[][]): Buffer =>
  Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));

export const AFTER_FILE = NEW_LINES;

/** @throws {NotABackup} */
export async function* readLines(source: AsyncIterable<Buffer>): AsyncGenerator<Found, void, void> {
  let rest: Buffer = Buffer.alloc(0);
  let bytesLeft = 0;
  let afterFile = false;
  for await (const part of source) {
    rest = rest.length === 0 ? part : Buffer.concat([rest, part]);
    while (rest.length > 0) {
      if (bytesLeft > 0) {
        const bytes = rest.subarray(0, bytesLeft);
        bytesLeft -= bytes.length;
        rest = rest.subarray(bytes.length);
        yield { kind: 'bytes', bytes };
        continue;
      }
      if (afterFile) {
        if (rest[0] !== NEW_LINE) throw new NotABackup('a file is longer than it was said to be');
        rest = rest.subarray(1);
        afterFile = false;
        continue;
      }
      const { found, used } = readUpToFile(rest);
      if (used === 0) break;
      rest = rest.subarray(used);
      for (const one of found) {
        if (one.kind === 'line' && 'file' in one.line) {
          bytesLeft = one.line.size;
          afterFile = true;
        }
        yield one;
      }
    }
  }
  if (rest.length > 0 || bytesLeft > 0 || afterFile) throw new NotABackup('it ends within a line');
}

/** Whole lines, rows gathered; up to the first that announces bytes. */
function readUpToFile(text: Buffer): { found: Found[]; used: number } {
  const found: Found[] = [];
  let rows: Value[][] = [];
  let used = 0;
  const gather = () => {
    if (rows.length > 0) found.push({ kind: 'rows', rows });
    rows = [];
  };
  for (;;) {
    const end = text.indexOf(NEW_LINE, used);
    if (end < 0) break;
    const value = parse(text.toString('utf8', used, end));
    used = end + 1;
    if (Array.isArray(value)) {
      rows.push(value as Value[]);
      continue;
    }
    gather();
    found.push({ kind: 'line', line: value as Line });
    if ('file' in (value as object)) break;
  }
  gather();
  return { found, used };
}

function parse(text: string): unknown {
  try {
    const value = JSON.parse(text) as unknown;
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // Told below.
  }
  throw new NotABackup('a line is no JSON');
}
