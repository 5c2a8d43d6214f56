import { crc32, gzipSync, zstdCompressSync } from 'node:zlib';
import { PNG } from 'pngjs';
import { FORMATS, type Format, HEAD_BYTES, TAIL_BYTES } from '../../src/builds/format-rules.ts';
import { type ArchiveEntry, tarOf, zipOf } from './archive.ts';
import type { Browser, Page } from './browser.ts';

/** A file as a form sends it. */
export interface SampleFile {
  readonly name: string;
  readonly bytes: Buffer;
}

const INFO_PLIST = `<?xml version="1.0" encoding="UTF-8"?>
<plist version="1.0"><dict><key>CFBundleIdentifier</key><string>org.example.notes</string><key>CFBundleShortVersionString</key><string>2.4.1</string><key>CFBundleDisplayName</key><string>Field &amp; Notes</string></dict></plist>`;

export const infoPlist = (content: string | Buffer = INFO_PLIST): ArchiveEntry => ({
  name: 'Payload/Notes.app/Info.plist',
  content,
});

function withText(
  length: number,
  ...texts: readonly [at: number, text: string | readonly number[]][]
): Buffer {
  const bytes = Buffer.alloc(length, 0x2e);
  for (const [at, text] of texts) Buffer.from(text as string, 'latin1').copy(bytes, at);
  return bytes;
}

const portableExecutable = (): Buffer => {
  const bytes = withText(HEAD_BYTES, [0, 'MZ'], [128, 'PE\0\0']);
  bytes.writeUInt32LE(128, 0x3c);
  return bytes;
};

/** The least that each format is known by. */
const SAMPLES: Record<Format, () => Buffer> = {
  apk: () => zipOf([{ name: 'AndroidManifest.xml', content: 'x' }]),
  aab: () => zipOf([{ name: 'BundleConfig.pb', content: 'x' }]),
  ipa: () => zipOf([infoPlist()]),
  dmg: () => withText(8192, [8192 - TAIL_BYTES, 'koly']),
  pkg: () => withText(600, [0, 'xar!']),
  exe: portableExecutable,
  msi: () => withText(600, [0, [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]]),
  deb: () => withText(600, [0, '!<arch>\ndebian-binary']),
  rpm: () => withText(600, [0, [0xed, 0xab, 0xee, 0xdb]]),
  appimage: () => withText(600, [0, '\x7fELF'], [8, 'AI\x02']),
  zip: () => zipOf([{ name: 'notes/read me.txt', content: 'Hello' }]),
  tar: () => tarOf([{ name: 'notes/read me.txt', content: 'Hello' }]),
  'tar.gz': () => gzipSync(tarOf([{ name: 'notes/read me.txt', content: 'Hello' }])),
  'tar.xz': () => withText(600, [0, [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]]),
  'tar.zst': () => zstdCompressSync(tarOf([{ name: 'notes/read me.txt', content: 'Hello' }])),
  'tar.bz2': () => withText(600, [0, 'BZh91AY&SY']),
};

export function sample(format: Format, name = `field-notes-2.4.1.${format}`): SampleFile {
  return { name, bytes: SAMPLES[format]() };
}

export const allSamples = (): readonly SampleFile[] => FORMATS.map((format) => sample(format));

/** Of the chunk that every PNG file begins with. */
const [HEADER_START, HEADER_END] = [8, 33];

/** `text`: what stands in it besides the pixels (`tEXt`, a keyword first). */
export function picture(width: number, height = width, text = ''): Buffer {
  const png = new PNG({ width, height });
  png.data.fill(0x7f);
  const file = PNG.sync.write(png);
  if (text === '') return file;
  const chunk = Buffer.from(`tEXt${text}`, 'latin1');
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(chunk.length - 4);
  sum.writeUInt32BE(crc32(chunk));
  return Buffer.concat([file.subarray(0, HEADER_END), length, chunk, sum, file.subarray(HEADER_END)]);
}

/** The first one's header, and behind it all of the second one, whose own header comes second. */
export function twoHeaders(first: Buffer, second: Buffer): Buffer {
  return Buffer.concat([first.subarray(0, HEADER_END), second.subarray(HEADER_START)]);
}

export const BOUNDARY = 'x-boundary-of-the-tests-x';
export const MULTIPART = `multipart/form-data; boundary=${BOUNDARY}`;

/** multipart/form-data, the fields first. */
export function multipart(
  fields: Readonly<Record<string, string>>,
  file: SampleFile | null,
  fileField = 'file',
): Buffer {
  const parts: Buffer[] = Object.entries(fields).map(([name, value]) =>
    Buffer.from(`--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`),
  );
  if (file) {
    const head = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${fileField}"; filename="${file.name}"\r\nContent-Type: application/octet-stream\r\n\r\n`;
    parts.push(Buffer.from(head), file.bytes, Buffer.from('\r\n'));
  }
  return Buffer.concat([...parts, Buffer.from(`--${BOUNDARY}--\r\n`)]);
}

/** Sends the form of an upload page. */
export function sendBuild(
  browser: Browser,
  slug: string,
  file: SampleFile | null,
  fields: Readonly<Record<string, string>> = {},
): Promise<Page> {
  const body = multipart({ version: '2.4.1', ...fields }, file);
  return browser.send('POST', `/store/manage/${slug}/upload`, body, { 'content-type': MULTIPART });
}

export function sendIcon(browser: Browser, slug: string, bytes: Buffer, name = 'icon.png'): Promise<Page> {
  const body = multipart({}, { name, bytes }, 'icon');
  return browser.send('POST', `/store/manage/${slug}/icon`, body, { 'content-type': MULTIPART });
}
