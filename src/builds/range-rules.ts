/** Bytes from `start` through `end`, both counted from 0. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface Asked {
  readonly range: string | undefined;
  readonly ifRange: string | undefined;
}

/**
 * What of a file is asked for (RFC 9110, section 14). `whole` also where the range is none that we understand, names
 * several parts, or is for an older file: all of them may be answered with the whole (14.2, 13.1.5).
 */
export function askedSpan({ range, ifRange }: Asked, size: number, etag: string): Span | 'whole' | 'beyond' {
  if (range === undefined) return 'whole';
  // Compared strongly: a weak tag, and a date, which we never give, match nothing.
  if (ifRange !== undefined && ifRange.trim() !== etag) return 'whole';
  const [, from = '', to = ''] = /^bytes=\s*(\d{0,15})-(\d{0,15})\s*$/i.exec(range.trim()) ?? [];
  if (from === '' && to === '') return 'whole';
  if (from === '') return lastBytes(Number(to), size);
  const start = Number(from);
  if (to !== '' && Number(to) < start) return 'whole';
  if (start >= size) return 'beyond';
  return { start, end: to === '' ? size - 1 : Math.min(Number(to), size - 1) };
}

function lastBytes(count: number, size: number): Span | 'beyond' {
  if (count === 0 || size === 0) return 'beyond';
  return { start: Math.max(0, size - count), end: size - 1 };
}

/** `If-None-Match: "abc", W/"abc"` or `*`; compared weakly (RFC 9110, section 13.1.2). */
export function isKnown(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  const tags = ifNoneMatch.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes('*') || tags.includes(etag);
}
