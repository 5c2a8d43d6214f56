const LONGEST = 64;
/** A name of a hundred letters with a space after each must not fill an index. */
const MOST = 16;

/** Upper and lower case and accents don't matter: who looks for "jose" means José too, and no database folds both alike. */
export function fold(text: string): string {
  // Most names and addresses of a big directory need no more than this.
  if (/^[\p{ASCII}]*$/u.test(text)) return text.toLowerCase();
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}

/**
 * The words by whose beginnings a text is found: those between its spaces, and their parts. `Jean-Luc Ångström` ->
 * jean-luc, jean, luc, angstrom
 */
export function searchWords(text: string): string[] {
  const words = new Set<string>();
  for (const word of fold(text).split(/\s+/)) {
    for (const one of [word, ...word.split(/[^\p{L}\p{N}]+/u)]) {
      if (one !== '') words.add([...one].slice(0, LONGEST).join(''));
    }
  }
  return [...words].slice(0, MOST);
}
