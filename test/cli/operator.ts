import { Readable, Writable } from 'node:stream';
import { runCommand } from '../../src/cli/run.ts';
import { ManualClock } from '../kit/clock.ts';
import { type House, type HouseOptions, openHouse } from '../kit/house.ts';

export interface Done {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The lines of stdout. */
  readonly lines: readonly string[];
  json<T = Record<string, never>>(): T;
}

/** The operator's command in this process, as `src/cli.ts` runs it. */
export async function operate(
  env: Readonly<Record<string, string>>,
  args: readonly string[],
  stdin: string | Buffer = '',
): Promise<Done> {
  const [stdout, stderr] = [new Sink(), new Sink()];
  const code = await runCommand(args, { env, stdin: Readable.from([Buffer.from(stdin)]), stdout, stderr });
  return {
    code,
    stdout: stdout.text,
    stderr: stderr.text,
    lines: stdout.text.split('\n').slice(0, -1),
    json: () => JSON.parse(stdout.text),
  };
}

class Sink extends Writable {
  text = '';
  override _write(chunk: Buffer, _encoding: string, next: () => void): void {
    this.text += chunk.toString('utf8');
    next();
  }
}

/** A running server, and the environment in which the operator works beside it. Both go by the clock of this machine. */
export async function openOffice(
  options: HouseOptions = {},
): Promise<{ house: House; env: Record<string, string>; run: Run }> {
  const house = await openHouse({ clock: new ManualClock(Date.now()), ...options });
  const { dataDir, databaseUrl, keys } = house.app.deps.config;
  const env = { DATA_DIR: dataDir, DATABASE_URL: databaseUrl, KEYS: keys as string, ...options.env };
  const run: Run = (...args) => operate(env, args);
  return { house, env, run };
}

export type Run = (...args: string[]) => Promise<Done>;
