/** Where a build runs; `any`: an archive that says nothing of it. */
export const PLATFORMS = ['android', 'ios', 'macos', 'windows', 'linux', 'any'] as const;
export type Platform = (typeof PLATFORMS)[number];

/** How much of a file's beginning and end `formatOf` looks at, in bytes. */
export const HEAD_BYTES = 4096;
export const TAIL_BYTES = 512;

interface Kind {
  /** How a file's name ends, in lower case. */
  readonly endings: readonly string[];
  /** Null: the publisher says. */
  readonly platform: Platform | null;
  readonly contentType: string;
  /** A ZIP archive underneath, whose list of contents is looked through. */
  readonly zip: boolean;
  /** True where the first bytes, and for one the last, are those of this format. */
  looks(head: Buffer, tail: Buffer): boolean;
}

const begins =
  (...signatures: readonly (string | readonly number[])[]) =>
  (head: Buffer): boolean =>
    signatures.some((signature) => {
      const bytes = typeof signature === 'string' ? Buffer.from(signature, 'latin1') : Buffer.from(signature);
      return head.subarray(0, bytes.length).equals(bytes);
    });

/** An entry's header at the very start: nothing stands before an archive that could make it something else too. */
const isZip = begins('PK\x03\x04');

/** The allow-list (R78): what is not here is not taken, whatever it calls itself. */
const KINDS = {
  apk: {
    endings: ['.apk'],
    platform: 'android',
    contentType: 'application/vnd.android.package-archive',
    zip: true,
    looks: isZip,
  },
  aab: {
    endings: ['.aab'],
    platform: 'android',
    contentType: 'application/octet-stream',
    zip: true,
    looks: isZip,
  },
  ipa: {
    endings: ['.ipa'],
    platform: 'ios',
    contentType: 'application/octet-stream',
    zip: true,
    looks: isZip,
  },
  // Apple's disk image is known by its last block.
  dmg: {
    endings: ['.dmg'],
    platform: 'macos',
    contentType: 'application/x-apple-diskimage',
    zip: false,
    looks: (_head, tail) => tail.length === TAIL_BYTES && begins('koly')(tail),
  },
  pkg: {
    endings: ['.pkg'],
    platform: 'macos',
    contentType: 'application/octet-stream',
    zip: false,
    looks: begins('xar!'),
  },
  exe: {
    endings: ['.exe'],
    platform: 'windows',
    contentType: 'application/octet-stream',
    zip: false,
    looks: isPortableExecutable,
  },
  msi: {
    endings: ['.msi'],
    platform: 'windows',
    contentType: 'application/x-msi',
    zip: false,
    looks: begins([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]),
  },
  deb: {
    endings: ['.deb'],
    platform: 'linux',
    contentType: 'application/vnd.debian.binary-package',
    zip: false,
    looks: begins('!<arch>\ndebian-binary'),
  },
  rpm: {
    endings: ['.rpm'],
    platform: 'linux',
    contentType: 'application/x-rpm',
    zip: false,
    looks: begins([0xed, 0xab, 0xee, 0xdb]),
  },
  appimage: {
    endings: ['.appimage'],
    platform: 'linux',
    contentType: 'application/octet-stream',
    zip: false,
    looks: (head) =>
      begins('\x7fELF')(head) &&
      head.toString('latin1', 8, 10) === 'AI' &&
      (head[10] === 1 || head[10] === 2),
  },
  zip: { endings: ['.zip'], platform: null, contentType: 'application/zip', zip: true, looks: isZip },
  tar: {
    endings: ['.tar'],
    platform: null,
    contentType: 'application/x-tar',
    zip: false,
    looks: (head) => head.toString('latin1', 257, 262) === 'ustar',
  },
  'tar.gz': {
    endings: ['.tar.gz', '.tgz'],
    platform: null,
    contentType: 'application/gzip',
    zip: false,
    looks: begins([0x1f, 0x8b, 0x08]),
  },
  'tar.xz': {
    endings: ['.tar.xz', '.txz'],
    platform: null,
    contentType: 'application/x-xz',
    zip: false,
    looks: begins([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]),
  },
  'tar.zst': {
    endings: ['.tar.zst', '.tzst'],
    platform: null,
    contentType: 'application/zstd',
    zip: false,
    looks: begins([0x28, 0xb5, 0x2f, 0xfd]),
  },
  'tar.bz2': {
    endings: ['.tar.bz2', '.tbz2'],
    platform: null,
    contentType: 'application/x-bzip2',
    zip: false,
    looks: (head) => /^BZh[1-9]1AY&SY/.test(head.toString('latin1', 0, 10)),
  },
} as const satisfies Record<string, Kind>;

export type Format = keyof typeof KINDS;
export const FORMATS = Object.keys(KINDS) as readonly Format[];

/** What a browser's file dialog offers: `.apk,.aab,…` */
export const ENDINGS: readonly string[] = FORMATS.flatMap((format) => KINDS[format].endings);

export function kindOf(format: Format): Kind {
  return KINDS[format];
}

/** By the end of its name alone; null for one that is not taken. */
export function namedFormat(fileName: string): Format | null {
  const name = fileName.toLowerCase();
  return (
    FORMATS.find((format) =>
      KINDS[format].endings.some((ending) => name.endsWith(ending) && name.length > ending.length),
    ) ?? null
  );
}

/** Windows' own format: an old header that points to the new one. */
function isPortableExecutable(head: Buffer): boolean {
  if (!begins('MZ')(head) || head.length < 64) return false;
  const offset = head.readUInt32LE(0x3c);
  return offset >= 64 && head.toString('latin1', offset, offset + 4) === 'PE\0\0';
}
