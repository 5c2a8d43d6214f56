import { PassThrough, type Readable } from 'node:stream';
import { Busboy, type BusboyInstance } from '@fastify/busboy';
import { Refusal } from '../kit/refusal.ts';
import { wasUtf8 } from '../kit/utf8.ts';
import type { RawFields, Upload } from './route.ts';

/** Room for a few thousand characters of any script. */
const FIELD_BYTES = 64 * 1024;
const FIELDS = 20;
/** A refused file is read to its end, so that the browser hears why; nobody sends for ever. */
const PATIENCE_BYTES = 4 * 1024 ** 3;

export interface SentFile {
  /** As it was sent: perhaps with a path in it, perhaps with worse. */
  readonly name: string;
  readonly stream: Readable;
}

const seen = new WeakMap<Upload, RawFields>();

/** What the form had in it when it was refused: to be shown again. */
export function typedFields(upload: Upload): RawFields {
  return seen.get(upload) ?? {};
}

/**
 * Reads multipart/form-data as it comes (RFC 7578): the fields, then the file, which is never in memory as a whole. `take` is
 * called once: at the beginning of the file, which it may read or leave, or at the end of the form, with null, where no
 * file was chosen. The file it reads ends with the form and not before: what is said behind it would be acknowledged unread.
 * -> what `take` gives
 * @throws {Refusal} malformed_request: no such form, a field twice or not UTF-8 (as in every form), a field or a second file
 * behind the file, bytes without a file's name, more parts than a form of ours has, or cut off
 */
export function readUpload<T>(
  upload: Upload,
  take: (fields: RawFields, file: SentFile | null) => Promise<T>,
): Promise<T> {
  const { stream: source, contentType } = upload;
  const fields: Record<string, string> = {};
  seen.set(upload, fields);
  const parser = openParser(contentType);

  return new Promise((resolve, reject) => {
    let taking: Promise<T> | undefined;
    let current: PassThrough | undefined;
    let malformed = false;

    const begin = (file: SentFile | null): Promise<T> => {
      const promise = malformed ? Promise.reject(new Refusal('malformed_request')) : take(fields, file);
      promise.catch(() => {});
      return promise;
    };
    // Whoever reads the file is told too, and leaves nothing half done.
    const breakOff = () => {
      const broken = new Refusal('malformed_request');
      current?.destroy(broken);
      source.unpipe(parser);
      source.resume();
      const refuse = () => reject(broken);
      if (taking) taking.then(refuse, refuse);
      else refuse();
    };

    // Said once the file is on its way, or more than is looked at: acknowledged, it would be lost.
    const tooMuch = () => {
      if (taking) breakOff();
      else malformed = true;
    };

    parser.on('field', (name, value) => {
      if (taking) return breakOff();
      if (Object.hasOwn(fields, name) || !wasUtf8(value)) malformed = true;
      Object.defineProperty(fields, name, { value, enumerable: true, configurable: true });
    });
    parser.on('file', (_field, stream, name) => {
      stream.on('error', () => {});
      // A file field in which nobody has chosen anything is sent too, without a name and without a byte.
      if (!name) return void stream.on('data', tooMuch);
      if (taking) return breakOff();
      const file = new PassThrough();
      current = file;
      file.on('error', () => {});
      stream.pipe(file, { end: false });
      // Whoever has seen enough may close it, and the rest goes by.
      file.on('close', () => stream.resume());
      taking = begin({ name, stream: file });
      const drain = () => {
        stream.unpipe(file);
        drainWithin(stream, source);
      };
      taking.then(drain, drain);
    });
    for (const event of ['partsLimit', 'filesLimit', 'fieldsLimit'] as const) parser.on(event, tooMuch);
    parser.on('finish', () => {
      current?.end();
      taking ??= begin(null);
      taking.then(resolve, reject);
    });
    parser.on('error', breakOff);
    source.on('error', breakOff);
    source.on('close', () => {
      if (!source.readableEnded) breakOff();
    });
    source.pipe(parser);
  });
}

/** @throws {Refusal} malformed_request */
function openParser(contentType: string): BusboyInstance {
  try {
    return new Busboy({
      headers: { 'content-type': contentType },
      // What a name looks like as sent is for the room to judge.
      preservePath: true,
      limits: {
        fields: FIELDS,
        fieldSize: FIELD_BYTES,
        files: 2,
        parts: FIELDS + 2,
        headerPairs: 20,
        headerSize: 8192,
      },
    });
  } catch {
    throw new Refusal('malformed_request');
  }
}

function drainWithin(stream: Readable, source: Readable): void {
  let left = PATIENCE_BYTES;
  stream.on('data', (piece: Buffer) => {
    left -= piece.length;
    if (left < 0) source.destroy();
  });
  stream.resume();
}
