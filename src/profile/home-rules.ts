import { isAdministrator, isPublisher } from '../accounts/account.ts';
import type { SignedIn } from '../sessions/session.ts';

/**
 * Where a sign-in leads that was for no page in particular: to one's work, or to what one may open. Whoever works there
 * without a second factor is asked for it by the Dashboard itself.
 */
export function homeOf({ account }: Pick<SignedIn, 'account'>): string {
  return isAdministrator(account) || isPublisher(account) ? '/admin' : '/store';
}
