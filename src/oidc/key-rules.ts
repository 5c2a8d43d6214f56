import { DAY } from '../kit/clock.ts';

/** Published for so long before anything is signed with it, so that whoever keeps our keys has it by then. */
export const AHEAD = DAY;
/** Kept for so long after the last signature: apps bring old ID tokens along when they sign somebody out. */
export const KEPT = 30 * DAY;
/** A key signs for a year. */
export const LIFE = 365 * DAY;

interface Dated {
  readonly id: string;
  readonly alg: string;
  readonly generation: number;
  readonly active_at: number;
}

/** The key of this alg that signs now; null: there is none yet. */
export function signingKey<K extends Dated>(keys: readonly K[], alg: string, now: number): K | null {
  const active = keys.filter((key) => key.alg === alg && key.active_at <= now);
  return active.reduce<K | null>(
    (newest, key) => (newest === null || key.generation > newest.generation ? key : newest),
    null,
  );
}

/** What is published: of each alg the one that signs first, then its successor, then those that signed before. */
export function publishedKeys<K extends Dated>(keys: readonly K[], now: number): K[] {
  const rank = (key: K): number => {
    if (key.active_at > now) return 1;
    return key === signingKey(keys, key.alg, now) ? 0 : 2;
  };
  return keys
    .filter((key) => !isForgotten(keys, key, now))
    .sort((a, b) => rank(a) - rank(b) || a.alg.localeCompare(b.alg) || b.generation - a.generation);
}

/** Its successor has signed for so long that nobody holds anything of it any more. */
export function isForgotten(keys: readonly Dated[], key: Dated, now: number): boolean {
  const successor = keys.find(({ alg, generation }) => alg === key.alg && generation === key.generation + 1);
  return successor !== undefined && successor.active_at + KEPT <= now;
}

/** True when the newest one of this alg has come of age, so that it is time to publish the next. */
export function isDue(keys: readonly Dated[], alg: string, now: number): boolean {
  const newest = newestOf(keys, alg);
  return newest !== null && newest.active_at + LIFE - AHEAD <= now;
}

export function newestOf<K extends Dated>(keys: readonly K[], alg: string): K | null {
  return keys
    .filter((key) => key.alg === alg)
    .reduce<K | null>((newest, key) => (newest && newest.generation > key.generation ? newest : key), null);
}
