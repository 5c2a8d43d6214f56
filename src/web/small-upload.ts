import { Busboy, type BusboyInstance } from '@fastify/busboy';
import { MINUTE } from '../kit/clock.ts';
import { Refusal } from '../kit/refusal.ts';
import { wasUtf8 } from '../kit/utf8.ts';
import type { Upload } from './route.ts';

/** Milliseconds for all of it. What was allowed when it began is not kept open by whoever sends a byte a minute. */
const PATIENCE = 5 * MINUTE;

export interface SmallForm {
  /** Field -> what was typed. */
  readonly fields: Readonly<Record<string, string>>;
  /** Field -> the file that was chosen; nothing where none was. */
  readonly files: Readonly<Record<string, Buffer>>;
}

export interface SmallFormShape {
  readonly fields: readonly string[];
  readonly files: readonly string[];
  /** Bytes of each field and file. */
  readonly limit: number;
}

/**
 * Reads a multipart form whose files are small enough to be in memory (RFC 7578). Parts that nobody asked for are refused,
 * as fields of any form are (R71), and so is one that comes twice or is not UTF-8. @throws {Refusal} malformed_request,
 * body_too_large
 */
export function readSmallForm({ stream, contentType }: Upload, shape: SmallFormShape): Promise<SmallForm> {
  const fields: Record<string, string> = {};
  const files: Record<string, Buffer> = {};
  const parts = shape.fields.length + shape.files.length;
  return new Promise((resolve, reject) => {
    /** What is still on its way is thrown away, so that the browser hears why. */
    const refuse = (code: 'malformed_request' | 'body_too_large') => {
      clearTimeout(timer);
      stream.unpipe();
      stream.resume();
      reject(new Refusal(code));
    };
    const timer = setTimeout(() => refuse('malformed_request'), PATIENCE).unref();
    const parser = openParser(contentType, { ...shape, parts });
    if (!parser) return refuse('malformed_request');

    parser.on('field', (name, value, _nameCut, valueCut) => {
      if (valueCut) return refuse('body_too_large');
      if (!shape.fields.includes(name) || Object.hasOwn(fields, name) || !wasUtf8(value))
        return refuse('malformed_request');
      fields[name] = value;
    });
    parser.on('file', (name, file, fileName) => {
      file.on('error', () => refuse('malformed_request'));
      if (!shape.files.includes(name) || Object.hasOwn(files, name)) {
        file.resume();
        return refuse('malformed_request');
      }
      const pieces: Buffer[] = [];
      file.on('data', (piece: Buffer) => pieces.push(piece));
      file.on('limit', () => refuse('body_too_large'));
      // A field in which nobody has chosen a file is sent too, without a name.
      file.on('end', () => {
        if (fileName) files[name] = Buffer.concat(pieces);
      });
    });
    for (const event of ['partsLimit', 'filesLimit', 'fieldsLimit'] as const)
      parser.on(event, () => refuse('malformed_request'));
    parser.on('finish', () => {
      clearTimeout(timer);
      resolve({ fields, files });
    });
    parser.on('error', () => refuse('malformed_request'));
    stream.on('error', () => refuse('malformed_request'));
    stream.on('close', () => {
      if (!stream.readableEnded) refuse('malformed_request');
    });
    stream.pipe(parser);
  });
}

/** Null where it is no such form. */
function openParser(
  contentType: string,
  { limit, parts }: { limit: number; parts: number },
): BusboyInstance | null {
  try {
    return new Busboy({
      headers: { 'content-type': contentType },
      limits: { fieldSize: limit, fileSize: limit, parts, headerPairs: 20, headerSize: 8192 },
    });
  } catch {
    return null;
  }
}
