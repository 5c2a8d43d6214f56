/** One import that is being read. What nobody has touched for a while was left by a crash. */
export interface ImportRunTable {
  id: string;
  touched_at: number;
}

/** An account as it will be; `place` is where in the file it stands. */
export interface ImportRowTable {
  import_id: string;
  position: number;
  place: string;
  account_id: string;
  pseudonym: string;
  email: string;
  address_key: string;
  name: string;
  password_hash: string | null;
  roles: string;
  locale: string | null;
  proven_at: number | null;
  suspended_at: number | null;
  two_factor_at: number | null;
}

/** A factor as it will be, sealed for its account already. */
export interface ImportFactorTable {
  import_id: string;
  id: string;
  account_id: string;
  kind: string;
  label: string;
  sealed_data: string;
  counter: number;
}

export interface ImportMemberTable {
  import_id: string;
  account_id: string;
  group_key: string;
}
