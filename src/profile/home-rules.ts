import { isAdministrator, isPublisher } from '../accounts/account.ts';
import type { SignedIn } from '../sessions/session.ts';

/** Where a sign-in leads that was for no page in particular: to one's work, or to what one may open. */
export function homeOf({ account, session }: Pick<SignedIn, 'account' | 'session'>): string {
  if (isAdministrator(account)) return '/admin';
  // The Dashboard takes two factors, and opening an app doesn't.
  return isPublisher(account) && session.acr !== 'pwd' ? '/admin' : '/store';
}
