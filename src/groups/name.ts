import { readName } from '../accounts/create-account.ts';

export interface GroupName {
  readonly name: string;
  readonly key: string;
}

/** Programs read it from the `groups` claim and from headers: no comma, at most 64 characters. Null when it is none. */
export function groupName(text: string): GroupName | null {
  const name = readName(text);
  if (name === null || [...name].length > 64 || name.includes(',')) return null;
  return { name, key: name.normalize('NFKC').toLowerCase() };
}
