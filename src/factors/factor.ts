import type { Selectable } from 'kysely';
import type { Account } from '../accounts/account.ts';
import type { Tx } from '../database/open.ts';
import type { FactorTable } from '../database/tables/factor.ts';
import type { Deps } from '../deps.ts';
import type { Html } from '../kit/html.ts';
import type { RefusalCode } from '../kit/refusal.ts';
import type { Purpose } from '../kit/seal.ts';
import type { IconName } from '../web/icons.ts';
import type { Visit } from '../web/visit.ts';
import type { Locale } from '../words/locale.ts';
import type { EnrolmentPolicy } from './accepted.ts';

/** One enrolled second factor, as it is stored. */
export type FactorRow = Selectable<FactorTable>;

/** Where and of whom an answer is asked. */
export interface Asked {
  readonly account: Account;
  readonly factors: readonly FactorRow[];
  readonly purpose: 'sign-in' | 'step-up';
  /** The pending sign-in or the session that steps up: whatever is sent or asked belongs to it alone (R14, R17). */
  readonly holderId: string;
  /** `/sign-in/factor` or `/confirm/factor`: where the method's own buttons post to, below its name. */
  readonly base: string;
}

/** What a person is asked for at the second step or at step-up. */
export interface Prompt {
  /** Where the answer is posted, below `/sign-in/factor` or `/confirm/factor`: `totp`. */
  readonly path: string;
  /** The form's fields and their explanation; the page around it, its button and its links belong to the door. */
  readonly fields: Html;
  readonly title: string;
  /** The main button; null where there is nothing to send yet. */
  readonly button: string | null;
  /** Attributes of the form that takes the answer, for the method's browser script: `data-options`. */
  readonly formData?: Readonly<Record<string, string>>;
  /** Below the form, with forms of its own. */
  readonly aside?: Html;
  /** Scripts of `web/browser/` that the page needs. */
  readonly scripts?: readonly string[];
  /** What is said where no script runs and this method needs one; the other methods are then listed below it. */
  readonly withoutScript?: string;
}

/** Why the last answer was refused, and the sentence that says so. */
export interface Wrong {
  readonly code: RefusalCode;
  readonly sentence: string;
  readonly lastTry?: boolean;
}

/** The right answer, found without writing anything. */
export interface Accepted {
  readonly kind: 'accepted';
  /** Which factor or code gave it. */
  readonly factor: { readonly id: string; readonly label: string } | null;
  /** RFC 8176 values besides `pwd`. */
  readonly amr: readonly string[];
  /** True for an answer that a look-alike page could not have passed on: acr `phr`. */
  readonly phishingResistant?: boolean;
  /** What the record of it tells besides. */
  readonly detail?: Readonly<Record<string, string | number | boolean>>;
  /** Makes it spent for ever, inside the transaction that lets the person in: exactly one caller wins (R10, R26). */
  claim(tx: Tx, now: number): Promise<boolean>;
  /** What must be told once the session that it made or raised is known (null: it made none): mails about a used code. */
  afterClaim?(tx: Tx, visit: Visit, sessionId: string | null): Promise<void>;
  /**
   * What follows when another request was faster: then this is a wrong answer and costs its try. Without it, it is a
   * replay, which costs none.
   */
  lost?(tx: Tx, visit: Visit): Promise<void>;
}

export interface Rejected {
  readonly kind: 'rejected';
  /** Steps of 30 s by which the answer would have been right (clock doctor). */
  readonly nearMiss?: number;
  /** What follows from such an answer, in the transaction that records it: a copied key is suspended (R20). */
  settle?(tx: Tx, visit: Visit): Promise<void>;
}

/** Wrong, and nothing more can be said of it. */
export const REJECTED: Rejected = { kind: 'rejected' };

/** A right answer that was used before: refused like a wrong one, but no guess, so that it costs no try. */
export interface Replay {
  readonly kind: 'replayed';
}

/**
 * The contract of every way to answer at the second step. Adding one is a folder and a line in `all.ts`. Factors know
 * nothing of requests, routes or each other.
 */
