import type { Db } from '../../database/open.ts';
import { findGroup, type Group } from '../../groups/store.ts';
import { Refusal, refuseField } from '../../kit/refusal.ts';
import { FARTHEST_RULE } from '../../policy/rules.ts';
import { startOfDay } from '../../words/days.ts';
import { EVERYONE } from './pages.ts';
import type { Choice } from './two-factor-pages.ts';

/** The group that an address or a form names; null: everybody. @throws {Refusal} not_found */
export async function readGroup(db: Db, text: string): Promise<Group | null> {
  if (text === EVERYONE) return null;
  const group = /^[\w-]{1,64}$/.test(text) ? await findGroup(db, text) : null;
  if (!group) throw new Refusal('not_found');
  return group;
}

/**
 * The instant that was chosen; null: now. A day begins at midnight where the administrator is.
 * @throws {Refusal} invalid_input on `day`
 */
export function readFrom({ when, day }: Choice, timeZone: string | null, now: number): number | null {
  // Whoever gave a day did not mean now.
  if (when === 'now' && day !== '') throw refuseField('day', 'day_needless');
  if (when === 'now') return null;
  const from = startOfDay(day, timeZone);
  if (from === null || from <= now || from > now + FARTHEST_RULE) throw refuseField('day', 'day_invalid');
  return from;
}
