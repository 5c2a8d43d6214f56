/**
 * Whether text that was read as UTF-8 was it: what isn't is read as U+FFFD, whatever it was, so that a name would be kept
 * garbled and two different passwords could become one (R83). Whoever types that sign is told the same.
 */
export function wasUtf8(text: string): boolean {
  return !text.includes('\ufffd');
}
