/**
 * One page of a list of which one row more was read than were asked for: that one tells whether there is a next page.
 * -> `next`: the place of the last row shown, to go on after; null where nothing follows
 */
export function cutPage<Row, Place>(
  rows: readonly Row[],
  count: number,
  placeOf: (row: Row) => Place,
): { readonly shown: readonly Row[]; readonly next: Place | null } {
  const shown = rows.slice(0, count);
  const last = shown.at(-1);
  return { shown, next: rows.length > count && last !== undefined ? placeOf(last) : null };
}
