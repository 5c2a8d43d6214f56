import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { inject } from 'vitest';
import { type Config, readConfig } from '../../src/config.ts';
import { migrate } from '../../src/database/migrate.ts';
import { type Database, openDatabase } from '../../src/database/open.ts';
import { createMailbox } from '../../src/delivery/mailbox.ts';
import type { Outbox, OutboxParts } from '../../src/delivery/outbox.ts';
import { createOutbox } from '../../src/delivery/outbox.ts';
import { type Clock, systemClock } from '../../src/kit/clock.ts';
import { createLog, type Log } from '../../src/kit/log.ts';
import { newId, type Random, systemRandom } from '../../src/kit/random.ts';
import { createSeal, type Seal } from '../../src/kit/seal.ts';
import { ManualClock } from '../kit/clock.ts';
import { createDatabase, makeTemplate } from '../kit/postgres.ts';

export type EngineName = 'sqlite' | 'postgres';
export const ENGINES: readonly EngineName[] = ['sqlite', 'postgres'];

/** What deliveries and records need of the house, without the web. */
export interface Stage {
  readonly database: Database;
  readonly clock: ManualClock;
  readonly random: Random;
  readonly seal: Seal;
  readonly config: Config;
  readonly log: Log;
  /** Every line that was logged, as it went out. */
  readonly lines: string[];
  /** Where SQLite keeps everything: what a thief of the disk gets. */
  readonly folder: string;
  /** Another connection to the same data, as another process has it. */
  reopen(): Database;
  outbox(parts: Partial<OutboxParts> & Pick<OutboxParts, 'mail'>): Outbox;
  close(): Promise<void>;
}

export async function openStage(
  engine: EngineName,
  { env = {}, clock = new ManualClock() }: { env?: Record<string, string>; clock?: ManualClock } = {},
): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-stage-'));
  const own = engine === 'postgres' ? await postgresDatabase() : null;
  const url = own?.url ?? `sqlite:${join(folder, 'stage.db')}`;
  const opened: Database[] = [];
  const open = () => {
    const database = openDatabase(url, { durable: false });
    opened.push(database);
    return database;
  };
  const database = open();
  await migrate(database, clock);
  const random = systemRandom;
  const seal = createSeal({ active: 'k1', keys: new Map([['k1', random.bytes(32)]]) }, random);
  const lines: string[] = [];
  const log = createLog(
    'debug',
    new Writable({
      write(chunk, _encoding, next) {
        lines.push(String(chunk));
        next();
      },
    }),
  );
  const config = readConfig({ DATA_DIR: folder, ...env });
  const parts = { database, clock: clock as Clock, random, seal, log };
  return {
    ...parts,
    clock,
    config,
    lines,
    folder,
    reopen: open,
    outbox: (more) => createOutbox({ ...parts, tasks: new Map(), holder: newId(random), ...more }),
    async close() {
      for (const one of opened) await one.close();
      await own?.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** One of a company with an address to write to; what is sent lies in the mailbox of local mode. */
export async function openMailStage(): Promise<{ stage: Stage; outbox: Outbox }> {
  const stage = await openStage('sqlite', { env: { SUPPORT_EMAIL: 'help@example.org', BRAND: 'Acme' } });
  return { stage, outbox: stage.outbox(createMailbox(stage)) };
}

async function postgresDatabase() {
  const server = inject('postgresUrl');
  await makeTemplate(server, 'migrated', async (url) => {
    const database = openDatabase(url);
    await migrate(database, systemClock);
    await database.close();
  });
  return createDatabase(server, { template: 'migrated' });
}
