import { HOUR } from '../kit/clock.ts';
import { knownBuilds } from './build-store.ts';
import { sweepIncoming } from './files/incoming.ts';
import { incomingFolder } from './files/open.ts';
import type { BuildDeps } from './publisher.ts';

/** Nothing takes as long as this from its last byte to its row in the database, into the slowest bucket. */
const PATIENCE = 6 * HOUR;
const AT_ONCE = 200;

/** Takes away what a crash left: files that never came in whole, and whole ones that never became a build (R78). */
export async function sweepBuilds({ config, clock, database, files, log }: BuildDeps): Promise<void> {
  const before = clock.now() - PATIENCE;
  let swept = await sweepIncoming(incomingFolder(config), before);
  await files.dropUnfinished(before);
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
  if (swept > 0) log.info({ files: swept }, 'files that never became a build were removed');
}
