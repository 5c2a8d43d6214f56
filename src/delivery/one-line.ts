/**
 * Words that a person typed, made fit to stand in a letter: one line, no control or direction marks that would forge
 * another header, line or link (R75). Long texts are cut.
 */
export function oneLine(text: string, most = 100): string {
  const plain = text
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, '')
    .replace(/:\/\//g, ': //')
    .trim();
  const characters = [...plain];
  return characters.length > most ? `${characters.slice(0, most - 1).join('')}…` : plain;
}

/** A reason that people read says something: signs that nobody sees, or dots, are none. */
export function holdsWords(text: string): boolean {
  return /[\p{L}\p{N}]/u.test(text);
}
