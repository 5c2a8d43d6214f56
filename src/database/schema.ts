import type { AccountTable, EmailAddressTable, KnownBrowserTable, LinkTable } from './tables/account.ts';
import type {
  AppIconTable,
  AppTable,
  BuildTable,
  PublicationGroupTable,
  PublicationTable,
  StoreLinkTable,
} from './tables/app-store.ts';
import type { AuditCutTable, AuditEventTable, AuditLinkTable } from './tables/audit.ts';
import type { ClientGroupTable, ClientTable } from './tables/client.ts';
import type { AccountDeletionTable } from './tables/deletion.ts';
import type { LeaseTable, MailboxTable, MetaTable, OutboxTable } from './tables/delivery.ts';
import type {
  CheckUpTable,
  FactorChallengeTable,
  FactorDraftTable,
  FactorTable,
  RecoveryCodeSetTable,
  RecoveryCodeTable,
  SpentChallengeTable,
} from './tables/factor.ts';
import type { ForwardAuthSessionTable, ForwardAuthTicketTable } from './tables/forward-auth.ts';
import type { GroupMemberTable, PeopleGroupTable } from './tables/group.ts';
import type {
  ImportFactorTable,
  ImportMemberTable,
  ImportRowTable,
  ImportRunTable,
} from './tables/import.ts';
import type { KeyMetadataTable } from './tables/key-metadata.ts';
import type {
  AppConsentTable,
  OidcGrantTable,
  OidcInteractionTable,
  OidcTokenTable,
  SessionClientTable,
  SigningKeyTable,
} from './tables/oidc.ts';
import type { AccountWordTable } from './tables/people.ts';
import type { PolicyValueTable, TwoFactorRuleTable } from './tables/policy.ts';
import type { RecoveryRequestTable } from './tables/recovery.ts';
import type { ReminderSentTable } from './tables/reminder.ts';
import type {
  EnrolmentPassTable,
  PendingSignInTable,
  SessionTable,
  StepUpTable,
  TrustedBrowserTable,
} from './tables/sign-in.ts';
import type { GuessBudgetTable, GuessDayTable, TextSentTable, ThrottleTable } from './tables/throttle.ts';

/**
 * Every table, for both engines. Tables are singular snake_case; instants are epoch milliseconds and end in `_at`;
 * hashes and sealed secrets are base64url text.
 */
export interface Schema {
  account: AccountTable;
  email_address: EmailAddressTable;
  factor: FactorTable;
  recovery_code_set: RecoveryCodeSetTable;
  recovery_code: RecoveryCodeTable;
  factor_draft: FactorDraftTable;
  pending_sign_in: PendingSignInTable;
  session: SessionTable;
  step_up: StepUpTable;
  enrolment_pass: EnrolmentPassTable;
  known_browser: KnownBrowserTable;
  link: LinkTable;
  guess_budget: GuessBudgetTable;
  guess_day: GuessDayTable;
  throttle: ThrottleTable;
  audit_event: AuditEventTable;
  audit_link: AuditLinkTable;
  audit_cut: AuditCutTable;
  outbox: OutboxTable;
  mailbox: MailboxTable;
  lease: LeaseTable;
  meta: MetaTable;
  factor_challenge: FactorChallengeTable;
  spent_challenge: SpentChallengeTable;
  text_sent: TextSentTable;
  trusted_browser: TrustedBrowserTable;
  check_up: CheckUpTable;
  recovery_request: RecoveryRequestTable;
  policy_value: PolicyValueTable;
  two_factor_rule: TwoFactorRuleTable;
  reminder_sent: ReminderSentTable;
  people_group: PeopleGroupTable;
  group_member: GroupMemberTable;
  client: ClientTable;
  client_group: ClientGroupTable;
  app: AppTable;
  app_icon: AppIconTable;
  build: BuildTable;
  publication: PublicationTable;
  publication_group: PublicationGroupTable;
  store_link: StoreLinkTable;
  account_word: AccountWordTable;
  app_consent: AppConsentTable;
  oidc_grant: OidcGrantTable;
  oidc_token: OidcTokenTable;
  oidc_interaction: OidcInteractionTable;
  session_client: SessionClientTable;
  signing_key: SigningKeyTable;
  key_metadata: KeyMetadataTable;
  import_run: ImportRunTable;
  import_row: ImportRowTable;
  import_factor: ImportFactorTable;
  import_member: ImportMemberTable;
  account_deletion: AccountDeletionTable;
  forward_auth_session: ForwardAuthSessionTable;
  forward_auth_ticket: ForwardAuthTicketTable;
}
