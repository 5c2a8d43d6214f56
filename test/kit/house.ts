import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';
import { type App, createApp } from '../../src/app.ts';
import { readConfig } from '../../src/config.ts';
import { migrate } from '../../src/database/migrate.ts';
import { openDatabase } from '../../src/database/open.ts';
import { listMailbox, type MailboxEntry } from '../../src/delivery/mailbox.ts';
import { systemClock } from '../../src/kit/clock.ts';
import { createLog } from '../../src/kit/log.ts';
import { createPasswordHasher, type PasswordHasher } from '../../src/kit/password-hash.ts';
import { systemRandom } from '../../src/kit/random.ts';
import { Browser } from './browser.ts';
import { ManualClock } from './clock.ts';
import { createDatabase, makeTemplate } from './postgres.ts';
import { makeFolder } from './room.ts';
import { copyMigrated } from './sqlite.ts';

export type EngineName = 'sqlite' | 'postgres';
/** `TEST_ENGINES=sqlite` leaves the other out: mutation testing runs the same stories a thousand times. */
export const ENGINES: readonly EngineName[] =
  process.env['TEST_ENGINES'] === 'sqlite' ? ['sqlite'] : ['sqlite', 'postgres'];

/** A whole running Countersign without a socket: its own database, a clock moved by hand, the local mailbox. */
export interface House {
  readonly app: App;
  readonly clock: ManualClock;
  browser(): Browser;
  /** What was sent, newest first. */
  mails(to?: string): Promise<MailboxEntry[]>;
  /** The link with this path in the newest mail to that address, as a path on this origin. */
  link(to: string, path: string): Promise<string>;
  /** Another process on the same database (PostgreSQL), or on the same file (SQLite); `hasher`: with another ARGON2. */
  twin(hasher?: PasswordHasher): Promise<House>;
  close(): Promise<void>;
}

export interface HouseOptions {
  readonly engine?: EngineName;
  readonly env?: Readonly<Record<string, string>>;
  readonly clock?: ManualClock;
  /** Where a hash is paid for hundreds of thousands of times. */
  readonly hasher?: PasswordHasher;
}

/** Cheap hashes: what is tested here is never the cost of one. */
const CHEAP = { m: 64, t: 1, p: 1 };

/** The template is not empty, so no ring would be made for it. */
const KEYS = JSON.stringify({
  active: 'test',
  keys: { test: Buffer.from(systemRandom.bytes(32)).toString('base64') },
});

export async function openHouse({
  engine = 'sqlite',
  env = {},
  clock = new ManualClock(),
  hasher = createPasswordHasher(CHEAP, systemRandom),
}: HouseOptions = {}): Promise<House> {
  const dataDir = makeFolder('countersign-test');
  const database = engine === 'postgres' ? await postgresDatabase() : null;
  if (!database) await copyMigrated(join(dataDir, 'countersign.db'));
  const full = { DATA_DIR: dataDir, KEYS, ...(database ? { DATABASE_URL: database.url } : {}), ...env };
  const opened: House[] = [];

  async function open(own = hasher): Promise<House> {
    const random = systemRandom;
    const app = await createApp(readConfig(full), createLog(process.env['TEST_LOG'] ?? 'silent'), {
      clock,
      random,
      hasher: own,
      database: { durable: false },
    });
    await app.server.ready();
    const house: House = {
      app,
      clock,
      browser: () => new Browser(app.server),
      async mails(to) {
        await app.deps.outbox.flush();
        const all = await listMailbox(app.deps);
        return to === undefined ? all : all.filter((mail) => mail.to === to);
      },
      async link(to, path) {
        for (const mail of await house.mails(to)) {
          const line = mail.text
            .split('\n')
            .find((one) => one.startsWith(`${app.deps.config.baseUrl}${path}`));
          if (line) return line.slice(app.deps.config.baseUrl.length);
        }
        throw new Error(`no mail to ${to} holds a link to ${path}`);
      },
      twin: open,
      async close() {
        for (const other of opened.splice(0)) await other.app.close();
        await database?.drop();
        rmSync(dataDir, { recursive: true, force: true });
      },
    };
    opened.push(house);
    return house;
  }
  return open();
}

/** From a migrated template, so that a test pays for a copy and not for the migrations. */
async function postgresDatabase() {
  const server = inject('postgresUrl');
  await makeTemplate(server, 'migrated', async (url) => {
    const database = openDatabase(url);
    await migrate(database, systemClock);
    await database.close();
  });
  return createDatabase(server, { template: 'migrated' });
}

/** Without those that tell of a sign-in from a new browser: in these stories every browser is new. */
export function exceptSignIns(mails: readonly MailboxEntry[]): MailboxEntry[] {
  return mails.filter(({ subject }) => !subject.startsWith('New sign-in to '));
}
