import { fold, searchWords } from '../../kit/search-words.ts';

const MOST_WORDS = 8;
const LONGEST = 64;

/** What somebody typed into the search, word by word, folded. */
export interface Wanted {
  /** The one that an index is asked for, the longest: it finds fewest. Null where there is none. */
  readonly driver: { readonly kind: 'word' | 'address'; readonly prefix: string } | null;
  /** True for people in whose name and address every word begins one. */
  matches(person: { readonly name: string; readonly email: string }): boolean;
  /** True where the index already answers the question. */
  readonly single: boolean;
}

/**
 * `ann exa`: words of a name, or of what stands before the @; `ann@exa`: the beginning of an address; `@example.org`: the
 * end of one, which no index knows. Null for nothing.
 */
export function readWanted(text: string): Wanted | null {
  const words = fold(text)
    .split(/\s+/)
    .filter((word) => word !== '')
    .slice(0, MOST_WORDS)
    .map((word) => [...word].slice(0, word.includes('@') ? 254 : LONGEST).join(''));
  if (words.length === 0) return null;
  const indexed = words.filter((word) => !word.startsWith('@'));
  const prefix = indexed.sort((left, right) => right.length - left.length)[0];
  return {
    driver: prefix === undefined ? null : { kind: prefix.includes('@') ? 'address' : 'word', prefix },
    single: words.length === 1 && prefix !== undefined,
    matches(person) {
      const address = fold(person.email);
      const known = searchWords(`${person.name} ${address.slice(0, address.lastIndexOf('@'))}`);
      return words.every((word) => {
        if (word.startsWith('@')) return address.slice(address.lastIndexOf('@')).startsWith(word);
        return word.includes('@') ? address.startsWith(word) : known.some((one) => one.startsWith(word));
      });
    },
  };
}
