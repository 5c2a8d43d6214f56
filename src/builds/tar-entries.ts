import { MOST_ENTRIES } from './archive-limits.ts';

/** One thing that the archive holds, as a program would unpack it. */
export interface TarEntry {
  readonly name: string;
  /** A link, a device, a pipe: whatever is neither a file nor a folder. */
  readonly isLink: boolean;
}

export type Found = readonly TarEntry[] | 'broken' | 'too-many';

export interface TarEntries {
  /** The next piece of the archive, of any length. */
  read(piece: Buffer): Found;
  /** Headers up to here, those that only carry a name among them. */
  readonly count: number;
}

const BLOCK = 512;
/** A name for the next entry that is longer than any path may be. */
const LONGEST_NAME = 64 * 1024;
/** Files and folders; the rest is a link (1, 2), a device (3, 4), a pipe (6). */
const PLAIN = new Set(['0', '\0', '5', '7']);
/** Carry the name of the entry that follows: pax, and GNU's own way. */
const NAMES = new Set(['x', 'L']);
/** Say something of all entries, or where a link leads. */
const BESIDE = new Set(['g', 'K']);

/**
 * Reads the headers of a tar archive (POSIX.1-2001 `ustar` and `pax`, and GNU's long names) and lets what is in the files go
 * by. What is no header where one should be is passed over, as programs that unpack do: an entry behind it is still found.
 */
export function openTarEntries(): TarEntries {
  let held: Buffer = Buffer.alloc(0);
  let skip = 0;
  let count = 0;
  let longName: string | null = null;

  function read(piece: Buffer): Found {
    const passed = Math.min(skip, piece.length);
    skip -= passed;
    let rest = held.length > 0 ? Buffer.concat([held, piece]) : piece.subarray(passed);
    const found: TarEntry[] = [];
    while (rest.length >= BLOCK) {
      const header = readHeader(rest.subarray(0, BLOCK));
      if (!header) {
        rest = rest.subarray(BLOCK);
        continue;
      }
      const { type, size, name } = header;
      const named = NAMES.has(type);
      if (size === null || (named && size > LONGEST_NAME)) return 'broken';
      const padded = Math.ceil(size / BLOCK) * BLOCK;
      if (named && rest.length < BLOCK + padded) break;
      count += 1;
      if (count > MOST_ENTRIES) return 'too-many';
      if (named) longName = nameIn(rest.subarray(BLOCK, BLOCK + size), type) ?? longName;
      else if (!BESIDE.has(type)) {
        found.push({ name: longName ?? name, isLink: !PLAIN.has(type) });
        longName = null;
      }
      skip = Math.max(0, BLOCK + padded - rest.length);
      rest = rest.subarray(BLOCK + padded);
    }
    held = Buffer.from(rest);
    return found;
  }

  return {
    read,
    get count() {
      return count;
    },
  };
}

interface Header {
  readonly name: string;
  readonly type: string;
  /** Null: no octal digits. GNU's own way for more than 8 GiB is more than is taken here. */
  readonly size: number | null;
}

/** Null for what is no header: its checksum, with itself taken for spaces, does not fit. */
function readHeader(block: Buffer): Header | null {
  const digits = textAt(block, 148, 8).trim();
  if (!/^[0-7]+$/.test(digits)) return null;
  let sum = 8 * 0x20;
  for (let at = 0; at < BLOCK; at += 1) if (at < 148 || at >= 156) sum += block[at] as number;
  if (sum !== Number.parseInt(digits, 8)) return null;
  const size = textAt(block, 124, 12).trim();
  const prefix = textAt(block, 257, 6).startsWith('ustar') ? textAt(block, 345, 155) : '';
  const name = textAt(block, 0, 100);
  return {
    name: prefix ? `${prefix}/${name}` : name,
    type: String.fromCharCode(block[156] as number),
    size: /^[0-7]*$/.test(size) ? Number.parseInt(size || '0', 8) : null,
  };
}

function textAt(block: Buffer, start: number, length: number): string {
  const field = block.subarray(start, start + length);
  const end = field.indexOf(0);
  return field.toString('utf8', 0, end < 0 ? length : end);
}

/** `L`: the name; `x`: records such as `21 path=../../evil\n`, each with its own length before it; the last path counts. */
function nameIn(data: Buffer, type: string): string | null {
  if (type === 'L') return textAt(data, 0, data.length);
  let name: string | null = null;
  for (let at = 0; at < data.length; ) {
    const length = Number(/^\d{1,6}(?= )/.exec(data.toString('latin1', at, at + 7))?.[0] ?? 0);
    if (length === 0) break;
    const record = data.toString('utf8', at, at + length - 1);
    name = /^\d+ path=([\s\S]*)$/.exec(record)?.[1] ?? name;
    at += length;
  }
  return name;
}
