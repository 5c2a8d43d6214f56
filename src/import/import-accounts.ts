import { listTaken } from '../accounts/store.ts';
import type { Deps } from '../deps.ts';
import { careOf } from '../factors/all.ts';
import type { Adopting } from '../factors/factor.ts';
import { findGroupByKey } from '../groups/store.ts';
import { kindOf } from '../kit/foreign-hash.ts';
import { pause } from '../kit/pause.ts';
import { newId } from '../kit/random.ts';
import { clearAbandonedImports, clearImport } from '../upkeep/clear-import.ts';
import { type Checked, checkNewcomer } from './check-newcomer.ts';
import { comeIn } from './come-in.ts';
import { BadFile, type Row } from './newcomer.ts';
import { prepare } from './prepare.ts';
import { type Report, Tally } from './report.ts';
import { beginRun, stage } from './store.ts';

export interface ImportOptions {
  /** `keycloak`, …: for the records. */
  readonly from: string;
  /** Reads and checks everything, and writes nothing. */
  readonly dryRun: boolean;
  /** The operator said so: `admin` never comes in because a file says it. */
  readonly administrators: boolean;
  /** Told after each batch. */
  readonly progress?: (read: number) => void;
}

/** A batch is a transaction of some milliseconds; in the pause after it, sign-ins of the running server come in between. */
const BATCH = 250;
const BREATH_MS = 15;
/**
 * SQLite has one writer: while so many become real, every request that writes waits some seconds, and after ten of them
 * is refused (`database/sqlite-file.ts`).
 */
const MOST_ON_SQLITE = 200_000;

/**
 * Brings accounts in: all of them or none. They are gathered aside, in batches, while people sign in as ever; at the end
 * one short transaction makes them real, each with its record. What a crash leaves aside is of no account, and is
 * cleared by the next import or the hourly upkeep. -> the report; where `ok` is false, nothing came in.
 * @throws {BadFile} from the reader
 */
export async function importAccounts(
  deps: Deps,
  rows: AsyncIterable<Row>,
  options: ImportOptions,
): Promise<Report> {
  const { database, clock } = deps;
  const { from, dryRun } = options;
  const id = newId(deps.random);
  if (!dryRun) {
    await clearAbandonedImports(database, clock.now());
    await database.transaction((tx) => beginRun(tx, id, clock.now()));
  }
  try {
    const run = createRun(deps, id, options);
    await eachBatch(rows, run.take);
    const { tally, groups, kinds } = run;
    const missing = await missingGroups(deps, groups);
    if (tally.problemCount === 0 && !dryRun) {
      const conflicts = await comeIn(deps, id, { from, count: tally.accounts, groups, kinds });
      for (const { place, email } of conflicts) tally.refuse(place, taken(email));
    }
    return tally.report(from, dryRun, [...missing.values()]);
  } finally {
    // Who came in is in, whatever becomes of this: what it leaves, the upkeep clears.
    if (!dryRun) await clearImport(database, id).catch(() => {});
  }
}

async function eachBatch(
  rows: AsyncIterable<Row>,
  take: (batch: readonly Row[]) => Promise<void>,
): Promise<void> {
  let batch: Row[] = [];
  for await (const row of rows) {
    batch.push(row);
    if (batch.length < BATCH) continue;
    await take(batch);
    batch = [];
  }
  await take(batch);
}

/** Groups by key -> name as it was first written; hashes, one for each kind -> how many. */
interface Gathered {
  readonly tally: Tally;
  readonly groups: Map<string, string>;
  readonly kinds: Map<string, number>;
  take(batch: readonly Row[]): Promise<void>;
}

function createRun(deps: Deps, id: string, { dryRun, administrators, progress }: ImportOptions): Gathered {
  const { database, clock } = deps;
  const adopting = careOf('totp')?.adopting as Adopting;
  const tally = new Tally();
  const groups = new Map<string, string>();
  const samples = new Map<string, string>();
  const kinds = new Map<string, number>();
  /** Address -> where it stands in the file. */
  const seen = new Map<string, string>();
  let read = 0;

  function check(row: Row): Checked | null {
    if ('problem' in row) {
      tally.refuse(row.place, row.problem);
      return null;
    }
    const checked = checkNewcomer(row, { administrators, mostApps: adopting.most });
    if (!('addressKey' in checked)) {
      for (const problem of checked) tally.refuse(row.place, problem);
      return null;
    }
    const before = seen.get(checked.addressKey);
    seen.set(checked.addressKey, before ?? row.place);
    if (before === undefined) return checked;
    tally.refuse(row.place, `“${checked.address}” is already at ${before}`);
    return null;
  }

  function count(person: Checked): void {
    tally.add(person);
    for (const { key, name } of person.groups) if (!groups.has(key)) groups.set(key, name);
    if (person.passwordHash === null) return;
    const kind = kindOf(person.passwordHash);
    const sample = samples.get(kind) ?? person.passwordHash;
    samples.set(kind, sample);
    kinds.set(sample, (kinds.get(sample) ?? 0) + 1);
  }

  return {
    tally,
    groups,
    kinds,
    async take(batch) {
      read += batch.length;
      if (database.engine === 'sqlite' && read > MOST_ON_SQLITE)
        throw new BadFile(
          `There are more than ${MOST_ON_SQLITE} rows, which is too many for SQLite at once: split the file.`,
        );
      const people = batch.flatMap((row) => check(row) ?? []);
      if (people.length === 0) return;
      const known = await listTaken(
        database.db,
        people.map(({ addressKey }) => addressKey),
      );
      for (const { place, address, addressKey } of people)
        if (known.has(addressKey)) tally.refuse(place, taken(address));
      const first = tally.accounts;
      for (const person of people) if (!known.has(person.addressKey)) count(person);
      if (!dryRun && tally.problemCount === 0) {
        const prepared = people.map((person, index) =>
          prepare(deps, adopting, { id, position: first + index }, person),
        );
        const whole = {
          rows: prepared.flatMap((one) => one.rows),
          factors: prepared.flatMap((one) => one.factors),
          members: prepared.flatMap((one) => one.members),
        };
        const alive = await database.transaction((tx) => stage(tx, id, whole, clock.now()));
        if (!alive) throw new BadFile('The import took too long between two rows and was stopped.');
        await pause(BREATH_MS);
      }
      progress?.(read);
    },
  };
}

const taken = (address: string): string => `“${address}” already has an account here`;

async function missingGroups({ database }: Deps, groups: ReadonlyMap<string, string>) {
  const missing = new Map<string, string>();
  for (const [key, name] of groups) if (!(await findGroupByKey(database.db, key))) missing.set(key, name);
  return missing;
}
