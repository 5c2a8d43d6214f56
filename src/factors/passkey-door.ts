import type { Account } from '../accounts/account.ts';
import type { Tx } from '../database/open.ts';
import type { Deps } from '../deps.ts';
import type { Content, Html } from '../kit/html.ts';
import type { SetCookie } from '../web/answer.ts';
import type { Visit } from '../web/visit.ts';
import type { Accepted, Rejected } from './factor.ts';

/** What the sign-in page asks of passkeys, before anybody is known. */
export interface PasskeyQuestion {
  /** The …OptionsJSON. */
  readonly options: object;
  /** What the browser must keep to answer it. */
  readonly cookies: readonly SetCookie[];
}

export interface PasskeyVerdict {
  /** Whose it says to be; null for one that nobody has. */
  readonly account: Account | null;
  readonly verdict: Accepted | Rejected;
  /** The credential's id where we don't know it: the browser may then forget it, too. */
  readonly unknown: string | null;
}

export interface PasskeyForm {
  readonly options: object;
  /** Where newer options are found when these have grown old. */
  readonly page: string;
  /** Id of a credential that the browser just sent and nobody has. */
  readonly unknown: string | null;
  /** A passkey was just refused: the e-mail field doesn't offer it again by itself. */
  readonly tried: boolean;
  /** Further fields: `return_to`. */
  readonly fields: Content;
}

/** The contract of a factor that can also sign in alone, instead of the password. */
export interface PasskeyDoor {
  /** Of the factors that can. */
  readonly kind: string;
  /** The same in every tab while it is young. Null where passkeys can't work. */
  ask(deps: Deps, visit: Visit): PasskeyQuestion | null;
  /** After an answer: what was asked before is spent. */
  askAnew(deps: Deps, visit: Visit): PasskeyQuestion | null;
  /** What this browser was asked, if nobody has answered it yet: one answer over all instances gets it (R17). */
  spend(tx: Tx, deps: Deps, visit: Visit): Promise<string | null>;
  /** `challenge` has been spent before. */
  check(deps: Deps, challenge: string, credential: string): Promise<PasskeyVerdict>;
  /** Removes what `ask` let the browser keep. */
  readonly forget: SetCookie;
  /** The form that posts to `/sign-in/passkey`, with its button. */
  form(deps: Pick<Deps, 'config'>, visit: Visit, form: PasskeyForm): Html;
  /** Scripts of `web/browser/` that the form needs. */
  readonly scripts: readonly string[];
}
