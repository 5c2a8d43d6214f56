import { type Entitled, findEntitled } from '../builds/open-download.ts';
import type { BuildDeps } from '../builds/publisher.ts';
import { MINUTE } from '../kit/clock.ts';
import { tokenHash } from '../kit/encoding.ts';
import { newToken } from '../kit/random.ts';
import { Refusal } from '../kit/refusal.ts';
import { findSignedIn } from '../sessions/find-signed-in.ts';
import type { SignedIn } from '../sessions/session.ts';
import { lockSession } from '../sessions/store.ts';
import type { Visit } from '../web/visit.ts';
import { findLink, insertLink, spendLink } from './link-store.ts';

// An iPhone installs through a part of the system that has none of the browser's cookies. It gets addresses that stand for
// the session that asked: each works once, for minutes, and not a moment longer than that session (R79).

export const INSTALL_LINK_LIFETIME = 5 * MINUTE;

type Purpose = 'manifest' | 'file';

/** -> the token of an address under which the device finds what to install. @throws {Refusal} sign_in_required */
export async function makeInstallLink(
  { database, random }: Pick<BuildDeps, 'database' | 'random'>,
  sessionId: string,
  { build }: Entitled,
  purpose: Purpose,
  now: number,
): Promise<string> {
  const token = newToken(random);
  await database.transaction(async (tx) => {
    if (!(await lockSession(tx, sessionId))) throw new Refusal('sign_in_required');
    const link = { tokenHash: tokenHash(token), purpose, buildId: build.id, sessionId };
    await insertLink(tx, link, now, INSTALL_LINK_LIFETIME);
  });
  return token;
}

export interface Followed extends Entitled {
  readonly who: SignedIn;
}

/**
 * Whose link it is and what it opens, if it does: the session lives, and its person may still have the build.
 * @throws {Refusal} not_found, whatever the reason
 */
export async function findByLink(
  deps: BuildDeps,
  { now }: Pick<Visit, 'now'>,
  token: string,
  purpose: Purpose,
): Promise<Followed> {
  const link = await findLink(deps.database.db, tokenHash(token), purpose, now);
  const who = link && (await findSignedIn(deps, link.sessionTokenHash, now));
  if (!link || !who) throw new Refusal('not_found');
  return { who, ...(await findEntitled(deps, who, link.slug, link.buildId)) };
}

/** The same, once: of two that come at the same moment one is too late. @throws {Refusal} not_found */
export async function followLink(
  deps: BuildDeps,
  visit: Pick<Visit, 'now'>,
  token: string,
  purpose: Purpose,
): Promise<Followed> {
  const followed = await findByLink(deps, visit, token, purpose);
  const won = await deps.database.transaction((tx) => spendLink(tx, tokenHash(token), visit.now));
  if (!won) throw new Refusal('not_found');
  return followed;
}
