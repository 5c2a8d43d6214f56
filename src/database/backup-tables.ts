import type { Schema } from './schema.ts';

/**
 * What a backup holds, and what it leaves out (R82): whatever opens a door or waits for an answer is not in it, so that no
 * restore can bring it back. In the order in which rows may be put in: parents first.
 */
const TABLES = {
  meta: 'kept',
  account: 'kept',
  account_word: 'kept',
  email_address: 'kept',
  account_deletion: 'kept',
  factor: 'kept',
  recovery_code_set: 'kept',
  recovery_code: 'kept',
  check_up: 'kept',
  // What slows strangers down, and what tells them from the person.
  known_browser: 'kept',
  guess_budget: 'kept',
  guess_day: 'kept',
  throttle: 'kept',
  text_sent: 'kept',
  recovery_request: 'kept',
  people_group: 'kept',
  group_member: 'kept',
  policy_value: 'kept',
  two_factor_rule: 'kept',
  reminder_sent: 'kept',
  client: 'kept',
  client_group: 'kept',
  app_consent: 'kept',
  signing_key: 'kept',
  app: 'kept',
  app_icon: 'kept',
  build: 'kept',
  publication: 'kept',
  publication_group: 'kept',
  key_metadata: 'kept',
  audit_event: 'kept',
  audit_link: 'kept',
  audit_cut: 'kept',
  // Signed in, or on the way to it.
  session: 'void',
  step_up: 'void',
  pending_sign_in: 'void',
  enrolment_pass: 'void',
  trusted_browser: 'void',
  factor_draft: 'void',
  factor_challenge: 'void',
  spent_challenge: 'void',
  link: 'void',
  store_link: 'void',
  oidc_grant: 'void',
  oidc_token: 'void',
  oidc_interaction: 'void',
  session_client: 'void',
  forward_auth_session: 'void',
  forward_auth_ticket: 'void',
  // Delivered since, for all we know: nothing is sent twice, and the links in it are dead anyway.
  outbox: 'void',
  mailbox: 'void',
  // Of processes that are gone.
  lease: 'void',
  import_run: 'void',
  import_row: 'void',
  import_factor: 'void',
  import_member: 'void',
} as const satisfies Record<keyof Schema, 'kept' | 'void'>;

export const ALL_TABLES = Object.keys(TABLES) as (keyof Schema)[];

export const KEPT_TABLES = Object.entries(TABLES)
  .filter(([, fate]) => fate === 'kept')
  .map(([table]) => table as keyof Schema);

/** Rows of `meta` that belong to one database and not to what is in it. */
export const OWN_META = ['migration/', 'audit/check', 'builds/owner'];
