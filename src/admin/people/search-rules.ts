import { fold, searchWords } from '../../kit/search-words.ts';

const MOST_WORDS = 8;
const LONGEST = 64;

/** What somebody typed into the search, word by word, folded. */
export interface Wanted {
  /** The beginning of a whole address, if one was typed: that finds fewest. */
  readonly address: string | null;
  /** Each the beginning of a word that an index knows. */
  readonly words: readonly string[];
  /** True where one of these alone is the whole question. */
  readonly single: boolean;
  /** True for people in whose name and address every word begins one. */
  matches(person: { readonly name: string; readonly email: string }): boolean;
}

/**
 * `ann exa`: words of a name, or of what stands before the @; `ann@exa`: the beginning of an address; `@example.org`: the
 * end of one, which no index knows. Null for nothing.
 */
export function readWanted(text: string): Wanted | null {
  const typed = fold(text)
    .split(/\s+/)
    .filter((word) => word !== '')
    .slice(0, MOST_WORDS)
    .map((word) => [...word].slice(0, word.includes('@') ? 254 : LONGEST).join(''));
  if (typed.length === 0) return null;
  const ends = typed.filter((word) => word.startsWith('@'));
  return {
    address: typed.find((word) => word.indexOf('@') > 0) ?? null,
    words: typed.filter((word) => !word.includes('@')),
    single: typed.length === 1 && ends.length === 0,
    matches(person) {
      const address = fold(person.email);
      const known = searchWords(`${person.name} ${address.slice(0, address.lastIndexOf('@'))}`);
      return typed.every((word) => {
        if (word.startsWith('@')) return address.slice(address.lastIndexOf('@')).startsWith(word);
        return word.includes('@') ? address.startsWith(word) : known.some((one) => one.startsWith(word));
      });
    },
  };
}
