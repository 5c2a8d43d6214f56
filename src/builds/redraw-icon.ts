import { parentPort, workerData } from 'node:worker_threads';
import { PNG } from 'pngjs';
import { fitSquare, ICON_SIZE } from './picture-rules.ts';

// In a thread of its own (`in-thread.ts`): what somebody sent is unpacked to pixels, and the pixels alone are drawn into a new
// file. Whatever else was in the old one stays behind: words, scripts, places, a second file in its tail (R78).

if (parentPort) parentPort.postMessage(redraw(Buffer.from(workerData as Uint8Array)));

function redraw(file: Buffer): Uint8Array {
  const { width, height, data } = fitSquare(PNG.sync.read(file), ICON_SIZE);
  const fresh = new PNG({ width, height });
  fresh.data = Buffer.from(data);
  return PNG.sync.write(fresh, { deflateLevel: 9 });
}
