import type { Database } from './open.ts';

/**
 * What a read gave, for as long as nobody commits anything: then the database is asked for its version and not for the
 * same rows again. Only for reads whose result hangs on their key and the database alone, and neither on the time nor on
 * what else is known. On an engine that cannot tell its version everything is read each time.
 */
export function whileUnchanged<T>(
  { version }: Pick<Database, 'version'>,
  most: number,
): (key: string, read: () => Promise<T>) => Promise<T> {
  const known = new Map<string, T>();
  let of: number | null = null;
  return async (key, read) => {
    const now = version();
    if (now === null) return read();
    if (now !== of) known.clear();
    of = now;
    const before = known.get(key);
    if (before !== undefined) return before;
    const value = await read();
    // Somebody may have committed while this was read.
    if (of === now && version() === now) {
      if (known.size >= most) known.clear();
      known.set(key, value);
    }
    return value;
  };
}
