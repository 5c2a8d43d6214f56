import { Buffer } from 'node:buffer';

/** Random from a seed, so that what was found can be found again (mulberry32). */
export class Chance {
  #state: number;
  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  /** True once in so many times. */
  once(inSoMany: number): boolean {
    return this.below(inSoMany) === 0;
  }

  of<T>(all: readonly T[]): T {
    return all[this.below(all.length)] as T;
  }
}

const EDGES = [0, 1, 0x17, 0x18, 0x19, 0x1b, 0x1f, 0x20, 0x7f, 0x80, 0x9f, 0xbf, 0xff];

/** A few bytes changed, cut, doubled, moved, or taken from another input: what breaks parsers of bytes. */
export function mutateBytes(chance: Chance, bytes: Buffer, others: readonly Buffer[]): Buffer {
  let out = Buffer.from(bytes);
  for (let n = 1 + chance.below(4); n > 0; n--) {
    const at = chance.below(out.length + 1);
    const length = chance.below(Math.min(16, out.length - at) + 1);
    switch (chance.below(9)) {
      case 0:
        if (at < out.length) out[at] = (out[at] as number) ^ (1 << chance.below(8));
        break;
      case 1:
        if (at < out.length) out[at] = chance.of(EDGES);
        break;
      case 2:
        if (at < out.length) out[at] = chance.below(256);
        break;
      case 3:
        out = Buffer.concat([out.subarray(0, at), out.subarray(at + length)]);
        break;
      case 4:
        out = Buffer.concat([out.subarray(0, at), out.subarray(at, at + length), out.subarray(at)]);
        break;
      case 5:
        out = Buffer.concat([out.subarray(0, at), Buffer.from([chance.below(256)]), out.subarray(at)]);
        break;
      case 6:
        out = out.subarray(0, at);
        break;
      case 7: {
        const other = chance.of(others);
        const from = chance.below(other.length + 1);
        const part = other.subarray(from, from + chance.below(40));
        out = Buffer.concat([out.subarray(0, at), part, out.subarray(at)]);
        break;
      }
      default: {
        const other = chance.of(others);
        out = Buffer.concat([out.subarray(0, at), other.subarray(chance.below(other.length + 1))]);
      }
    }
  }
  return out.subarray(0, 4_096);
}
