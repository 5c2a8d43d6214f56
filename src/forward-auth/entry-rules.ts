import { type Acr, meets } from '../sessions/session.ts';

/** What still stands between a person and an app, in this order; null: nothing. */
export type Missing =
  /** Not in any of the groups that may enter. */
  | 'entry'
  /** The account has no second factor yet. */
  | 'factor'
  /** There is one, and this session has not seen it. */
  | 'confirm'
  /** A key is asked for, and the account has none. */
  | 'key'
  | 'use-key';

export interface Standing {
  /** In one of the app's groups, or it names none. */
  readonly entitled: boolean;
  readonly acr: Acr;
  readonly hasFactor: boolean;
  readonly hasKey: boolean;
}

export function missingFor(demand: Acr, { entitled, acr, hasFactor, hasKey }: Standing): Missing | null {
  if (!entitled) return 'entry';
  if (meets(acr, demand)) return null;
  if (!hasFactor) return 'factor';
  if (demand === 'mfa') return 'confirm';
  return hasKey ? 'use-key' : 'key';
}
