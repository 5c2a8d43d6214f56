/** Spaces and dashes are how people read digits to themselves; nothing else is forgiven. Null: not six digits. */
export function normalizeCode(text: string): string | null {
  const code = text.replace(/[ \u00a0-]/g, '');
  return /^[0-9]{6}$/.test(code) ? code : null;
}
