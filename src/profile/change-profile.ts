import { readName } from '../accounts/create-account.ts';
import { updateProfile } from '../accounts/store.ts';
import { record } from '../audit/record.ts';
import type { Deps } from '../deps.ts';
import { refuseField } from '../kit/refusal.ts';
import type { SignedIn } from '../sessions/session.ts';
import type { Visit } from '../web/visit.ts';
import { isLocale } from '../words/locale.ts';

import { readTimeZone } from './time-zones.ts';

/** As typed. Left out: unchanged. Empty: back to what the browser says, or to UTC. */
export interface ProfileChange {
  readonly name: string;
  readonly locale?: string | undefined;
  readonly timeZone?: string | undefined;
}

/** Name, language and time zone: nothing that security rests on. @throws {Refusal} invalid_input */
export async function changeProfile(
  { database }: Deps,
  visit: Visit,
  { account }: SignedIn,
  change: ProfileChange,
): Promise<void> {
  const name = readName(change.name);
  if (name === null) throw refuseField('name', 'name_invalid');
  const next = {
    name,
    locale: change.locale === undefined ? account.locale : readLocale(change.locale),
    time_zone: change.timeZone === undefined ? account.time_zone : readZone(change.timeZone),
  };
  const changed = (['name', 'locale', 'time_zone'] as const).filter(
    (field) => next[field] !== account[field],
  );
  if (changed.length === 0) return;
  await database.transaction(async (tx) => {
    await updateProfile(tx, account.id, next);
    // Which fields, not what they hold: the record never names a person (R73).
    await record(tx, visit, {
      event: 'account.profile_changed',
      subject: account,
      detail: { fields: changed.join(' ') },
    });
  });
}

function readLocale(text: string): string | null {
  if (text === '') return null;
  if (!isLocale(text)) throw refuseField('locale', 'locale_unknown');
  return text;
}

function readZone(text: string): string | null {
  if (text === '') return null;
  const zone = readTimeZone(text);
  if (zone === null) throw refuseField('time_zone', 'time_zone_unknown');
  return zone;
}
