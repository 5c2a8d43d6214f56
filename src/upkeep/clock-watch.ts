import type { Deps } from '../deps.ts';
import { CLOCK_TOLERANCE, HOUR } from '../kit/clock.ts';

/**
 * How far this machine's clock is from the database's, in milliseconds; null where they are the same clock. Logs an
 * alarm when it is too far.
 */
export async function watchClock({
  database,
  clock,
  log,
  clockOffset,
}: Pick<Deps, 'database' | 'clock' | 'log' | 'clockOffset'>): Promise<number | null> {
  const before = clock.now();
  const theirs = await database.clock();
  if (theirs === null) return null;
  // Half of the round trip lies before their look at the clock.
  const offset = Math.round((before + clock.now()) / 2 - theirs);
  clockOffset.ms = offset;
  if (Math.abs(offset) > CLOCK_TOLERANCE) {
    log.error(
      { offsetMs: offset },
      'the clock of this machine is off: set it by NTP, or one-time codes will be refused',
    );
  }
  return offset;
}

/** So many people whose phones are off by the same minutes don't exist: it is the server's clock. */
const SUSPICIOUS = 3;

/**
 * Near misses of the last hour, by offset (screen 2, clock doctor): warns when several people share one.
 * -> the offsets in steps of 30 s that were warned of.
 */
export async function watchNearMisses({
  database,
  clock,
  log,
}: Pick<Deps, 'database' | 'clock' | 'log'>): Promise<number[]> {
  const misses = await database.db
    .selectFrom('audit_event')
    .select(['subject', 'detail'])
    .where('at', '>', clock.now() - HOUR)
    .where('outcome', '=', 'failure')
    .where('detail', 'like', '%"near_miss"%')
    .limit(1000)
    .execute();
  const people = new Map<number, Set<string>>();
  for (const { subject, detail } of misses) {
    const offset = Number((JSON.parse(detail) as { near_miss?: number }).near_miss);
    if (subject !== null) people.set(offset, (people.get(offset) ?? new Set()).add(subject));
  }
  const shared = [...people].filter(([, subjects]) => subjects.size >= SUSPICIOUS).map(([offset]) => offset);
  for (const offset of shared) {
    log.warn(
      { offsetSteps: offset },
      'the codes of several people are off by the same time: check the clock of this machine',
    );
  }
  return shared;
}
