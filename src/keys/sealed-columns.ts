import type { Schema } from '../database/schema.ts';
import { careOf } from '../factors/all.ts';
import type { Purpose } from '../kit/seal.ts';
import { rowOwner } from '../kit/seal.ts';

export type SealedRow = Readonly<Record<string, string>>;

/** Where a sealed secret lies, and whose it is: what must be known to open it and to seal it anew (R80). */
export interface SealedColumn {
  readonly table: keyof Schema;
  readonly column: string;
  /** The primary key, in its order. */
  readonly key: readonly string[];
  /** What else of the row tells purpose and owner. */
  readonly also: readonly string[];
  /** Only rows with this value of this column hold one. */
  readonly only?: { readonly column: string; readonly value: string };
  /** The column is JSON, and this field of it is what is sealed; its other fields tell purpose and owner too. */
  readonly field?: string;
  /** Null: nobody here knows what it is for any more. */
  purpose(row: SealedRow): Purpose | null;
  owner(row: SealedRow): string;
}

const ownerOf = ({ account_id = '', id = '' }: SealedRow): string => rowOwner(account_id, id);

const ofFactor = {
  column: 'sealed_data',
  also: ['account_id', 'kind'],
  purpose: ({ kind }: SealedRow) => careOf(kind ?? '')?.sealedFor ?? null,
  owner: ownerOf,
};

const ofAccount = (table: keyof Schema, purpose: Purpose): SealedColumn => ({
  table,
  column: 'sealed_data',
  key: ['id'],
  also: ['account_id'],
  purpose: () => purpose,
  owner: ownerOf,
});

const byItsKey = (table: keyof Schema, key: string, purpose: Purpose): SealedColumn => ({
  table,
  column: 'sealed',
  key: [key],
  also: [],
  purpose: () => purpose,
  owner: (row) => row[key] as string,
});

/** The columns that hold nothing else: a test compares this list with the tables. */
export const SEALED_COLUMNS: readonly SealedColumn[] = [
  { table: 'factor', key: ['id'], ...ofFactor },
  { table: 'import_factor', key: ['import_id', 'account_id', 'id'], ...ofFactor },
  ofAccount('factor_draft', 'enrolment'),
  ofAccount('factor_challenge', 'challenge'),
  byItsKey('outbox', 'id', 'outbox'),
  byItsKey('mailbox', 'id', 'mailbox'),
  byItsKey('oidc_token', 'hash', 'oidc'),
  byItsKey('oidc_interaction', 'hash', 'oidc'),
  byItsKey('signing_key', 'id', 'signing-key'),
];

/** Everything that lies sealed, wherever. */
export const SEALED: readonly SealedColumn[] = [
  ...SEALED_COLUMNS,
  // A factor that was replaced comes back by a link for a day.
  {
    ...ofFactor,
    table: 'link',
    key: ['id'],
    column: 'data',
    also: ['account_id'],
    only: { column: 'purpose', value: 'undo-replace' },
    field: 'sealed_data',
  },
  // Tells whose database this is.
  {
    table: 'meta',
    column: 'value',
    key: ['key'],
    also: [],
    only: { column: 'key', value: 'key-check' },
    purpose: () => 'meta',
    owner: ({ key }) => key as string,
  },
];

/** -> what is sealed in a row, and the fields that tell purpose and owner; null where it holds nothing. */
export function readSealed(place: SealedColumn, row: SealedRow): { sealed: string; about: SealedRow } | null {
  const text = row['sealed_text'] as string;
  const fields = place.field === undefined ? {} : (JSON.parse(text) as SealedRow);
  const sealed = place.field === undefined ? text : fields[place.field];
  return sealed ? { sealed, about: { ...row, ...fields } } : null;
}

export function withSealed(place: SealedColumn, row: SealedRow, sealed: string): string {
  if (place.field === undefined) return sealed;
  return JSON.stringify({ ...JSON.parse(row['sealed_text'] as string), [place.field]: sealed });
}
