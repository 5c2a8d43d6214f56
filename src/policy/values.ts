import type { Db } from '../database/open.ts';
import { prepared } from '../database/prepared.ts';

interface Value<T> {
  readonly fallback: T;
  /** -> null for a text that is no value: then the default holds. */
  read(text: string): T | null;
  write(value: T): string;
}

interface WholeNumber extends Value<number> {
  readonly floor: number;
  readonly ceiling: number;
}

function wholeNumber(fallback: number, floor: number, ceiling: number): WholeNumber {
  return {
    fallback,
    floor,
    ceiling,
    read(text) {
      const number = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
      return number >= floor && number <= ceiling ? number : null;
    },
    write: String,
  };
}

function oneOf<T extends string>(fallback: T, ...others: T[]): Value<T> {
  return {
    fallback,
    read: (text) => [fallback, ...others].find((value) => value === text) ?? null,
    write: (value) => value,
  };
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
  write: (value) => (typeof value === 'string' ? value : value.join(',')),
};

/** Separated by spaces; by default none. */
const names: Value<readonly string[]> = {
  fallback: [],
  read: (text) => (/^[a-z][a-z-]*( [a-z][a-z-]*)*$/.test(text) ? text.split(' ') : text === '' ? [] : null),
  write: (value) => [...value].sort().join(' '),
};

/** What administrators decide, each with its default. */
const VALUES = {
  /** Kinds of factors that are not accepted as a second step (decision 15); a new kind is accepted until somebody says no. */
  forbidden_factors: names,
  /** May a security key be the first factor, or only stand beside one of another kind? */
  keys_first: oneOf<'after' | 'allowed'>('after', 'allowed'),
  /** Which security keys may be added: any, those of models that FIDO certified, or of these AAGUIDs, by commas (R23). */
  key_models: keyModels,
  /** "Don't ask again in this browser" (R37). */
  trusted_browsers: oneOf<'allowed' | 'forbidden'>('allowed', 'forbidden'),
  /** Hours between the request of somebody who lost everything and the first moment at which it can be approved (R46). */
  recovery_wait_hours: wholeNumber(24, 1, 720),
  /** Of one build, in MiB (R78). */
  build_size_mib: wholeNumber(2048, 1, 999_999),
  /** Of all builds together, in GiB. */
  builds_total_gib: wholeNumber(100, 1, 999_999),
  builds_per_app: wholeNumber(100, 1, 10_000),
  /** Days after which records are removed, at least 30; 0: they are kept. */
  record_retention_days: wholeNumber(0, 30, 36_500),
  /** Characters of a new password (R1); never less than `PASSWORD_MIN_LENGTH` says. */
  password_min_length: wholeNumber(8, 8, 128),
  /** Mails before a two-factor rule begins to hold; the banner is shown in any case. */
  reminders: oneOf<'on' | 'off'>('on', 'off'),
};

type Values = typeof VALUES;
export type PolicyKey = keyof Values;
export type PolicyValues = { [K in PolicyKey]: Values[K]['fallback'] };

const POLICY_KEYS = Object.keys(VALUES) as readonly PolicyKey[];

const FALLBACKS = Object.fromEntries(POLICY_KEYS.map((key) => [key, VALUES[key].fallback])) as PolicyValues;

const stored = prepared<{ key: string }>()((db, { key }) =>
  db.selectFrom('policy_value').select('value').where('key', '=', key),
);

/** Read anew each time: a change by one process holds at once in all. */
export async function policyValue<K extends PolicyKey>(db: Db, key: K): Promise<PolicyValues[K]> {
  const [row] = await stored(db, { key });
  const read = row ? readPolicyValue(key, row.value) : null;
  return read ?? (VALUES[key].fallback as PolicyValues[K]);
}

/** Beside the values, and none of them: nobody decides it. */
export const TRUSTED_SINCE = 'trusted_browsers_since';

/**
 * What was trusted up to this instant is so no more: it has been forbidden since, and must not come back when it is
 * allowed again. Epoch milliseconds; 0: it never was.
 */
export async function trustedSince(db: Db): Promise<number> {
  const [row] = await stored(db, { key: TRUSTED_SINCE });
  return Number(row?.value ?? 0);
}

const all = prepared<object>()((db) => db.selectFrom('policy_value').select(['key', 'value']));

/** In one query: there are few, and what nobody has decided has no row. */
export async function allPolicyValues(db: Db): Promise<PolicyValues> {
  const values: Record<string, unknown> = { ...FALLBACKS };
  for (const { key, value } of await all(db, {})) {
    // A newer version beside this one may keep values that this one does not know.
    if (Object.hasOwn(VALUES, key)) values[key] = readPolicyValue(key as PolicyKey, value) ?? values[key];
  }
  return values as PolicyValues;
}

/** -> null for a text that is no value of this key: what a form or a command was given. */
export function readPolicyValue<K extends PolicyKey>(key: K, text: string): PolicyValues[K] | null {
  return VALUES[key].read(text) as PolicyValues[K] | null;
}

export type NumberKey = { [K in PolicyKey]: Values[K] extends WholeNumber ? K : never }[PolicyKey];

/** Between which a number must lie; what stands for "none" may lie outside. */
export function limitsOf(key: NumberKey): { readonly floor: number; readonly ceiling: number } {
  return VALUES[key];
}

/** As it is stored and recorded. */
export function writePolicyValue<K extends PolicyKey>(key: K, value: PolicyValues[K]): string {
  return (VALUES[key] as unknown as Value<PolicyValues[K]>).write(value);
}
