import { record } from '../audit/record.ts';
import { Refusal } from '../kit/refusal.ts';
import type { SignedIn } from '../sessions/session.ts';
import type { Visit } from '../web/visit.ts';
import type { App, Build } from './app.ts';
import { countDownload, findBuild } from './build-store.ts';
import { isOffered } from './publication-store.ts';
import { type BuildDeps, managesHere } from './publisher.ts';
import { findApp } from './store.ts';

export interface Entitled {
  readonly app: App;
  readonly build: Build;
}

/**
 * The build, if this person may have it now: it is offered to them, or they look after the app. Asked anew on every
 * request, the parts of a resumed download too (R79). @throws {Refusal} not_found, whatever the reason
 */
export async function findEntitled(
  { database: { db } }: Pick<BuildDeps, 'database'>,
  who: SignedIn,
  slug: string,
  buildId: string,
): Promise<Entitled> {
  const app = await findApp(db, slug);
  const build = app && (await findBuild(db, app.id, buildId));
  if (!app || !build) throw new Refusal('not_found');
  if (!managesHere(who, app) && !(await isOffered(db, build.id, who.account.id)))
    throw new Refusal('not_found');
  return { app, build };
}

/** One that began at the first byte: what follows after a break is no second one. */
export async function noteDownload(
  { database }: Pick<BuildDeps, 'database'>,
  visit: Visit,
  account: { readonly pseudonym: string },
  { app, build }: Entitled,
): Promise<void> {
  await database.transaction(async (tx) => {
    await countDownload(tx, build.id);
    await record(tx, visit, {
      event: 'store.downloaded',
      subject: account,
      detail: { app: app.slug, version: build.version, platform: build.platform, build: build.id },
    });
  });
}
