import { tokenHash } from './encoding.ts';

/** Changes with any of these values: by it, who saves a form says which they have seen. */
export function markOf<T extends object>(values: T, names: readonly (keyof T)[]): string {
  return tokenHash(JSON.stringify(names.map((name) => values[name])));
}
