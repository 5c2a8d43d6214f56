import { record } from '../audit/record.ts';
import type { Tx } from '../database/open.ts';
import type { App } from './app.ts';
import { listBuilds } from './build-store.ts';
import { type AppTexts, checkTexts } from './create-app.ts';
import type { Icon } from './icon.ts';
import { type BuildDeps, doneBy, lockManaged, type Publisher } from './publisher.ts';
import { deleteAppRow, putIcon, updateApp } from './store.ts';

/** What is not given stays as it is at that very moment. @throws {Refusal} not_found, changes_frozen, invalid_input */
export async function changeApp(
  deps: BuildDeps,
  publisher: Publisher,
  slug: string,
  { name, description }: { readonly [K in keyof AppTexts]?: AppTexts[K] | undefined },
): Promise<void> {
  await change(deps, publisher, slug, async (tx, app) => {
    const texts = checkTexts({ name: name ?? app.name, description: description ?? app.description });
    await updateApp(tx, app.id, texts);
  });
}

/** Null takes the picture away: then the first letter stands there. @throws {Refusal} not_found, changes_frozen */
export async function setIcon(
  deps: BuildDeps,
  publisher: Publisher,
  slug: string,
  icon: Icon | null,
): Promise<void> {
  await change(deps, publisher, slug, (tx, app) => putIcon(tx, app.id, icon));
}

async function change(
  { database }: BuildDeps,
  publisher: Publisher,
  slug: string,
  work: (tx: Tx, app: App) => Promise<void>,
): Promise<void> {
  await database.transaction(async (tx) => {
    const app = await lockManaged(tx, publisher, slug);
    await work(tx, app);
    await record(tx, publisher.place, {
      event: 'store.app_changed',
      ...doneBy(publisher),
      detail: { app: slug },
    });
  });
}

/** With all its builds, for everybody and for good. @throws {Refusal} not_found, changes_frozen */
export async function deleteApp(deps: BuildDeps, publisher: Publisher, slug: string): Promise<void> {
  const builds = await deps.database.transaction(async (tx) => {
    const app = await lockManaged(tx, publisher, slug);
    const gone = await listBuilds(tx, app.id);
    await deleteAppRow(tx, app.id);
    const detail = { app: slug, builds: gone.length };
    await record(tx, publisher.place, { event: 'store.app_deleted', ...doneBy(publisher), detail });
    return gone;
  });
  for (const { id } of builds) await removeFile(deps, id);
}

/** The build is gone whatever becomes of its file: what stays behind, the upkeep takes away. */
export async function removeFile(
  { files, log }: Pick<BuildDeps, 'files' | 'log'>,
  id: string,
): Promise<void> {
  await files
    .remove(id)
    .catch((error) => log.warn({ err: error, build: id }, 'a file could not be removed yet'));
}
