import { describeFailure } from '../../../delivery/retry.ts';
import { SECOND } from '../../../kit/clock.ts';
import { MetadataRefused } from './read-metadata.ts';

/** For the whole file. */
const PATIENCE = 10 * SECOND;
/** Several times what it is; more would only fill the memory. */
const MOST_BYTES = 64 * 1024 * 1024;
const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];
const MOST_STEPS = 5;

/** Over https only, each redirect too; who wrote it is told by its signature. @throws {MetadataRefused} */
export async function download(url: string): Promise<string> {
  const signal = AbortSignal.timeout(PATIENCE);
  try {
    const response = await follow(url, signal, MOST_STEPS);
    const file = await readAll(response);
    if (!response.ok) throw new MetadataRefused(`MDS_URL answers ${response.status}`);
    if (file === null) throw new MetadataRefused('MDS_URL gives more than a list of models can be');
    return file;
  } catch (error) {
    if (error instanceof MetadataRefused) throw error;
    const { cause } = error as { cause?: unknown };
    const why = signal.aborted ? 'it took longer than 10 s' : describeFailure(cause ?? error);
    throw new MetadataRefused(`MDS_URL does not answer: ${why}`);
  }
}

/** By ourselves: `fetch` would go through http on the way as well, and tell only where it ended. */
async function follow(url: string, signal: AbortSignal, steps: number): Promise<Response> {
  const headers = { accept: 'application/octet-stream, */*' };
  const response = await fetch(url, { signal, redirect: 'manual', headers });
  const location = REDIRECTS.includes(response.status) ? response.headers.get('location') : null;
  if (location === null) return response;
  await response.body?.cancel();
  const next = new URL(location, url);
  if (next.protocol !== 'https:') throw new MetadataRefused('MDS_URL leads away from https');
  if (steps === 0) throw new MetadataRefused('MDS_URL leads from one place to the next');
  return follow(next.href, signal, steps - 1);
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
