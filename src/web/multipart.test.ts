import { once } from 'node:events';
import { PassThrough, type Readable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test, vi } from 'vitest';
import { readUpload } from './multipart.ts';

vi.setConfig({ testTimeout: 5_000 });

const part = (about: string, content: string) =>
  `--b\r\nContent-Disposition: form-data; ${about}\r\n\r\n${content}\r\n`;
const END = '--b--\r\n';
/** More than anything on the way keeps for whoever does not read. */
const PIECES = [
  part('name="file"; filename="a"', '').slice(0, -2),
  ...Array(20).fill('x'.repeat(65_536)),
  `\r\n${END}`,
];

/** A form that comes in piece by piece. */
function sending(take: (file: Readable, source: Readable) => Promise<unknown>) {
  const source = new PassThrough();
  const upload = { stream: source, contentType: 'multipart/form-data; boundary=b' };
  const done = readUpload(upload, async (_fields, file) => file && take(file.stream, source));
  done.catch(() => {});
  return { source, done };
}

describe('an upload', () => {
  test('the file ends with the form and not before: what is said behind it is refused in time', async () => {
    let taken: 'whole' | 'broken' | null = null;
    const { source, done } = sending(async (file) => {
      taken = await file.toArray().then(
        () => 'whole' as const,
        () => 'broken' as const,
      );
    });
    source.write(part('name="file"; filename="a"', 'abc') + part('name="notes"', 'Faster').slice(0, 30));
    for (let turns = 0; turns < 20; turns++) await turn();
    expect(taken).toBe(null);
    source.end(part('name="notes"', 'Faster').slice(30) + END);
    await expect(done).rejects.toMatchObject({ code: 'malformed_request' });
    expect(taken).toBe('broken');
  });

  test('a file that nobody reads goes by', async () => {
    const { source, done } = sending(async () => 'left');
    for (const piece of PIECES) source.write(piece);
    source.end();
    expect(await done).toBe('left');
  });

  test('a file that is closed goes by too, while its reader is still at something else', async () => {
    const { source, done } = sending(async (file, all) => {
      file.destroy();
      await once(all, 'end');
      return 'closed';
    });
    for (const piece of PIECES) source.write(piece);
    source.end();
    expect(await done).toBe('closed');
  });
});
