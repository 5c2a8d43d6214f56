import type { RefusalCode } from '../kit/refusal.ts';

/** Where a person is led instead of seeing a refusal; a program gets the status. */
type Lead = 'sign-in' | 'security' | 'confirm';

export interface Shape {
  readonly status: number;
  readonly lead?: Lead;
  /** Told on the form's own page, though it is no mistake: the page has other ways to offer (R16). */
  readonly onForm?: boolean;
}

/** Code -> HTTP. A forgotten code does not compile. */
const REFUSALS = {
  sign_in_required: { status: 401, lead: 'sign-in' },
  pending_ended: { status: 401, lead: 'sign-in' },
  two_factor_required: { status: 403, lead: 'security' },
  step_up_required: { status: 403, lead: 'confirm' },
  invalid_input: { status: 422 },
  malformed_request: { status: 400 },
  wrong_credentials: { status: 422 },
  wrong_code: { status: 422 },
  wrong_recovery_code: { status: 422 },
  key_refused: { status: 422 },
  passkey_refused: { status: 422 },
  key_not_added: { status: 422 },
  key_taken: { status: 409 },
  key_model_refused: { status: 422 },
  key_models_unavailable: { status: 503 },
  keys_need_name: { status: 409 },
  other_factor_first: { status: 409 },
  method_forbidden: { status: 409 },
  no_first_method: { status: 409 },
  clock_slow: { status: 422 },
  clock_fast: { status: 422 },
  too_many_attempts: { status: 429 },
  codes_on_hold: { status: 429 },
  codes_closed: { status: 429 },
  link_invalid: { status: 422 },
  link_other_browser: { status: 422 },
  enrolment_expired: { status: 422 },
  policy_requires_two_factor: { status: 409 },
  address_unproven: { status: 409 },
  address_taken: { status: 409 },
  too_many_factors: { status: 409 },
  changes_frozen: { status: 409 },
  last_administrator: { status: 409 },
  recovery_too_often: { status: 429 },
  recovery_waiting: { status: 409 },
  another_administrator: { status: 409 },
  own_account: { status: 409 },
  group_guards_app: { status: 409 },
  sign_up_closed: { status: 404 },
  no_two_factor: { status: 409 },
  wrong_origin: { status: 403 },
  method_not_allowed: { status: 405 },
  unsupported_body: { status: 415 },
  body_too_large: { status: 413 },
  not_found: { status: 404 },
  conflict: { status: 409 },
  busy: { status: 503 },
  database_away: { status: 503 },
  clock_skewed: { status: 503 },
  token_required: { status: 401 },
  scope_missing: { status: 403 },
  administrator_protected: { status: 403 },
  only_factor: { status: 409 },
  text_not_sent: { status: 503, onForm: true },
  texts_capped: { status: 429, onForm: true },
  text_country: { status: 409, onForm: true },
  store_full: { status: 409 },
  too_many_builds: { status: 409 },
  app_unknown: { status: 404 },
  app_closed: { status: 403 },
} as const satisfies Record<RefusalCode, Shape>;

export function shapeOf(code: RefusalCode): Shape {
  return REFUSALS[code];
}
