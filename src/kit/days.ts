/** Wall clock of a zone minus UTC, in milliseconds. */
function offsetAt(at: number, timeZone: string): number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1000) * 1000;
}

/**
 * When a day begins in a zone, `later` days after the one that is named: `2026-05-03` -> epoch milliseconds. Null where it
 * names no day. The zone must be one that the runtime knows.
 */
export function startOfDay(text: string, timeZone: string, later = 0): number | null {
  const [, year, month, day] = (/^(\d{4})-(\d\d)-(\d\d)$/.exec(text) ?? []).map(Number);
  if (year === undefined || month === undefined || day === undefined) return null;
  const named = Date.UTC(year, month - 1, day);
  if (new Date(named).toISOString().slice(0, 10) !== text) return null;
  const wall = Date.UTC(year, month - 1, day + later);
  // The offset of the day before may be another one: the second look is at the right side of the change.
  const near = wall - offsetAt(wall, timeZone);
  return wall - offsetAt(near, timeZone);
}
