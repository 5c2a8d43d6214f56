import { join } from 'node:path';
import { sealAuditChain } from '../audit/chain.ts';
import type { Held } from '../database/held.ts';
import { checkKeyRing } from '../database/keys.ts';
import { migrate } from '../database/migrate.ts';
import type { Deps } from '../deps.ts';
import { makeFolder } from '../kit/make-folder.ts';
import type { Written } from './backup-file.ts';
import { writeBackup } from './make-backup.ts';

export interface Aside extends Written {
  readonly file: string;
}

/**
 * What was acknowledged must not be lost by a restore: all that is there goes into a backup of its own, under the lock under
 * which it is replaced afterwards. It must be sealed with this ring, or neither could be read again.
 * @throws {ConfigError} with the ring of another database
 */
export async function setAside(
  deps: Pick<Deps, 'config' | 'clock' | 'random' | 'seal'>,
  old: Held,
): Promise<Aside> {
  const { config, clock, seal } = deps;
  const { database } = old;
  await checkKeyRing(database, seal);
  // Its schema may be older than this program; only what is up to date can be asked everything.
  await migrate(database, clock);
  const inside = { ...deps, database };
  await sealAuditChain(inside);
  const at = new Date(clock.now()).toISOString().replace(/[-:.]/g, '');
  makeFolder(config.dataDir);
  const file = join(config.dataDir, `replaced-${at}.backup`);
  const written = await writeBackup(inside, await old.snapshot(), file, { overwrite: false, builds: true });
  return { ...written, file };
}
