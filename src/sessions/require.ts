import { type Account, localeOf } from '../accounts/account.ts';
import { findAccount } from '../accounts/store.ts';
import type { Deps } from '../deps.ts';
import { tokenHash } from '../kit/encoding.ts';
import { Refusal } from '../kit/refusal.ts';
import type { Level } from '../web/route.ts';
import type { Visit } from '../web/visit.ts';
import { negotiateLocale } from '../words/locale.ts';
import { type Enrolling, enrolmentHere } from './enrolment-pass.ts';
import { findSignedIn } from './find-signed-in.ts';
import { findPending, PENDING_TRIES, type Pending, returnToOfEnded } from './pending.ts';
import { isFresh, type SignedIn, touchAfter } from './session.ts';
import { touchSession } from './store.ts';

export interface PendingWho {
  readonly pending: Pending;
  readonly account: Account;
  /** All five tries are gone: only a running hold may still be told, then it starts from the password. */
  readonly exhausted: boolean;
}

/** Who may enrol a factor: a fresh session, or someone who must enrol and has proven more than the password. */
export type Holder = ({ readonly kind: 'session' } & SignedIn) | ({ readonly kind: 'enrolment' } & Enrolling);

/** Every level a route can declare (R31). */
export interface Levels {
  /** Anybody; nothing is looked up. */
  readonly everyone: Level<null>;
  /** Anybody; told who is signed in, if anyone is. */
  readonly anyone: Level<SignedIn | null>;
  /** The same, but who must enrol first is led there: nothing else is open to them, and signing out leaves it. */
  readonly newcomer: Level<SignedIn | null>;
  /** The password passed, the factor has not. */
  readonly pending: Level<PendingWho>;
  /** A full sign-in. */
  readonly signedIn: Level<SignedIn>;
  /** A full sign-in with password and factor proven at most `STEP_UP_MAX` ago (R38, R39). */
  readonly steppedUp: Level<SignedIn>;
  /** The Security page: a full sign-in, or an enrolment pass, proven or not. */
  readonly securityPage: Level<Holder>;
  /** Enrolment itself. */
  readonly mayEnrol: Level<Holder>;
  /** The enrolment pass alone. */
  readonly enrolling: Level<Enrolling>;
}

export function createLevels(deps: Deps): Levels {
  const { database, config } = deps;

  async function session(visit: Visit): Promise<SignedIn | null> {
    const token = visit.cookies['session'];
    if (!token) return null;
    const found = await findSignedIn(deps, tokenHash(token), visit.now);
    if (found && visit.now - found.session.last_used_at > touchAfter(config.lifetimes)) {
      await database.transaction((tx) => touchSession(tx, found.session.id, visit.now, visit.network));
    }
    return found;
  }

  const enrolment = (visit: Visit) => enrolmentHere(database.db, visit);

  async function newcomer(visit: Visit): Promise<SignedIn | null> {
    const found = await session(visit);
    if (!found && (await enrolment(visit))) throw new Refusal('two_factor_required');
    return found;
  }

  async function signedIn(visit: Visit): Promise<SignedIn> {
    const found = await newcomer(visit);
    if (!found) throw new Refusal('sign_in_required');
    return found;
  }

  async function steppedUp(visit: Visit): Promise<SignedIn> {
    const found = await signedIn(visit);
    if (!isFresh(found.session, visit.now, config.lifetimes)) throw new Refusal('step_up_required');
    return found;
  }

  async function holder(visit: Visit, needFresh: boolean): Promise<Holder> {
    const found = await session(visit);
    if (found) {
      if (needFresh && !isFresh(found.session, visit.now, config.lifetimes))
        throw new Refusal('step_up_required');
      return { kind: 'session', ...found };
    }
    const enrolling = await enrolment(visit);
    if (!enrolling) throw new Refusal('sign_in_required');
    if (needFresh && enrolling.pass.proven_at === null) throw new Refusal('two_factor_required');
    return { kind: 'enrolment', ...enrolling };
  }

  async function pending(visit: Visit): Promise<PendingWho> {
    const token = visit.cookies['pending'];
    const found = token ? await findPending(database.db, tokenHash(token), visit.now) : null;
    const account = found ? await findAccount(database.db, found.account_id) : null;
    if (
      !found ||
      !account ||
      account.suspended_at !== null ||
      account.security_version !== found.security_version
    ) {
      const returnTo = token ? await returnToOfEnded(database.db, tokenHash(token)) : null;
      throw new Refusal('pending_ended', returnTo === null ? {} : { returnTo });
    }
    return { pending: found, account, exhausted: found.attempts >= PENDING_TRIES };
  }

  /** Where somebody is signed in, an app's wish for a language is over: the browser's counts where they chose none. */
  const own = (who: SignedIn | Enrolling | PendingWho, { acceptLanguage }: Visit) =>
    localeOf(who.account) ?? ('session' in who ? negotiateLocale(acceptLanguage) : null);
  const coming = (who: SignedIn | Holder) =>
    'requiredFrom' in who && who.requiredFrom !== undefined
      ? { from: who.requiredFrom, timeZone: who.account.time_zone }
      : null;
  const ofSome = {
    localeOf: (who: SignedIn | null, visit: Visit) => (who ? own(who, visit) : null),
    comingOf: (who: SignedIn | null) => (who ? coming(who) : null),
  };
  return {
    everyone: { name: 'everyone', admit: async () => null },
    anyone: { name: 'anyone', admit: session, ...ofSome },
    newcomer: { name: 'newcomer', admit: newcomer, ...ofSome },
    pending: { name: 'pending', admit: pending, localeOf: own },
    signedIn: { name: 'signed-in', admit: signedIn, localeOf: own, comingOf: coming },
    steppedUp: { name: 'stepped-up', admit: steppedUp, localeOf: own, comingOf: coming },
    securityPage: {
      name: 'security-page',
      admit: (visit) => holder(visit, false),
      localeOf: own,
      comingOf: coming,
    },
    mayEnrol: {
      name: 'may-enrol',
      admit: (visit) => holder(visit, true),
      localeOf: own,
      comingOf: coming,
    },
    enrolling: {
      name: 'enrolling',
      admit: async (visit) => {
        const found = await enrolment(visit);
        if (!found) throw new Refusal('sign_in_required');
        return found;
      },
      localeOf: own,
    },
  };
}
