import { type Account, isAdministrator, isPublisher } from '../accounts/account.ts';
import { lockAccount } from '../accounts/store.ts';
import type { By } from '../audit/by.ts';
import type { Entry } from '../audit/record.ts';
import type { Db, Tx } from '../database/open.ts';
import type { Deps } from '../deps.ts';
import { Refusal } from '../kit/refusal.ts';
import { assertNotFrozen } from '../policy/freeze.ts';
import type { SignedIn } from '../sessions/session.ts';
import { lockSession } from '../sessions/store.ts';
import type { App } from './app.ts';
import type { BuildFiles } from './files/build-files.ts';
import { findApp, lockAppRow } from './store.ts';

/** What every action on apps is given. */
export type BuildDeps = Deps & { readonly files: BuildFiles };

/** Who publishes: a person in a session; or the operator, or a program, who look after every app. */
export interface Publisher extends By {
  readonly account: Account | null;
  readonly sessionId: string | null;
  /** Of a program: refuses where it may no longer do what it began. */
  readonly assertStill?: (tx: Tx) => Promise<void>;
}

export function publisherOf({ account, session }: SignedIn, place: By['place']): Publisher {
  return { place, actor: account.pseudonym, account, sessionId: session.id };
}

/** A publisher looks after their own apps, an administrator after all. */
export function mayManage({ account }: Pick<Publisher, 'account'>, app: App): boolean {
  return (
    account === null || isAdministrator(account) || (isPublisher(account) && app.owner_id === account.id)
  );
}

/** In this session, before anything is published: with two factors, as everywhere where publishers work (R69). */
export function managesHere({ account, session }: SignedIn, app: App): boolean {
  return session.acr !== 'pwd' && isPublisher(account) && mayManage({ account }, app);
}

/** Somebody else's app is not there (R71). @throws {Refusal} not_found */
export async function findManaged(db: Db, publisher: Publisher, slug: string): Promise<App> {
  const app = await findApp(db, slug);
  if (!app || !mayManage(publisher, app)) throw new Refusal('not_found');
  return app;
}

/**
 * The person as they are now, in the transaction of what they do: whoever said "This wasn't me" a moment ago, or publishes no
 * more, must not find a stranger's build offered to everybody. Nor does an upload outlive the session in which it began, or
 * the rights of the program that sends it. @throws {Refusal} not_found, changes_frozen, sign_in_required, whatever
 * `assertStill` throws
 */
export async function lockPublisher(tx: Tx, publisher: Publisher): Promise<Publisher> {
  if (publisher.account === null) {
    await publisher.assertStill?.(tx);
    return publisher;
  }
  const account = await lockAccount(tx, publisher.account.id);
  if (!account || account.suspended_at !== null || !isPublisher(account)) throw new Refusal('not_found');
  assertNotFrozen(account, publisher.place.now);
  if (publisher.sessionId !== null && !(await lockSession(tx, publisher.sessionId)))
    throw new Refusal('sign_in_required');
  return { ...publisher, account };
}

/** Person, then app. @throws {Refusal} not_found, changes_frozen */
export async function lockManaged(tx: Tx, publisher: Publisher, slug: string): Promise<App> {
  const now = await lockPublisher(tx, publisher);
  const app = await lockAppRow(tx, slug);
  if (!app || !mayManage(now, app)) throw new Refusal('not_found');
  return app;
}

/** In the record it stands as the person's own deed, or as that of nobody in particular. */
export function doneBy({ account, actor }: Publisher): Pick<Entry, 'subject' | 'actor'> {
  return { subject: account, actor };
}
