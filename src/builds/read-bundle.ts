import { parentPort, workerData } from 'node:worker_threads';
import { parse } from 'plist';

// In a thread of its own (`in-thread.ts`): a binary property list of a few kilobytes can describe more than fits into
// any memory, and an XML one can be nested deeper than any stack.

/** What an iPhone is told of an app before it fetches it. */
export interface Bundle {
  readonly id: string;
  readonly version: string;
  readonly title: string;
}

if (parentPort) parentPort.postMessage(read(Buffer.from(workerData as Uint8Array)));

function read(file: Buffer): Bundle | null {
  const isBinary = file.subarray(0, 8).toString('latin1') === 'bplist00';
  const found = parse(isBinary ? new Uint8Array(file) : file.toString('utf8'));
  if (typeof found !== 'object' || found === null || Array.isArray(found)) return null;
  const text = (name: string): string => {
    const value = (found as Record<string, unknown>)[name];
    return typeof value === 'string' ? value.normalize('NFC').trim() : '';
  };
  const id = text('CFBundleIdentifier');
  const version = text('CFBundleShortVersionString') || text('CFBundleVersion');
  const title = (text('CFBundleDisplayName') || text('CFBundleName') || id)
    .replace(/[\p{Cc}\p{Cf}]/gu, '')
    .slice(0, 100);
  return /^[A-Za-z0-9.-]{1,155}$/.test(id) && /^[\w.+-]{1,40}$/.test(version) ? { id, version, title } : null;
}
