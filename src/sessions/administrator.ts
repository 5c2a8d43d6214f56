import { type Account, isAdministrator, isPublisher } from '../accounts/account.ts';
import type { Deps } from '../deps.ts';
import { Refusal } from '../kit/refusal.ts';
import type { Level } from '../web/route.ts';
import type { Visit } from '../web/visit.ts';
import type { Levels } from './require.ts';
import { isFresh, type SignedIn } from './session.ts';

export interface AdministratorLevels {
  /** Reads the Dashboard: an administrator's full sign-in with two factors (R69). */
  readonly administrator: Level<SignedIn>;
  /** Changes something there: password and factor proven at most `STEP_UP_MAX` ago as well. */
  readonly steppedUpAdministrator: Level<SignedIn>;
  /** Reads what publishers see of it: their apps. Administrators are publishers too. */
  readonly publisher: Level<SignedIn>;
  readonly steppedUpPublisher: Level<SignedIn>;
}

/** For everybody else who is signed in the Dashboard does not exist (R71, A63). */
export function administratorLevels(
  { config }: Pick<Deps, 'config'>,
  { signedIn }: Pick<Levels, 'signedIn'>,
): AdministratorLevels {
  /** A full sign-in with two factors of somebody of whom `may` holds. */
  const twice = (may: (account: Account) => boolean) => async (visit: Visit) => {
    const who = await signedIn.admit(visit);
    if (!may(who.account)) throw new Refusal('not_found');
    // Who came to the role during a session that has seen the password alone: first enrol, or first confirm.
    if (who.account.two_factor_at === null) throw new Refusal('two_factor_required');
    if (who.session.acr === 'pwd') throw new Refusal('step_up_required');
    return who;
  };
  const administrator = twice(isAdministrator);
  const publisher = twice(isPublisher);

  const steppedUp = (admit: Level<SignedIn>['admit']) => async (visit: Visit) => {
    const who = await admit(visit);
    if (!isFresh(who.session, visit.now, config.lifetimes)) throw new Refusal('step_up_required');
    return who;
  };

  const { localeOf } = signedIn;
  const own = localeOf ? { localeOf } : {};
  return {
    administrator: { name: 'administrator', admit: administrator, ...own },
    steppedUpAdministrator: { name: 'stepped-up-administrator', admit: steppedUp(administrator), ...own },
    publisher: { name: 'publisher', admit: publisher, ...own },
    steppedUpPublisher: { name: 'stepped-up-publisher', admit: steppedUp(publisher), ...own },
  };
}
