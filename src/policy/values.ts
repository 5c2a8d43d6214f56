import type { Db } from '../database/open.ts';

interface Value<T> {
  readonly fallback: T;
  /** -> null for a text that is no value: then the default holds. */
  read(text: string): T | null;
}

function wholeNumber(fallback: number, floor: number): Value<number> {
  return {
    fallback,
    read: (text) => (/^\d{1,6}$/.test(text) && Number(text) >= floor ? Number(text) : null),
  };
}

function oneOf<T extends string>(fallback: T, ...others: T[]): Value<T> {
  return { fallback, read: (text) => [fallback, ...others].find((value) => value === text) ?? null };
}

const AAGUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A text that is neither accepts no model at all: a slip of the hand must not open what was meant to be closed. */
const keyModels: Value<'any' | 'certified' | readonly string[]> = {
  fallback: 'any',
  read(text) {
    if (text === 'any' || text === 'certified') return text;
    const listed = text.split(',').map((aaguid) => aaguid.trim().toLowerCase());
    return listed.every((aaguid) => AAGUID.test(aaguid)) ? listed : [];
  },
};

/** What administrators decide, each with its default. */
const VALUES = {
  /** May a security key be the first factor, or only stand beside one of another kind? */
  keys_first: oneOf<'after' | 'allowed'>('after', 'allowed'),
  /** Which security keys may be added: any, those of models that FIDO certified, or of these AAGUIDs, by commas (R23). */
  key_models: keyModels,
  /** "Don't ask again in this browser" (R37). */
  trusted_browsers: oneOf<'allowed' | 'forbidden'>('allowed', 'forbidden'),
  /** Hours between the request of somebody who lost everything and the first moment at which it can be approved (R46). */
  recovery_wait_hours: wholeNumber(24, 1),
  /** Of one build, in MiB (R78). */
  build_size_mib: wholeNumber(2048, 1),
  /** Of all builds together, in GiB. */
  builds_total_gib: wholeNumber(100, 1),
  builds_per_app: wholeNumber(100, 1),
  /** Days after which records are removed, at least 30; 0: they are kept. */
  record_retention_days: wholeNumber(0, 30),
};

export type PolicyKey = keyof typeof VALUES;
type Read<K extends PolicyKey> = (typeof VALUES)[K]['fallback'];

/** Read anew each time: a change by one process holds at once in all. */
export async function policyValue<K extends PolicyKey>(db: Db, key: K): Promise<Read<K>> {
  const row = await db.selectFrom('policy_value').select('value').where('key', '=', key).executeTakeFirst();
  const { fallback, read } = VALUES[key];
  return row === undefined ? fallback : (read(row.value) ?? fallback);
}
