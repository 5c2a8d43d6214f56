import { describeFailure } from '../../../delivery/retry.ts';
import { SECOND } from '../../../kit/clock.ts';
import { MetadataRefused } from './read-metadata.ts';

/** For the whole file. */
const PATIENCE = 10 * SECOND;
/** Several times what it is; more would only fill the memory. */
const MOST_BYTES = 64 * 1024 * 1024;

/** Over https only, redirects too; who wrote it is told by its signature. @throws {MetadataRefused} */
export async function download(url: string): Promise<string> {
  const signal = AbortSignal.timeout(PATIENCE);
  let response: Response;
  let file: string | null;
  try {
    response = await fetch(url, { signal, headers: { accept: 'application/octet-stream, */*' } });
    file = await readAll(response);
  } catch (error) {
    const { cause } = error as { cause?: unknown };
    const why = signal.aborted ? 'it took longer than 10 s' : describeFailure(cause ?? error);
    throw new MetadataRefused(`MDS_URL does not answer: ${why}`);
  }
  if (!response.url.startsWith('https:')) throw new MetadataRefused('MDS_URL leads away from https');
  if (!response.ok) throw new MetadataRefused(`MDS_URL answers ${response.status}`);
  if (file === null) throw new MetadataRefused('MDS_URL gives more than a list of models can be');
  return file;
}

async function readAll({ body }: Response): Promise<string | null> {
  if (!body) return '';
  const chunks: Uint8Array[] = [];
  let left = MOST_BYTES;
  for await (const chunk of body) {
    left -= chunk.length;
    // Leaving the loop ends the transfer.
    if (left < 0) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('latin1');
}
