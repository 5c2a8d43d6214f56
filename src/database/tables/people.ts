/** By whose beginnings a person is found: the words of the name and of what stands before the @ of the address. */
export interface AccountWordTable {
  /** Folded: lower case, without accents (`kit/search-words.ts`). */
  word: string;
  account_id: string;
}
