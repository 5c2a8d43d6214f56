import { WrongUsage } from './command.ts';

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/;

/**
 * A day (from its midnight, UTC), an instant with its zone, or epoch milliseconds. -> epoch milliseconds. Without a
 * zone, a time would mean something else on another machine. @throws {WrongUsage}
 */
export function readInstant(option: string, text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  const instant = DAY.test(text) || INSTANT.test(text) ? Date.parse(text) : Number.NaN;
  // `Date.parse` takes 30 February for 2 March.
  const day = new Date(`${text.slice(0, 10)}T00:00:00Z`);
  if (Number.isNaN(instant) || day.toISOString().slice(0, 10) !== text.slice(0, 10)) {
    throw new WrongUsage(
      `--${option} takes 2026-05-03, 2026-05-03T10:00:00Z or epoch milliseconds, not "${text}"`,
    );
  }
  return instant;
}
