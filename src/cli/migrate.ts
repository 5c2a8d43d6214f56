import { readConfig } from '../config.ts';
import { checkKeyRing, loadKeyRing, openSeal } from '../database/keys.ts';
import { isEmpty, migrate } from '../database/migrate.ts';
import { openDatabase } from '../database/open.ts';
import { systemClock } from '../kit/clock.ts';
import { makeFolder } from '../kit/make-folder.ts';
import { systemRandom } from '../kit/random.ts';
import type { Call, Command } from './command.ts';

/** What a start does first, alone: before several instances are started on one database. */
export const migrateCommand: Command = {
  name: 'migrate',
  takes: '',
  does: 'brings the database up to date and prints what was applied',
  async run(call: Call) {
    const applied = await applyMigrations(call.world.env);
    const lines =
      applied.length === 0 ? ['The database is up to date.'] : applied.map((id) => `applied ${id}`);
    await call.print(lines.join('\n'), { applied });
  },
};

async function applyMigrations(env: Call['world']['env']): Promise<string[]> {
  const config = readConfig(env);
  if (config.databaseUrl.startsWith('sqlite:')) makeFolder(config.dataDir);
  const database = openDatabase(config.databaseUrl);
  try {
    const empty = await isEmpty(database);
    const seal = openSeal(config, loadKeyRing(config, empty, systemRandom), systemRandom);
    // Somebody else's keys: then nothing is changed, not even the schema.
    if (!empty) await checkKeyRing(database, seal);
    const applied = await migrate(database, systemClock);
    await checkKeyRing(database, seal);
    return applied;
  } finally {
    await database.close();
  }
}
