import { DAY } from '../kit/clock.ts';

/** Days before a rule begins to hold on which those are told whom it will stop (screen 12). */
const REMINDER_DAYS = [14, 3, 1, 0] as const;

/** The last mail is no news any more a day later: who signs in then is told by the page. */
const LAST_LASTS = DAY;

/**
 * Which of the mails is due now; null: none yet, or none any more. A rule that is made five days ahead finds the first
 * one overdue, so it goes out at once; of several that were missed only the last is sent.
 */
export function dueReminder(from: number, now: number): number | null {
  if (now >= from + LAST_LASTS) return null;
  return REMINDER_DAYS.findLast((day) => now >= from - day * DAY) ?? null;
}
