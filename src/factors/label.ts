const LONGEST = 60;

/** A factor's name as the person typed it; the fallback when empty; null when it can't be one. */
export function readLabel(text: string | undefined, fallback: string): string | null {
  const label = (text ?? '').trim().replace(/\s+/g, ' ');
  if (label === '') return fallback;
  return [...label].length <= LONGEST && !/\p{Cc}/u.test(label) ? label : null;
}
