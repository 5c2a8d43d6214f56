import { crc32 } from 'node:zlib';

export interface ArchiveEntry {
  readonly name: string;
  readonly content?: string | Buffer;
  /** Unix mode, with its kind: 0o120777 is a link. */
  readonly mode?: number;
  /** What the list of contents claims, whatever the truth. */
  readonly claimedSize?: number;
  /** What stands before the file, where that is another name than in the list; of the same length. */
  readonly nameBefore?: string;
}

/** A ZIP archive as small as can be: nothing is compressed, so that a test knows every byte of it. */
export function zipOf(entries: readonly ArchiveEntry[]): Buffer {
  const files: Buffer[] = [];
  const list: Buffer[] = [];
  let offset = 0;
  for (const { name, content = '', mode = 0o100644, claimedSize, nameBefore = name } of entries) {
    const path = Buffer.from(name);
    const data = Buffer.from(content);
    // "Deflated" where the sizes differ: of what isn't compressed a reader sees at once that it lies.
    const method = claimedSize === undefined ? 0 : 8;
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(0x0800, 2);
    common.writeUInt16LE(method, 4);
    common.writeUInt32LE(crc32(data), 10);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(claimedSize ?? data.length, 18);
    common.writeUInt16LE(path.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, Buffer.from(nameBefore), data]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE((mode << 16) >>> 0, 6);
    rest.writeUInt32LE(offset, 10);
    // "Made by Unix", or the mode would mean nothing.
    list.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x03', 'latin1'), common, rest, path]));
    files.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(list);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(Math.min(entries.length, 0xffff), 8);
  end.writeUInt16LE(Math.min(entries.length, 0xffff), 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...files, directory, end]);
}

export interface TarFile {
  readonly name: string;
  readonly content?: string | Buffer;
  /** `2` is a symbolic link, `L` and `x` carry the next one's name. */
  readonly type?: string;
  /** What the header says instead of the true length. */
  readonly size?: string;
  /** The sum of its bytes as signed numbers, as some old programs wrote it. */
  readonly signedSum?: boolean;
}

/** A tar archive in the `ustar` format. */
export function tarOf(files: readonly TarFile[]): Buffer {
  const blocks = files.flatMap(({ name, content = '', type = '0', size, signedSum = false }) => {
    const data = Buffer.from(content);
    const header = Buffer.alloc(512);
    header.write(name, 0, 100);
    header.write('0000644\0', 100);
    header.write(`${size ?? data.length.toString(8).padStart(11, '0')}\0`, 124);
    header.write('        ', 148);
    header.write(type, 156);
    header.write('ustar\x0000', 257);
    const sum = header.reduce((all, byte) => all + (signedSum && byte > 127 ? byte - 256 : byte), 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    return [header, data, Buffer.alloc((512 - (data.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}
