import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { openOffice, operate, type Run } from '../cli/operator.ts';
import type { Browser } from '../kit/browser.ts';
import { ManualClock } from '../kit/clock.ts';
import { type EngineName, type House, openHouse } from '../kit/house.ts';
import { createDatabase } from '../kit/postgres.ts';

/** A house that is behind the clock of this machine, by which commands go: `catchUp` brings it there. */
export async function openSource(engine: EngineName, behind = 20 * 60_000) {
  const clock = new ManualClock(Date.now() - behind);
  const office = await openOffice({ engine, clock });
  return { ...office, clock, catchUp: () => clock.advance(Math.max(0, Date.now() - clock.now())) };
}

export interface Target {
  readonly env: Record<string, string>;
  readonly run: Run;
  /** The server that is started on it. */
  open(clock: ManualClock): Promise<House>;
  remove(): Promise<void>;
}

/** An empty place to restore into, with the key ring of `from` unless another one is given. */
export async function emptyTarget(
  engine: EngineName,
  from: Readonly<Record<string, string>>,
  keys = from['KEYS'] as string,
): Promise<Target> {
  const dataDir = mkdtempSync(join(tmpdir(), 'countersign-restored-'));
  const made = engine === 'postgres' ? await createDatabase(inject('postgresUrl')) : null;
  const url = made?.url ?? `sqlite:${join(dataDir, 'countersign.db')}`;
  const env = { DATA_DIR: dataDir, DATABASE_URL: url, KEYS: keys };
  let house: House | null = null;
  return {
    env,
    run: (...args) => operate(env, args),
    async open(clock) {
      house = await openHouse({ env, clock });
      return house;
    },
    async remove() {
      await house?.close();
      await made?.drop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** The same browser, its cookies and all, at the restored house. */
export function moved(browser: Browser, house: House): Browser {
  const there = house.browser();
  for (const [name, value] of browser.cookies) there.cookies.set(name, value);
  return there;
}
