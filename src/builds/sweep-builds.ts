import { HOUR } from '../kit/clock.ts';
import { knownBuilds } from './build-store.ts';
import { sweepIncoming } from './files/incoming.ts';
import { incomingFolder } from './files/open.ts';
import { ownerOf } from './owner.ts';
import type { BuildDeps } from './publisher.ts';

/** Nothing takes as long as this from its last byte to its row in the database, into the slowest bucket. */
const PATIENCE = 6 * HOUR;
const AT_ONCE = 200;

/** Takes away what a crash left: files that never came in whole, and whole ones that never became a build (R78). */
export async function sweepBuilds(deps: BuildDeps): Promise<void> {
  const { config, clock, log } = deps;
  const before = clock.now() - PATIENCE;
  let swept = await sweepIncoming(incomingFolder(config), before);
  if (await isOurs(deps)) swept += await sweepWhole(deps, before);
  if (swept > 0) log.info({ files: swept }, 'files that never became a build were removed');
}

/**
 * Another database's builds are files that this one doesn't know: a restore that is only tried out, or a second server
 * with the same BUILDS_URL, would remove them all.
 */
async function isOurs({ database, random, files: { mark }, log }: BuildDeps): Promise<boolean> {
  if (!mark) return true;
  const owner = await ownerOf({ database, random });
  const claimed = await mark.read();
  if (claimed === owner) return true;
  // Of two that claim it at once, the later one has it, as both see an hour from now.
  if (claimed === null) await mark.claim(owner);
  else log.warn('the files in the bucket belong to another database and are not cleaned up: see `doctor`');
  return false;
}

async function sweepWhole({ database, files }: BuildDeps, before: number): Promise<number> {
  await files.dropUnfinished(before);
  let swept = 0;
  let ids: string[] = [];
  const sweep = async () => {
    const known = await knownBuilds(database.db, ids);
    for (const id of ids.filter((one) => !known.has(one))) {
      await files.remove(id);
      swept++;
    }
    ids = [];
  };
  for await (const { id, at } of files.list()) {
    if (at < before) ids.push(id);
    if (ids.length === AT_ONCE) await sweep();
  }
  await sweep();
  return swept;
}
