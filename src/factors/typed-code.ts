/**
 * Spaces and dashes, of whatever width, are how people and apps set digits apart; nothing else is forgiven. Null: not six
 * digits.
 */
export function normalizeCode(text: string): string | null {
  const code = text.replace(/[ \u00a0\u2000-\u200b\u202f\u2010-\u2015-]/g, '');
  return /^[0-9]{6}$/.test(code) ? code : null;
}
