const MIB = 1024 * 1024;
/** A big game has tens of thousands; a bomb has millions. */
export const MOST_ENTRIES = 100_000;
/** Characters of all their names, which are in memory together: 300 each, where there are as many as may be. */
export const MOST_NAMES = 30_000_000;
const MOST_UNPACKED = 8 * 1024 * MIB;
/** A bomb unpacks to thousands of times its size; what people publish hardly ever to ten times. */
const MOST_RATIO = 100;
/** Below this nobody's disk is full, however small the archive was. */
const HARMLESS_UNPACKED = 64 * MIB;

/** -> bytes to which an archive of that size may unpack (R78). */
export function mostUnpacked(size: number): number {
  return Math.min(MOST_UNPACKED, Math.max(HARMLESS_UNPACKED, size * MOST_RATIO));
}

/** An absolute path, on Unix or Windows, or one that climbs out of its folder. */
export function leadsAway(name: string): boolean {
  return /^[/\\]|^[a-z]:|\0/i.test(name) || name.split(/[/\\]/).includes('..');
}
