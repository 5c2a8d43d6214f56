import type { Selectable } from 'kysely';
import type { Account } from '../accounts/account.ts';
import type { Tx } from '../database/open.ts';
import type { FactorTable } from '../database/schema.ts';
import type { Deps } from '../deps.ts';
import type { Html } from '../kit/html.ts';
import type { RefusalCode } from '../kit/refusal.ts';
import type { Visit } from '../web/visit.ts';
import type { Locale } from '../words/locale.ts';

/** One enrolled second factor, as it is stored. */
export type FactorRow = Selectable<FactorTable>;

/** What a person is asked for at the second step or at step-up. */
export interface Prompt {
  /** Where the answer is posted, below `/sign-in/factor` or `/confirm/factor`: `totp`. */
  readonly path: string;
  /** The form's fields and their explanation; the page around it, its button and its links belong to the door. */
  readonly fields: Html;
  readonly title: string;
  readonly button: string;
}

/** Why the last answer was refused, and the sentence that says so. */
export interface Wrong {
  readonly code: RefusalCode;
  readonly sentence: string;
}

/** The right answer, found without writing anything. */
export interface Accepted {
  readonly kind: 'accepted';
  /** Which factor or code gave it. */
  readonly factor: { readonly id: string; readonly label: string } | null;
  /** RFC 8176 values besides `pwd`. */
  readonly amr: readonly string[];
  /** Makes it spent for ever, inside the transaction that lets the person in: exactly one caller wins (R10, R26). */
  claim(tx: Tx, now: number): Promise<boolean>;
  /** What must be told once the session that it made or raised is known: mails about a used recovery code. */
  afterClaim?(tx: Tx, visit: Visit, sessionId: string): Promise<void>;
}

export interface Rejected {
  readonly kind: 'rejected';
  /** A right answer that was used before: no guess. */
  readonly replayed: boolean;
  /** Steps of 30 s by which the answer would have been right (clock doctor); null when no near miss. */
  readonly nearMiss?: number | null;
}

/**
 * The contract of every way to answer at the second step. Adding one is a folder and a line in `all.ts`. Factors know
 * nothing of requests, routes or each other.
 */
export interface AnswerMethod {
  /** As in the address: `totp`, `sms`, `webauthn`, `recovery-code`. */
  readonly kind: string;
  /** The strongest is offered first; a recovery code (0) never is. */
  readonly strength: number;
  /** True where a person types digits that could be guessed: the account's guess budget then counts (R11). */
  readonly typed: boolean;
  /** True where the answer depends on the time: refused while this machine's clock is off (A62). */
  readonly timed: boolean;
  /** The name of the form field that holds the answer. */
  readonly field: 'code' | 'credential';
  /** "Use a recovery code": the link to this method from another one's page. */
  linkText(locale: Locale): string;
  /** True when this account can answer so. */
  isAvailable(deps: Deps, account: Account, factors: readonly FactorRow[]): Promise<boolean>;
  prompt(
    deps: Deps,
    account: Account,
    factors: readonly FactorRow[],
    visit: Visit,
    wrong: Wrong | null,
  ): Promise<Prompt>;
  /** Looks, without writing. The attempt has been spent and committed before. */
  check(
    deps: Deps,
    account: Account,
    factors: readonly FactorRow[],
    answer: string,
    now: number,
  ): Promise<Accepted | Rejected>;
}
