/** Those who wait, each person in a line of their own: whoever asks a hundred times waits for themself and for nobody else. */
export interface Lines<T> {
  /** -> false where so many of this person wait that one more is not taken. */
  join(whose: string, item: T): boolean;
  /** Of each person in turn; null: nobody waits. */
  next(): T | null;
  /** Everybody leaves. */
  clear(): T[];
}

export function createLines<T>(mostOfOne: number): Lines<T> {
  /** Whose turn comes first stands first. */
  const lines = new Map<string, T[]>();
  return {
    join(whose, item) {
      const line = lines.get(whose) ?? [];
      if (line.length >= mostOfOne) return false;
      line.push(item);
      lines.set(whose, line);
      return true;
    },
    next() {
      for (const [whose, line] of lines) {
        lines.delete(whose);
        const item = line.shift() as T;
        if (line.length > 0) lines.set(whose, line);
        return item;
      }
      return null;
    },
    clear() {
      const left = [...lines.values()].flat();
      lines.clear();
      return left;
    },
  };
}
