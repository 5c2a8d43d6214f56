import { z } from 'zod';
import { readAddress } from '../../accounts/address.ts';
import { findAccountByAddress } from '../../accounts/store.ts';
import { AUDIT_EVENTS } from '../../audit/events.ts';
import type { RecordFilter } from '../../audit/find-records.ts';
import type { Db } from '../../database/open.ts';
import { isTimeZone } from '../../words/dates.ts';
import { startOfDay } from '../../words/days.ts';

const day = z.string().refine((text) => text === '' || startOfDay(text, null) !== null);

const FIELDS = {
  /** An address; of somebody who is gone the pseudonym. */
  person: z.string().max(320),
  event: z.enum(AUDIT_EVENTS).or(z.literal('')),
  outcome: z.enum(['success', 'failure', '']),
  network: z.string().regex(/^[0-9a-fA-F.:]{0,45}$/),
  from: day,
  to: day,
};

/** What the form of the page asks for, as it is typed; what can't be so counts as nothing. */
export const filterFields = z.object({
  person: FIELDS.person.catch(''),
  event: FIELDS.event.catch(''),
  outcome: FIELDS.outcome.catch(''),
  network: FIELDS.network.catch(''),
  from: FIELDS.from.catch(''),
  to: FIELDS.to.catch(''),
});

/** Where nobody sees what counted, nor that a name was misspelt: a file that holds more than was meant is found out too late. */
export const exactFilterFields = z.strictObject(FIELDS).partial();

export type TypedFilter = z.infer<typeof filterFields>;

/** -> null where nobody has the address. Days are those of the administrator's zone, the last one included. */
export async function readFilter(
  db: Db,
  typed: z.infer<typeof exactFilterFields>,
  timeZone: string | null,
): Promise<RecordFilter | null> {
  const { event, outcome, network } = typed;
  const person = await personOf(db, typed.person ?? '');
  if (person === null) return null;
  const zone = timeZone !== null && isTimeZone(timeZone) ? timeZone : 'UTC';
  const from = startOfDay(typed.from ?? '', zone);
  const until = startOfDay(typed.to ?? '', zone, 1);
  return {
    ...(person === undefined ? {} : { person }),
    ...(event ? { event } : {}),
    ...(outcome ? { outcome } : {}),
    ...(network ? { network } : {}),
    ...(from === null ? {} : { from }),
    ...(until === null ? {} : { until }),
  };
}

/** A pseudonym; undefined where nobody is meant, null where there is nobody. */
async function personOf(db: Db, typed: string): Promise<string | null | undefined> {
  const text = typed.trim();
  if (text === '') return undefined;
  if (/^[\w-]{1,64}$/.test(text)) return text;
  const address = readAddress(text);
  return (address && (await findAccountByAddress(db, address.key)))?.pseudonym ?? null;
}
