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
/** What is said of the next entry is hardly more than its name, which is longer than any path may be. */
const LONGEST_ASIDE = 64 * 1024;
/** Files and folders; the rest is a link (1, 2), a device (3, 4), a pipe (6). */
const PLAIN = new Set(['0', '\0', '5', '7']);
const FOLDER = '5';
/** Say something of the entry that follows, its name above all: pax, and GNU's own way; `g`: of all that follow. */
const ASIDES = new Set(['x', 'L', 'g']);
/** Where a link leads. */
const LINK_NAME = 'K';

/**
 * Reads the headers of a tar archive (POSIX.1-2001 `ustar` and `pax`, and GNU's long names) and lets what is in the files go
 * by. What is no header where one should be is passed over, as programs that unpack do: an entry behind it is still found.
 * Where they disagree on how an archive reads, one of them would unpack what nobody looked at: that is broken.
 */
export function openTarEntries(): TarEntries {
  let held: Buffer = Buffer.alloc(0);
  let skip = 0;
  let count = 0;
  let said: Aside = NOTHING_SAID;

  function read(piece: Buffer): Found {
    const passed = Math.min(skip, piece.length);
    skip -= passed;
    let rest = held.length > 0 ? Buffer.concat([held, piece]) : piece.subarray(passed);
    const found: TarEntry[] = [];
    while (rest.length >= BLOCK) {
      const header = readHeader(rest.subarray(0, BLOCK));
      if (header === 'broken') return 'broken';
      if (!header) {
        rest = rest.subarray(BLOCK);
        continue;
      }
      const { type, size } = header;
      const isAside = ASIDES.has(type);
      if (isAside && size > LONGEST_ASIDE) return 'broken';
      const padded = Math.ceil(size / BLOCK) * BLOCK;
      if (isAside && rest.length < BLOCK + padded) break;
      count += 1;
      if (count > MOST_ENTRIES) return 'too-many';
      if (isAside) {
        const more = readAside(rest.subarray(BLOCK, BLOCK + size), type);
        if (!more) return 'broken';
        said = { names: [...said.names, ...more.names], size: more.size ?? said.size };
      } else if (type !== LINK_NAME) {
        const names = said.names.length > 0 ? said.names : [header.name];
        if (isAmbiguous(header, names, said.size)) return 'broken';
        found.push(...names.map((name) => ({ name, isLink: !PLAIN.has(type) })));
        said = NOTHING_SAID;
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
  readonly size: number;
}

/** Null for what is no header: its checksum, with itself taken for spaces, does not fit. */
function readHeader(block: Buffer): Header | 'broken' | null {
  const digits = block.toString('latin1', 148, 156);
  const stated = Number.parseInt(/^\0?\s*([0-7]+)/.exec(digits)?.[1] ?? '', 8);
  const [sum, signedSum] = sumsOf(block);
  if (stated !== sum && stated !== signedSum) return null;
  const size = block.toString('latin1', 124, 136);
  // Some programs sum up signed bytes, or read past a zero byte; some write more than 8 GiB in a way of their own.
  if (stated !== sum || !OCTAL.test(digits) || !OCTAL.test(size)) return 'broken';
  const prefix = textAt(block, 257, 6).startsWith('ustar') ? textAt(block, 345, 155) : '';
  const name = textAt(block, 0, 100);
  return {
    name: prefix ? `${prefix}/${name}` : name,
    type: String.fromCharCode(block[156] as number),
    size: Number.parseInt(size.trim() || '0', 8) || 0,
  };
}

/** A number as every program reads it. */
const OCTAL = /^ *[0-7]*[ \0]*$/;

function sumsOf(block: Buffer): readonly [unsigned: number, signed: number] {
  let sum = 8 * 0x20;
  let signedSum = sum;
  for (let at = 0; at < BLOCK; at += 1) {
    if (at >= 148 && at < 156) continue;
    sum += block[at] as number;
    signedSum += block.readInt8(at);
  }
  return [sum, signedSum];
}

/** By some a folder has no bytes behind it, whatever its header says; by some the size said aside counts, by some not. */
function isAmbiguous({ type, size }: Header, names: readonly string[], saidSize: number | null): boolean {
  const isFolder = type === FOLDER || names.some((name) => name.endsWith('/'));
  return (isFolder && size > 0) || (saidSize !== null && saidSize !== size);
}

function textAt(block: Buffer, start: number, length: number): string {
  const field = block.subarray(start, start + length);
  const end = field.indexOf(0);
  return field.toString('utf8', 0, end < 0 ? length : end);
}

/** What stands before an entry and is said of it. */
interface Aside {
  /** Whichever of them a program goes by. */
  readonly names: readonly string[];
  readonly size: number | null;
}

const NOTHING_SAID: Aside = { names: [], size: null };

/** `L`: the name; `x`, `g`: records such as `21 path=../../evil\n`, each with its own length before it. Null: not so. */
function readAside(data: Buffer, type: string): Aside | null {
  if (type === 'L') return { names: [textAt(data, 0, data.length)], size: null };
  const names: string[] = [];
  let size: number | null = null;
  for (let at = 0; at < data.length; ) {
    const length = Number(/^\d{1,6}(?= )/.exec(data.toString('latin1', at, at + 7))?.[0] ?? 0);
    const record = data.toString('utf8', at, at + length);
    const [, key = '', value = ''] = /^\d+ ([^=]+)=([\s\S]*)\n$/.exec(record) ?? [];
    if (key === '') return null;
    if (NAMING.has(key)) names.push(value);
    if (key === 'size') size = /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
    at += length;
  }
  // Of all entries at once nobody honest says that.
  return type === 'g' && (names.length > 0 || size !== null) ? null : { names, size };
}

/** Sparse files have their true name in a record of GNU's own. */
const NAMING = new Set(['path', 'GNU.sparse.name']);
