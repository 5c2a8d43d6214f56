import type { Role } from '../accounts/account.ts';

/**
 * Every mail that tells a person of a change to their security (`screens-and-mails.md` 2). `keys`, `browsers`: the person
 * has (or had) security keys, trusted browsers; a mail doesn't name what somebody never had. `ending`: the last two
 * digits of a phone's number, of which no mail tells more (R76).
 */
export type Notice =
  | {
      readonly kind: 'two_factor_on';
      readonly factorId: string;
      readonly method: string;
      readonly label: string;
      readonly ending?: string;
    }
  | { readonly kind: 'two_factor_off'; readonly by: 'self' | 'operator'; readonly browsers?: boolean }
  | {
      readonly kind: 'factor_added';
      readonly factorId: string;
      readonly method: string;
      readonly label: string;
      readonly ending?: string;
    }
  /** `by`: an administrator's name, where it was not the person. */
  | {
      readonly kind: 'factor_removed';
      readonly method: string;
      readonly label: string;
      readonly by?: string;
    }
  | {
      readonly kind: 'factor_replaced';
      readonly method: string;
      readonly factorId: string;
      readonly label: string;
      readonly ending?: string;
      /** The old factor's row, sealed, so that the undo link can bring it back within 24 hours. */
      readonly undo: Readonly<Record<string, string>>;
    }
  /** Its counter did not rise: there may be a copy of it. */
  | { readonly kind: 'key_suspended'; readonly method: string; readonly label: string }
  /** Somebody pressed "This wasn't me". `label`, `method`: of the factor that is suspended with it, else empty. */
  | {
      readonly kind: 'security_frozen';
      readonly until: number;
      readonly method: string;
      readonly label: string;
    }
  | { readonly kind: 'codes_regenerated' }
  | { readonly kind: 'code_used'; readonly remaining: number; readonly keys?: boolean }
  | { readonly kind: 'codes_low'; readonly remaining: number }
  | { readonly kind: 'password_changed'; readonly how: 'changed' | 'reset' }
  | { readonly kind: 'email_changed'; readonly from: string; readonly to: string }
  /** `to` is the address that was restored. */
  | { readonly kind: 'email_change_undone'; readonly from: string; readonly to: string }
  | { readonly kind: 'replace_undone'; readonly method: string; readonly label: string }
  | { readonly kind: 'recovery_address_added'; readonly address: string }
  | { readonly kind: 'recovery_address_removed'; readonly address: string }
  | { readonly kind: 'new_browser' }
  /** For the first time. `may`: what, in the person's language. */
  | { readonly kind: 'access_granted'; readonly app: string; readonly may: readonly string[] }
  | { readonly kind: 'wrong_code_burst' }
  | { readonly kind: 'codes_held'; readonly until: number; readonly keys?: boolean }
  | { readonly kind: 'codes_closed'; readonly keys?: boolean }
  | { readonly kind: 'admin_reset'; readonly by: string; readonly reason: string }
  | { readonly kind: 'role_changed'; readonly by: string; readonly role: Role }
  /** Help was asked for by somebody who lost everything; `token` cancels it. */
  | { readonly kind: 'recovery_requested'; readonly effectiveAt: number; readonly token: string }
  | { readonly kind: 'recovery_cancelled'; readonly by: 'link' | 'sign-in' | 'change' }
  | { readonly kind: 'recovery_refused' }
  /** Suspended now, erased at that instant. `token`: of the person's own way back; null where somebody else decided it. */
  | {
      readonly kind: 'account_leaving';
      readonly effectiveAt: number;
      readonly by: string;
      readonly reason: string;
      readonly token: string | null;
    }
  | { readonly kind: 'account_kept'; readonly by: string }
  /** Nothing is reset yet: `token` and the password enrol a new factor, until then. `by`: the administrators. */
  | {
      readonly kind: 'temporary_pass';
      readonly by: string;
      readonly reason: string;
      readonly until: number;
      readonly token: string;
    };
