import type { Schema } from '../database/schema.ts';
import { careOf } from '../factors/all.ts';
import type { Purpose } from '../kit/seal.ts';

export type SealedRow = Readonly<Record<string, string>>;

/** Where a sealed secret lies, and whose it is: what must be known to open it and to seal it anew (R80). */
export interface SealedColumn {
  readonly table: keyof Schema;
  readonly column: string;
  /** The primary key, in its order. */
  readonly key: readonly string[];
  /** What else of the row tells purpose and owner. */
  readonly also: readonly string[];
  /** Null: nobody here knows what it is for any more. */
  purpose(row: SealedRow): Purpose | null;
  owner(row: SealedRow): string;
}

const ofFactor = {
  column: 'sealed_data',
  also: ['account_id', 'kind'],
  purpose: ({ kind }: SealedRow) => careOf(kind ?? '')?.sealedFor ?? null,
  owner: ({ account_id, id }: SealedRow) => `${account_id}/${id}`,
};

const ofAccount = (table: keyof Schema, purpose: Purpose): SealedColumn => ({
  table,
  column: 'sealed_data',
  key: ['id'],
  also: ['account_id'],
  purpose: () => purpose,
  owner: ({ account_id, id }) => `${account_id}/${id}`,
});

const byItsKey = (table: keyof Schema, key: string, purpose: Purpose): SealedColumn => ({
  table,
  column: 'sealed',
  key: [key],
  also: [],
  purpose: () => purpose,
  owner: (row) => row[key] as string,
});

/** All of them: a test compares this list with the tables. */
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

/** Of `meta`, the one row that is sealed: it tells whose database this is. */
export const KEY_CHECK: SealedColumn = {
  table: 'meta',
  column: 'value',
  key: ['key'],
  also: [],
  purpose: () => 'meta',
  owner: ({ key }) => key as string,
};
