import { createHash, createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export const ACCESS_KEY = 'the-access-key';
export const SECRET_KEY = 'the secret/key+1';
export const BUCKET = 'the-bucket';
const REGION = 'eu-central-1';

export interface BucketServer {
  /** For BUILDS_URL. */
  readonly url: string;
  readonly objects: Map<string, { bytes: Buffer; at: number }>;
  /** Begun and neither completed nor aborted. */
  readonly uploads: Map<string, { key: string; parts: Map<number, Buffer>; at: number }>;
  /** What was wrong with a request, if anything ever was. */
  readonly complaints: string[];
  /** The largest body of one request so far, in bytes. */
  largest(): number;
  /** From now on every part of an upload is refused. */
  refuseParts(): void;
  close(): Promise<void>;
}

/**
 * As much of S3 as we speak, and strict about it: every request must bear a right signature (AWS Signature Version 4) over its
 * method, path, query, headers and the hash of its body, name our bucket in the path and be one of seven operations.
 */
export async function startBucket(): Promise<BucketServer> {
  const objects: BucketServer['objects'] = new Map();
  const uploads: BucketServer['uploads'] = new Map();
  const complaints: string[] = [];
  let largest = 0;
  let refusing = false;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request);
    largest = Math.max(largest, body.length);
    const url = new URL(request.url ?? '/', 'http://bucket');
    const fault = faultOf(request, url, body);
    if (fault) {
      complaints.push(`${request.method} ${request.url}: ${fault}`);
      return fail(response, 403, 'SignatureDoesNotMatch');
    }
    const [, , ...rest] = url.pathname.split('/');
    const key = decodeURIComponent(rest.join('/'));
    const query = url.searchParams;
    const id = query.get('uploadId') ?? '';
    const upload = uploads.get(id);
    const at = Math.floor(Date.now() / 1000) * 1000;
    switch (true) {
      case request.method === 'POST' && query.has('uploads'): {
        const fresh = `upload-${uploads.size + 1}`;
        uploads.set(fresh, { key, parts: new Map(), at });
        return xml(
          response,
          `<InitiateMultipartUploadResult><UploadId>${fresh}</UploadId></InitiateMultipartUploadResult>`,
        );
      }
      case request.method === 'PUT' && id !== '': {
        if (!upload || refusing) return fail(response, 400, 'InvalidPart');
        upload.parts.set(Number(query.get('partNumber')), body);
        response.setHeader('etag', tagOf(body));
        return void response.end();
      }
      case request.method === 'POST' && id !== '': {
        if (!upload) return fail(response, 404, 'NoSuchUpload');
        const named = [
          ...body
            .toString()
            .matchAll(/<ETag>(.*?)<\/ETag>.*?<PartNumber>(\d+)<|<PartNumber>(\d+)<.*?<ETag>(.*?)<\/ETag>/g),
        ];
        const parts = named.map(([, tag, n, m, tag2]) => ({
          number: Number(n ?? m),
          tag: (tag ?? tag2 ?? '').replaceAll('&quot;', '"'),
        }));
        const right = parts.every(
          ({ number, tag }, index) =>
            number === index + 1 && tagOf(upload.parts.get(number) ?? Buffer.alloc(0)) === tag,
        );
        const small = parts
          .slice(0, -1)
          .some(({ number }) => (upload.parts.get(number)?.length ?? 0) < 5 * 1024 * 1024);
        if (!right || small || parts.length !== upload.parts.size) return fail(response, 400, 'InvalidPart');
        objects.set(key, {
          bytes: Buffer.concat(parts.map(({ number }) => upload.parts.get(number) as Buffer)),
          at,
        });
        uploads.delete(id);
        return xml(response, '<CompleteMultipartUploadResult/>');
      }
      case request.method === 'DELETE' && id !== '':
        uploads.delete(id);
        return void response.writeHead(204).end();
      case request.method === 'PUT':
        objects.set(key, { bytes: body, at });
        return void response.end();
      case request.method === 'DELETE':
        objects.delete(key);
        return void response.writeHead(204).end();
      case query.get('list-type') === '2':
        return list(response, query);
      case query.has('uploads'): {
        const rows = [...uploads].map(
          ([name, one]) =>
            `<Upload><Key>${one.key}</Key><UploadId>${name}</UploadId><Initiated>${new Date(one.at).toISOString()}</Initiated></Upload>`,
        );
        return xml(response, `<ListMultipartUploadsResult>${rows.join('')}</ListMultipartUploadsResult>`);
      }
      case request.method === 'GET':
        return get(request, response, key);
      default:
        complaints.push(`${request.method} ${request.url}: no operation of ours`);
        return fail(response, 400, 'InvalidRequest');
    }
  }

  function get(request: IncomingMessage, response: ServerResponse, key: string): void {
    const found = objects.get(key);
    if (!found) {
      fail(response, 404, 'NoSuchKey');
      return;
    }
    const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
    if (from === undefined) complaints.push('a file was asked for without saying which part');
    const part = found.bytes.subarray(Number(from), Number(to) + 1);
    response.writeHead(206, {
      'content-length': part.length,
      'content-range': `bytes ${from}-${to}/${found.bytes.length}`,
    });
    response.end(part);
  }

  /** Two at a time, so that whoever lists must go on. */
  function list(response: ServerResponse, query: URLSearchParams): void {
    const prefix = query.get('prefix') ?? '';
    const all = [...objects].filter(([key]) => key.startsWith(prefix)).sort();
    const start = Number(query.get('continuation-token') ?? 0);
    const rows = all
      .slice(start, start + 2)
      .map(
        ([key, { at }]) =>
          `<Contents><Key>${key}</Key><LastModified>${new Date(at).toISOString()}</LastModified></Contents>`,
      );
    const next = start + 2 < all.length ? `<NextContinuationToken>${start + 2}</NextContinuationToken>` : '';
    xml(response, `<ListBucketResult>${rows.join('')}${next}</ListBucketResult>`);
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error) => {
      complaints.push(String(error));
      response.destroy();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const user = `${encodeURIComponent(ACCESS_KEY)}:${encodeURIComponent(SECRET_KEY)}`;
  return {
    url: `s3://${user}@127.0.0.1:${port}/${BUCKET}?region=${REGION}&tls=no`,
    objects,
    uploads,
    complaints,
    largest: () => largest,
    refuseParts() {
      refusing = true;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Null for a request that is as it should be. */
function faultOf(request: IncomingMessage, url: URL, body: Buffer): string | null {
  if (!url.pathname.startsWith(`/${BUCKET}`)) return 'the bucket is not in the path';
  const declared = String(request.headers['x-amz-content-sha256'] ?? '');
  if (declared !== createHash('sha256').update(body).digest('hex')) return `the body's hash is "${declared}"`;
  const found =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(
      request.headers.authorization ?? '',
    );
  if (!found) return 'no signature';
  const [, accessKey, day, region, names = '', signature] = found as unknown as string[];
  if (accessKey !== ACCESS_KEY || region !== REGION) return 'not our key or region';
  const signed = names.split(';');
  for (const must of ['host', 'x-amz-content-sha256', 'x-amz-date'])
    if (!signed.includes(must)) return `${must} is not signed`;
  const encode = (text: string) =>
    encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  const query = [...url.searchParams]
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join('&');
  const headers = signed.map((name) => `${name}:${String(request.headers[name]).trim()}\n`).join('');
  const canonical = [request.method, url.pathname, query, headers, names, declared].join('\n');
  const stamp = String(request.headers['x-amz-date']);
  const scope = `${day}/${region}/s3/aws4_request`;
  const hashed = createHash('sha256').update(canonical).digest('hex');
  const key = [day, region, 's3', 'aws4_request'].reduce<Buffer | string>(
    (secret, part) =>
      createHmac('sha256', secret)
        .update(part as string)
        .digest(),
    `AWS4${SECRET_KEY}`,
  );
  const right = createHmac('sha256', key)
    .update(['AWS4-HMAC-SHA256', stamp, scope, hashed].join('\n'))
    .digest('hex');
  return right === signature ? null : 'the signature is wrong';
}

const tagOf = (bytes: Buffer): string => `"${createHash('md5').update(bytes).digest('hex')}"`;

function xml(response: ServerResponse, body: string): void {
  response.writeHead(200, { 'content-type': 'application/xml' }).end(`<?xml version="1.0"?>${body}`);
}

function fail(response: ServerResponse, status: number, code: string): void {
  response
    .writeHead(status, { 'content-type': 'application/xml' })
    .end(`<?xml version="1.0"?><Error><Code>${code}</Code></Error>`);
}
