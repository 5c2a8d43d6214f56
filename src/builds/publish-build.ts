import { record } from '../audit/record.ts';
import { isForeignKeyViolation } from '../database/foreign-key-violation.ts';
import type { Tx } from '../database/open.ts';
import { areStanding, findGroup, type Group } from '../groups/store.ts';
import { newId } from '../kit/random.ts';
import { Refusal, refuseField } from '../kit/refusal.ts';
import type { App, Build } from './app.ts';
import { deleteBuildRow, findBuild } from './build-store.ts';
import { removeFile } from './change-app.ts';
import { endPublication, insertPublication } from './publication-store.ts';
import { type BuildDeps, doneBy, lockManaged, type Publisher } from './publisher.ts';

/** Who is offered a build: everybody who can sign in, or the people of some groups. */
export type Audience = 'everyone' | readonly Group['id'][];

/**
 * Offers builds of an app, all or none of them. One that was offered before has a new audience from now on.
 * @throws {Refusal} not_found, changes_frozen, invalid_input on `groups`: audience_missing
 */
export async function publishBuilds(
  deps: BuildDeps,
  publisher: Publisher,
  slug: string,
  buildIds: readonly Build['id'][],
  audience: Audience,
): Promise<void> {
  await onBuilds(deps, publisher, slug, buildIds, async (tx, build) => {
    const groups = await knownGroups(tx, audience);
    await endPublication(tx, build.id, publisher.place.now);
    const everyone = audience === 'everyone';
    const publication = { id: newId(deps.random), build_id: build.id, everyone };
    await insertPublication(tx, { ...publication, created_at: publisher.place.now }, groups).catch(
      explainGone,
    );
    if (!(await areStanding(tx, groups))) throw refuseField('groups', 'audience_missing');
    const detail = { ...told(slug, build), audience: everyone ? 'everyone' : groups.join(' ') };
    await record(tx, publisher.place, { event: 'store.published', ...doneBy(publisher), detail });
  });
}

/**
 * From now on nobody is offered them; they can be published again. What somebody has downloaded stays with them.
 * -> how many were offered until now. @throws {Refusal} not_found, changes_frozen
 */
export async function withdrawBuilds(
  deps: BuildDeps,
  publisher: Publisher,
  slug: string,
  buildIds: readonly Build['id'][],
): Promise<number> {
  let withdrawn = 0;
  await onBuilds(deps, publisher, slug, buildIds, async (tx, build, first) => {
    if (first) withdrawn = 0;
    if (!(await endPublication(tx, build.id, publisher.place.now))) return;
    withdrawn++;
    const detail = told(slug, build);
    await record(tx, publisher.place, { event: 'store.withdrawn', ...doneBy(publisher), detail });
  });
  return withdrawn;
}

/** For good, with its file and its history. @throws {Refusal} not_found, changes_frozen */
export async function deleteBuild(
  deps: BuildDeps,
  publisher: Publisher,
  slug: string,
  buildId: Build['id'],
): Promise<void> {
  await onBuilds(deps, publisher, slug, [buildId], async (tx, build) => {
    await deleteBuildRow(tx, build.id);
    const detail = told(slug, build);
    await record(tx, publisher.place, { event: 'store.build_deleted', ...doneBy(publisher), detail });
  });
  await removeFile(deps, buildId);
}

/** One transaction over all of them; `work` may run more than once, and is told when it begins anew. */
async function onBuilds(
  { database }: BuildDeps,
  publisher: Publisher,
  slug: string,
  buildIds: readonly Build['id'][],
  work: (tx: Tx, build: Build, first: boolean) => Promise<void>,
): Promise<void> {
  await database.transaction(async (tx) => {
    const app: App = await lockManaged(tx, publisher, slug);
    for (const [index, id] of buildIds.entries()) {
      const build = await findBuild(tx, app.id, id);
      if (!build) throw new Refusal('not_found');
      await work(tx, build, index === 0);
    }
  });
}

/** @throws {Refusal} invalid_input: nobody was named, or only groups that are gone */
async function knownGroups(tx: Tx, audience: Audience): Promise<readonly Group['id'][]> {
  if (audience === 'everyone') return [];
  const known: Group['id'][] = [];
  for (const id of new Set(audience)) if (await findGroup(tx, id)) known.push(id);
  if (known.length === 0 || known.length < new Set(audience).size)
    throw refuseField('groups', 'audience_missing');
  return known;
}

function explainGone(error: unknown): never {
  throw isForeignKeyViolation(error) ? refuseField('groups', 'audience_missing') : error;
}

const told = (app: string, { id, version, platform }: Build) => ({ app, version, platform, build: id });
