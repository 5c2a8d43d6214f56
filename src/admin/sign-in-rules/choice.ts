import type { Db } from '../../database/open.ts';
import { findGroup } from '../../groups/store.ts';
import { Refusal, refuseField } from '../../kit/refusal.ts';
import { FARTHEST_RULE } from '../../policy/rules.ts';
import { findRuledClient, peopleOf } from '../../policy/rules-of-apps.ts';
import { startOfDay } from '../../words/days.ts';
import { APP, EVERYONE } from './paths.ts';
import type { Choice } from './two-factor-pages.ts';
import type { Whom } from './whom.ts';

/** @throws {Refusal} not_found */
export async function readWhom(db: Db, text: string): Promise<Whom> {
  if (text === EVERYONE) return { kind: 'everyone' };
  const id = text.startsWith(APP) ? text.slice(APP.length) : text;
  if (!/^[\w-]{1,64}$/.test(id)) throw new Refusal('not_found');
  if (id !== text) {
    const client = await findRuledClient(db, id);
    return { kind: 'app', id, name: client.name, people: peopleOf(client) };
  }
  const group = await findGroup(db, id);
  if (!group) throw new Refusal('not_found');
  return { kind: 'group', id, name: group.name };
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