export interface AnswerMethod {
  /** As in the address: `totp`, `sms`, `webauthn`, `recovery-code`. */
  readonly kind: string;
  /** The strongest is offered first; a recovery code (0) never is: a spare, for whoever has any factor. */
  readonly strength: number;
  /** True where nobody could have passed its answers on from a look-alike page, and no clock or hold stops them. */
  readonly phishingResistant?: boolean;
  /** True where a person types digits that could be guessed: the account's guess budget then counts (R11). */
  readonly typed: boolean;
  /** True where the answer depends on the time: refused while this machine's clock is off (A62). */
  readonly timed: boolean;
  /** The name of the form field that holds the answer. */
  readonly field: 'code' | 'credential';
  /** "Use a recovery code": the link to this method from another one's page. */
  linkText(locale: Locale): string;
  prompt(deps: Deps, asked: Asked, visit: Visit, wrong: Wrong | null): Promise<Prompt>;
  /**
   * Looks at the answer; the attempt has been spent and committed before. What must be spent by looking (a challenge,
   * R17) is spent here, in a transaction of its own; nothing else is written.
   */
  check(deps: Deps, asked: Asked, visit: Visit, answer: string): Promise<Accepted | Rejected | Replay>;
  /** Buttons of its own, each a POST without fields below `base/kind`: `send`. They lead back to the page that asks. */
  readonly actions?: Readonly<Record<string, MethodAction>>;
}

/** @throws {Refusal} */
export type MethodAction = (deps: Deps, asked: Asked, visit: Visit) => Promise<void>;

export type AdoptedFactor = Pick<FactorRow, 'id' | 'account_id' | 'kind' | 'label' | 'counter'> & {
  readonly sealed_data: string;
};

/** For accounts that are being imported. */
export interface Adopting {
  /** As many factors of this kind as an account may have. */
  readonly most: number;
  /** Sealed for the account and this factor. */
  adopt(
    deps: Pick<Deps, 'seal' | 'random' | 'clock'>,
    account: { readonly id: string; readonly locale: Locale | null },
    found: { readonly secret: Buffer; readonly label: string },
  ): AdoptedFactor;
}

/** Leads to the page on which one more is set up. */
export interface SetUpLink {
  readonly href: string;
  readonly text: string;
}

/** How the factors of one kind look under Account > Security, where people look after them. */
export interface FactorCare {
  readonly kind: string;
  /** What its `sealed_data` is sealed for, with `ACCOUNT/FACTOR` as owner (R12): so that a new key can take it over (R80). */
  readonly sealedFor: Purpose;
  readonly icon: IconName;
  /** "Authenticator app" */
  name(locale: Locale): string;
  /** "an authenticator app", "2 security keys": for the sentence that says what protects the account. */
  counted(locale: Locale, count: number): string;
  /** Beside the name: the last two digits of a number, whether a key is synced. */
  detail(deps: Deps, factor: FactorRow, locale: Locale): string | null;
  /** Whether it can be the first of an account, in this house and under this policy. */
  canBeFirst(deps: Pick<Deps, 'config'>, policy: EnrolmentPolicy): boolean;
  /** False of one that can't answer here now: a key of another host name, a phone to which nothing is sent. */
  answersHere?(deps: Pick<Deps, 'seal' | 'config'>, factor: FactorRow): boolean;
  /** True where an account has one of this kind at most. */
  readonly single?: boolean;
  /** The link by which one more is set up; null where there can't be one now. Whether the kind is accepted is asked before. */
  adding(
    deps: Deps,
    policy: EnrolmentPolicy,
    factors: readonly FactorRow[],
    locale: Locale,
  ): SetUpLink | null;
  /** Where another one takes this one's place; null where none can be set up here. */
  replacing(deps: Deps, factor: FactorRow): string | null;
  /** What is lost together: `phone`, or the id of a key that is a thing of its own; null for what lives in a cloud. */
  carrier(deps: Pick<Deps, 'seal'>, factor: FactorRow): string | null;
  /** The highest `counter` that an answer given by then may have: what came after a backup counts as spent (R82). */
  spentBy?(now: number): number;
  /** The least that it is then, where every answer that was given is known: that of this moment. */
  spentAt?(now: number): number;
  /** Where a secret that another system and the person's device share can be a factor here. */
  readonly adopting?: Adopting;
  /** The host name of BASE_URL that it was made under, where it works under no other. */
  boundTo?(deps: Pick<Deps, 'seal'>, factor: FactorRow): string;
  /** What the browser should know of these factors, and the script that tells it; null where there is nothing. */
  tellBrowser?(
    deps: Deps,
    account: Account,
    factors: readonly FactorRow[],
  ): Promise<{ readonly mark: Html; readonly scripts: readonly string[] } | null>;
}

/** What a factor's own things look like to the operator: one line of `doctor`. */
export interface FactorDoctor {
  readonly name: string;
  look(
    deps: Pick<Deps, 'config'> & { readonly database: Pick<Deps['database'], 'db'> },
    now: number,
  ): Promise<{ readonly ok: boolean; readonly message: string }>;
}
