/** A square of this many pixels is what tiles show on any screen. */
export const ICON_SIZE = 256;
/** Pixels on a side of what may be sent: 50,000 would be 10 GB to look at (A60). */
export const LARGEST_SIDE = 1024;
export const SMALLEST_SIDE = 32;
/** Bytes. */
export const LARGEST_ICON = 1024 * 1024;

const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');

/**
 * Width and height as the first chunk of every PNG file tells them (W3C PNG, section 11.2.1), before anything is unpacked.
 * Null for what is no PNG file, or is an interlaced one, of which nobody could say how much it unpacks to; and for one with
 * a second such chunk, by which a reader would go in the end.
 */
export function pngSize(file: Buffer): { readonly width: number; readonly height: number } | null {
  if (file.length < 33 || !file.subarray(0, 8).equals(SIGNATURE)) return null;
  if (file.toString('latin1', 12, 16) !== 'IHDR' || file[28] !== 0) return null;
  if (hasChunk(file, 'IHDR', 33)) return null;
  return { width: file.readUInt32BE(16), height: file.readUInt32BE(20) };
}

/** Each chunk: the length of its data, its name, the data, a checksum (section 5.3). */
function hasChunk(file: Buffer, name: string, start: number): boolean {
  for (let at = start; at + 12 <= file.length; at += 12 + file.readUInt32BE(at)) {
    if (file.toString('latin1', at + 4, at + 8) === name) return true;
  }
  return false;
}

/** Red, green, blue and opacity of each pixel, row by row. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/**
 * Fits a picture into a square of `side` pixels, each the mean of those that it covers; what is smaller is only
 * centred. Colours count as much as they are opaque, so that nothing invisible shines through.
 */
export function fitSquare({ width, height, data }: Picture, side: number): Picture {
  const scale = Math.min(1, side / Math.max(width, height));
  const [wide, high] = [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
  const [left, top] = [(side - wide) >> 1, (side - high) >> 1];
  const out = new Uint8Array(side * side * 4);
  for (let y = 0; y < high; y++) {
    const rows = span(y, high, height);
    for (let x = 0; x < wide; x++) {
      const columns = span(x, wide, width);
      out.set(mean(data, width, rows, columns), ((top + y) * side + left + x) * 4);
    }
  }
  return { width: side, height: side, data: out };
}

type Interval = readonly [from: number, to: number];

/** Which of `all` lines the line `index` of `count` stands for; at least one. */
function span(index: number, count: number, all: number): Interval {
  const from = Math.floor((index * all) / count);
  return [from, Math.max(from + 1, Math.floor(((index + 1) * all) / count))];
}

function mean(data: Uint8Array, width: number, rows: Interval, columns: Interval): readonly number[] {
  let [red, green, blue, opacity, count] = [0, 0, 0, 0, 0];
  for (let y = rows[0]; y < rows[1]; y++) {
    for (let x = columns[0]; x < columns[1]; x++) {
      const at = (y * width + x) * 4;
      const alpha = data[at + 3] as number;
      red += (data[at] as number) * alpha;
      green += (data[at + 1] as number) * alpha;
      blue += (data[at + 2] as number) * alpha;
      opacity += alpha;
      count++;
    }
  }
  if (opacity === 0) return [0, 0, 0, 0];
  return [red / opacity, green / opacity, blue / opacity, opacity / count].map(Math.round);
}
