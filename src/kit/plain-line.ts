/**
 * Whether text can be shown in a line and written into a mail's header: no control character, no other line break, and
 * nothing that turns the direction of text and so dresses one name up as another.
 */
export function isPlainLine(text: string): boolean {
  return !/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u.test(text);
}
