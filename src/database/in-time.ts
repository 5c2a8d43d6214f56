import * as kit from '../kit/in-time.ts';
import { DatabaseAway } from './database-away.ts';

/**
 * A server that is stopped, or a network that swallows packets, would have who asks hang with it (R84). @throws
 * {DatabaseAway}
 */
export function inTime<T>(answer: Promise<T>, milliseconds: number): Promise<T> {
  return kit.inTime(answer, milliseconds, (said) => new DatabaseAway(new Error(said)));
}
