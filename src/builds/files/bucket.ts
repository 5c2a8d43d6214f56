import { open, rm } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { S3Client } from '@aws-sdk/client-s3';
import type { Bucket } from '../../kit/bucket-url.ts';
import type { Span } from '../range-rules.ts';
import { type BuildFiles, FileMissing, type OwnerMark } from './build-files.ts';

type Sdk = typeof import('@aws-sdk/client-s3');

/** Ours among what else may lie in the bucket. */
const PREFIX = 'builds/';
/** Beside them. */
const OWNER = 'builds-owner';
/** The store takes at most 10,000 parts, each of 5 MiB and more; one is in memory. */
const PART = 8 * 1024 * 1024;
const MOST_PARTS = 9_000;
/** Each download that is under way holds one connection, for as long as its reader takes. */
const MOST_SOCKETS = 1_000;

/** Objects in an S3-compatible bucket. The library costs 35 MB of memory and is loaded with the first file. */
export function bucketFiles(bucket: Bucket): BuildFiles {
  let opened: Promise<{ sdk: Sdk; client: S3Client }> | undefined;
  const where = (id: string) => ({ Bucket: bucket.name, Key: PREFIX + id });

  function library(): Promise<{ sdk: Sdk; client: S3Client }> {
    opened ??= import('@aws-sdk/client-s3').then((sdk) => ({ sdk, client: connect(sdk, bucket) }));
    return opened;
  }

  return {
    mark: markIn(bucket.name, library),

    async keep(id, path) {
      const { sdk, client } = await library();
      const file = await open(path, 'r');
      try {
        const { size } = await file.stat();
        const part = Math.max(PART, Math.ceil(size / MOST_PARTS));
        // One part after another through the same bytes.
        const room = Buffer.allocUnsafe(Math.min(part, size));
        const piece = async (start: number) => {
          const bytes = room.subarray(0, Math.min(part, size - start));
          await readFully(file, bytes, start);
          return bytes;
        };
        if (size <= part) await client.send(new sdk.PutObjectCommand({ ...where(id), Body: await piece(0) }));
        else await inParts(sdk, client, where(id), { size, part, piece });
      } finally {
        await file.close();
      }
      await rm(path, { force: true });
    },

    async read(id: string, { start, end }: Span): Promise<Readable> {
      const { sdk, client } = await library();
      try {
        const command = new sdk.GetObjectCommand({ ...where(id), Range: `bytes=${start}-${end}` });
        return (await client.send(command)).Body as Readable;
      } catch (error) {
        throw error instanceof sdk.NoSuchKey ? new FileMissing(id) : error;
      }
    },

    async remove(id) {
      const { sdk, client } = await library();
      await client.send(new sdk.DeleteObjectCommand(where(id)));
    },

    async *list() {
      const { sdk, client } = await library();
      let token: string | undefined;
      do {
        const page = await client.send(
          new sdk.ListObjectsV2Command({
            Bucket: bucket.name,
            Prefix: PREFIX,
            ...(token === undefined ? {} : { ContinuationToken: token }),
          }),
        );
        for (const { Key = '', LastModified } of page.Contents ?? []) {
          yield { id: Key.slice(PREFIX.length), at: LastModified?.getTime() ?? 0 };
        }
        token = page.NextContinuationToken;
      } while (token !== undefined);
    },

    /** The first thousand of them: the next hour takes the next. */
    async dropUnfinished(before) {
      const { sdk, client } = await library();
      const command = new sdk.ListMultipartUploadsCommand({ Bucket: bucket.name, Prefix: PREFIX });
      for (const { Key, UploadId, Initiated } of (await client.send(command)).Uploads ?? []) {
        if (!Initiated || Initiated.getTime() >= before) continue;
        await client.send(new sdk.AbortMultipartUploadCommand({ Bucket: bucket.name, Key, UploadId }));
      }
    },
  };
}

function markIn(name: string, library: () => Promise<{ sdk: Sdk; client: S3Client }>): OwnerMark {
  const mark = { Bucket: name, Key: OWNER };
  return {
    async read() {
      const { sdk, client } = await library();
      try {
        const { Body } = await client.send(new sdk.GetObjectCommand({ ...mark, Range: 'bytes=0-99' }));
        return ((await Body?.transformToString()) ?? '').trim();
      } catch (error) {
        if (error instanceof sdk.S3ServiceException && error.$metadata.httpStatusCode === 404) return null;
        throw error;
      }
    },
    async claim(owner) {
      const { sdk, client } = await library();
      await client.send(new sdk.PutObjectCommand({ ...mark, Body: `${owner}\n` }));
    },
  };
}

function connect(sdk: Sdk, { endpoint, region, accessKeyId, secretAccessKey }: Bucket): S3Client {
  const agent = { maxSockets: MOST_SOCKETS, keepAlive: true };
  return new sdk.S3Client({
    endpoint,
    region,
    credentials: { accessKeyId, secretAccessKey },
    // The bucket in the path and not in the host's name: the one form that every such store takes.
    forcePathStyle: true,
    // What some of them don't know yet is left out; each part bears its SHA-256 in the signature anyway.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: { httpAgent: agent, httpsAgent: agent, connectionTimeout: 5_000, socketTimeout: 60_000 },
  });
}

/** One part after another, so that memory stays flat; all of them or none. */
async function inParts(
  sdk: Sdk,
  client: S3Client,
  where: { Bucket: string; Key: string },
  { size, part, piece }: { size: number; part: number; piece(start: number): Promise<Buffer> },
): Promise<void> {
  const { UploadId } = await client.send(new sdk.CreateMultipartUploadCommand(where));
  try {
    const Parts: { ETag: string | undefined; PartNumber: number }[] = [];
    for (let start = 0, PartNumber = 1; start < size; start += part, PartNumber++) {
      const command = new sdk.UploadPartCommand({ ...where, UploadId, PartNumber, Body: await piece(start) });
      Parts.push({ ETag: (await client.send(command)).ETag, PartNumber });
    }
    await client.send(
      new sdk.CompleteMultipartUploadCommand({ ...where, UploadId, MultipartUpload: { Parts } }),
    );
  } catch (error) {
    // What can't be ended now is ended by the upkeep.
    await client.send(new sdk.AbortMultipartUploadCommand({ ...where, UploadId })).catch(() => {});
    throw error;
  }
}

async function readFully(
  file: {
    read(buffer: Buffer, offset: number, length: number, position: number): Promise<{ bytesRead: number }>;
  },
  bytes: Buffer,
  start: number,
): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesRead } = await file.read(bytes, done, bytes.length - done, start + done);
    if (bytesRead === 0) throw new Error('the file became shorter while it was read');
    done += bytesRead;
  }
}
