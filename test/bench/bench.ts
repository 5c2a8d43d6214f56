import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import type { Population } from './floor-store.ts';
import type { Row } from './table.ts';
import { here, type Target } from './target.ts';

/** What every section is given. */
export interface Bench {
  /** Seconds that a single measurement counts. */
  seconds: number;
  /** Accounts of the large database. */
  accounts: number;
  /** A folder on a real disk for databases and logs; it goes away at the end. */
  folder: string;
  passwordHash: string;
  /** Seeds a product of its own with that many people; `env` is what the operator sets. */
  product(name: string, population: Population, env?: NodeJS.ProcessEnv): Promise<Target>;
  floor(mode: 'plain' | 'grouped', population: Population): Target;
  /** A line below the table. */
  note(line: string): void;
}

export type Section = (bench: Bench) => Promise<Row[]>;

/** Runs one of the small measuring programs of this folder and reads its JSON line. */
export async function measure<T>(file: string, ...args: (string | number)[]): Promise<T> {
  const child = spawn(process.execPath, [here(file), ...args.map(String)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return JSON.parse(await text(child.stdout)) as T;
}

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1]!;
}
