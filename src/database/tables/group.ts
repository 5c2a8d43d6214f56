import type { Generated } from 'kysely';

/** People whom a rule, an app or a publication names together. */
export interface PeopleGroupTable {
  id: string;
  name: string;
  /** Normalised: two names that look alike are one group. */
  name_key: string;
  created_at: number;
  /** It is gone for everybody; what refers to it is forgotten a few rows at a time (`upkeep/forget-removed.ts`). */
  removed_at: Generated<number | null>;
}

export interface GroupMemberTable {
  group_id: string;
  account_id: string;
  created_at: number;
}
