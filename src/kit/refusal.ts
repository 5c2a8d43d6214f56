/** Every expected "no". `web/refusals.ts` gives each its status; `words/` its sentence. */
export const REFUSAL_CODES = [
  'sign_in_required',
  'two_factor_required',
  'step_up_required',
  'invalid_input',
  'malformed_request',
  'wrong_credentials',
  'wrong_code',
  'wrong_recovery_code',
  'key_refused',
  'passkey_refused',
  'key_not_added',
  'key_taken',
  'key_model_refused',
  'key_models_unavailable',
  'keys_need_name',
  'other_factor_first',
  'method_forbidden',
  'no_first_method',
  'clock_slow',
  'clock_fast',
  'pending_ended',
  'too_many_attempts',
  'codes_on_hold',
  'codes_closed',
  'link_invalid',
  'link_other_browser',
  'enrolment_expired',
  'policy_requires_two_factor',
  'address_unproven',
  'address_taken',
  'too_many_factors',
  'changes_frozen',
  'last_administrator',
  'recovery_too_often',
  'recovery_waiting',
  'another_administrator',
  'own_account',
  'group_guards_app',
  'sign_up_closed',
  'no_two_factor',
  'wrong_origin',
  'method_not_allowed',
  'unsupported_body',
  'body_too_large',
  'not_found',
  'conflict',
  'busy',
  'database_away',
  'clock_skewed',
  'text_not_sent',
  'texts_capped',
  'text_country',
  'store_full',
  'too_many_builds',
  'token_required',
  'scope_missing',
  'administrator_protected',
  'only_factor',
  'app_unknown',
  'app_closed',
] as const;

export type RefusalCode = (typeof REFUSAL_CODES)[number];

/** What a refusal's sentence mentions, and what its answer needs besides. */
export interface RefusalDetail {
  /** Seconds until the same request may succeed; becomes `Retry-After`. */
  readonly retryAfter?: number;
  /** Minutes by which a phone's clock is off (clock doctor). */
  readonly minutes?: number;
  /** The first instant at which it may succeed, where a person should read the time. */
  readonly until?: number;
  /** True where the person has a security key, which no hold and no clock stops. */
  readonly keys?: boolean;
  /** True where the tries were text messages that went out, and not mistakes. */
  readonly texts?: boolean;
  /** Field name -> the code of its complaint; `words/refusals` has its sentence. */
  readonly fields?: Readonly<Record<string, FieldComplaint>>;
  /** The scope of the management API that a program's token lacks. */
  readonly scope?: string;
  /** What is wrong with which part of a program's request. */
  readonly problems?: readonly InputProblem[];
  /** No try is left: what follows starts from the password. */
  readonly lastTry?: boolean;
  /** True where the person's role is what requires two factors, and not a rule. */
  readonly byRole?: boolean;
  /** Where a sign-in or a step-up was to lead that has to begin again; `/`: nowhere that is known. */
  readonly returnTo?: string;
  /** Id of a passkey that nobody has here: its browser may forget it. */
  readonly unknownCredential?: string;
}

export interface InputProblem {
  /** `body.email`, `query.limit` */
  readonly at: string;
  readonly message: string;
}

export const FIELD_COMPLAINTS = [
  'required',
  'too_long',
  'email_invalid',
  'email_taken',
  'email_unchanged',
  'name_invalid',
  'password_too_short',
  'password_too_long',
  'password_common',
  'password_context',
  'password_weak',
  'password_wrong',
  'password_unchanged',
  'confirmation_wrong',
  'code_wrong',
  'message_code_wrong',
  'recovery_code_wrong',
  'locale_unknown',
  'time_zone_unknown',
  'label_invalid',
  'phone_invalid',
  'phone_country',
  'group_name_invalid',
  'group_name_taken',
  'person_unknown',
  'list_wrong',
  'address_invalid',
  'origin_invalid',
  'origin_taken',
  'slug_invalid',
  'slug_taken',
  'version_invalid',
  'version_taken',
  'platform_unfit',
  'file_name_invalid',
  'file_kind_unknown',
  'file_kind_unfit',
  'file_too_large',
  'archive_broken',
  'archive_too_big',
  'archive_unsafe',
  'icon_unreadable',
  'icon_too_large',
  'audience_missing',
  'day_invalid',
  'day_needless',
  'number_invalid',
  'key_models_invalid',
  'group_unknown',
] as const;

export type FieldComplaint = (typeof FIELD_COMPLAINTS)[number];

/** An expected refusal: thrown by actions, rendered in one place, never logged as a fault. */
export class Refusal extends Error {
  readonly code: RefusalCode;
  readonly detail: RefusalDetail;
  constructor(code: RefusalCode, detail: RefusalDetail = {}) {
    super(code);
    this.name = 'Refusal';
    this.code = code;
    this.detail = detail;
  }
}

/**
 * All complaints of a form at once, so that nobody mends one field only to hear of the next: field -> its complaint, or
 * none. What is empty is not wrong but missing.
 */
export function refuseFields(
  typed: Readonly<Record<string, string>>,
  complaints: Readonly<Record<string, FieldComplaint | null | false>>,
): Refusal {
  const fields: Record<string, FieldComplaint> = {};
  for (const [name, complaint] of Object.entries(complaints)) {
    if (complaint) fields[name] = typed[name] === '' ? 'required' : complaint;
  }
  return new Refusal('invalid_input', { fields });
}

export function refuseField(field: string, complaint: FieldComplaint): Refusal {
  return new Refusal('invalid_input', { fields: { [field]: complaint } });
}
