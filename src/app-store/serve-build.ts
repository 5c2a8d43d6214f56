import { Readable } from 'node:stream';
import { FileMissing } from '../builds/files/build-files.ts';
import { kindOf } from '../builds/format-rules.ts';
import { attachment } from '../builds/name-rules.ts';
import { type Entitled, noteDownload } from '../builds/open-download.ts';
import type { BuildDeps } from '../builds/publisher.ts';
import { askedSpan, isKnown, type Span } from '../builds/range-rules.ts';
import { bufferCollector } from '../kit/free-buffers.ts';
import { Refusal } from '../kit/refusal.ts';
import type { Answer } from '../web/answer.ts';
import type { Visit } from '../web/visit.ts';

/** Files that one person may have open at once, in parts or whole; programs that download take up to sixteen. */
const MOST_OPEN = 32;

/** Person -> how many: each holds memory, a file, and where there is a bucket one of its few connections, while nobody reads. */
const underWay = new Map<string, number>();

/** What of a request says which part of the file is wanted. */
export interface Wanted {
  readonly method: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/**
 * The file or the part of it that was asked for, streamed, always as an attachment and never as a page (R79). Its tag is its
 * checksum, so that a download that broke off goes on where it was, or starts again when the file is another.
 * @throws {Refusal} not_found: the file itself is gone; too_many_attempts
 */
export async function serveBuild(
  deps: BuildDeps,
  visit: Visit,
  account: { readonly pseudonym: string },
  entitled: Entitled,
  { method, headers: sent }: Wanted,
): Promise<Answer> {
  const { build } = entitled;
  const etag = `"${build.sha256}"`;
  const headers = {
    'content-type': kindOf(build.format).contentType,
    'content-disposition': attachment(build.file_name),
    'content-security-policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
    'accept-ranges': 'bytes',
    etag,
  };
  if (isKnown(sent['if-none-match'], etag)) return { status: 304, cookies: [], headers, body: null };
  const asked = askedSpan({ range: sent['range'], ifRange: sent['if-range'] }, build.size, etag);
  if (asked === 'beyond') {
    const range = { 'content-range': `bytes */${build.size}`, 'content-length': '0' };
    return { status: 416, cookies: [], headers: { ...headers, ...range }, body: null };
  }
  const span = asked === 'whole' ? { start: 0, end: build.size - 1 } : asked;
  const length = { 'content-length': String(span.end - span.start + 1) };
  const part = asked === 'whole' ? {} : { 'content-range': `bytes ${span.start}-${span.end}/${build.size}` };
  const answer = {
    status: asked === 'whole' ? 200 : 206,
    cookies: [],
    headers: { ...headers, ...length, ...part },
  };
  if (method === 'HEAD') return { ...answer, body: Readable.from([]) };
  const body = await openFor(account.pseudonym, () => open(deps, build.id, span));
  try {
    if (span.start === 0) await noteDownload(deps, visit, account, entitled);
    return { ...answer, body };
  } catch (error) {
    body.destroy();
    throw error;
  }
}

async function openFor(person: string, work: () => Promise<Readable>): Promise<Readable> {
  const count = underWay.get(person) ?? 0;
  if (count >= MOST_OPEN) throw new Refusal('too_many_attempts', { retryAfter: 60 });
  underWay.set(person, count + 1);
  const done = () => {
    const left = (underWay.get(person) ?? 1) - 1;
    if (left > 0) underWay.set(person, left);
    else underWay.delete(person);
  };
  try {
    return (await work()).once('close', done);
  } catch (error) {
    done();
    throw error;
  }
}

async function open({ files, log }: BuildDeps, id: string, span: Span): Promise<Readable> {
  try {
    return freeing(await files.read(id, span));
  } catch (error) {
    if (!(error instanceof FileMissing)) throw error;
    log.error({ err: error, build: id }, 'somebody took a file away');
    throw new Refusal('not_found');
  }
}

/** What the socket has taken is cleared away at once. */
function freeing(source: Readable): Readable {
  async function* pieces(): AsyncGenerator<Buffer> {
    const free = bufferCollector();
    for await (const piece of source as AsyncIterable<Buffer>) {
      yield piece;
      free(piece.length);
    }
  }
  // The generator closes its source only once it has begun.
  return Readable.from(pieces(), { objectMode: false }).once('close', () => source.destroy());
}
