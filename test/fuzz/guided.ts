import { Session } from 'node:inspector/promises';
import { Chance, mutateBytes } from './chance.ts';

export interface Target {
  readonly name: string;
  /** Scripts whose branches guide the search. */
  readonly scripts: RegExp;
  readonly seeds: readonly (string | Buffer)[];
  /** Throws where something is wrong; whatever the parser may refuse is refused quietly. */
  run(input: Buffer): unknown;
}

export interface Fuzzed {
  readonly target: string;
  readonly runs: number;
  /** Inputs that reached something new. */
  readonly corpus: number;
  /** Characters of the scripts that ran. */
  readonly reached: number;
  /** Milliseconds of a processor for one input. */
  readonly slowest: number;
  readonly seed: number;
}

/** A parser that takes longer for four kilobytes would stop everybody else. */
const TOO_SLOW = 1_000;
/** Looking at the coverage costs more than parsing: so many inputs are looked at together, and alone only if it is worth it. */
const BATCH = 25;

/**
 * Coverage-guided: inputs that reach a block of the parser that none reached before are kept and mutated further. The
 * coverage is V8's own, so that nothing is built or instrumented. @throws with the input in base64
 */
export async function fuzz(target: Target, runs: number, seed: number): Promise<Fuzzed> {
  const chance = new Chance(seed);
  const seeds: Buffer[] = target.seeds.map((one) => Buffer.from(one as string));
  const corpus = [...seeds];
  const coverage = await startCoverage(target.scripts);
  let slowest = 0;

  async function run(input: Buffer): Promise<void> {
    const before = process.threadCpuUsage();
    try {
      await target.run(input);
    } catch (error) {
      const shown = `${JSON.stringify(input.toString('latin1'))} (base64 ${input.toString('base64')})`;
      throw new Error(`${target.name}, seed ${seed}: ${shown}`, { cause: error });
    }
    const { user, system } = process.threadCpuUsage(before);
    slowest = Math.max(slowest, (user + system) / 1000);
  }

  async function runTogether(inputs: readonly Buffer[]): Promise<void> {
    for (const input of inputs) await run(input);
    if (!(await coverage.look({ keep: false }))) return;
    for (const input of inputs) {
      await run(input);
      if (await coverage.look({ keep: true })) corpus.push(input);
    }
  }

  try {
    await runTogether(seeds);
    // What is loaded for the first one is not the parser's own time.
    slowest = 0;
    for (let done = seeds.length; done < runs; done += BATCH)
      await runTogether(
        Array.from({ length: BATCH }, () => mutateBytes(chance, pick(chance, corpus), corpus)),
      );
  } finally {
    await coverage.stop();
  }
  if (slowest > TOO_SLOW) throw new Error(`${target.name}, seed ${seed}: an input took ${slowest} ms`);
  return {
    target: target.name,
    runs,
    corpus: corpus.length,
    reached: coverage.reached(),
    slowest: Math.round(slowest * 10) / 10,
    seed,
  };
}

/** The newest half of the time: what just opened a door may open the next. */
function pick(chance: Chance, corpus: readonly Buffer[]): Buffer {
  return chance.once(2) ? (corpus.at(-1) as Buffer) : chance.of(corpus);
}

/** Character by character, since V8 reports a block of its own only where it ran more or less often than what is around it. */
async function startCoverage(scripts: RegExp) {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  const reached = new Map<string, Uint8Array>();
  return {
    reached: () => [...reached.values()].reduce((sum, all) => sum + all.reduce((n, one) => n + one, 0), 0),
    /** True when what ran since the last look reached something for the first time. */
    async look({ keep }: { readonly keep: boolean }): Promise<boolean> {
      const { result } = await session.post('Profiler.takePreciseCoverage');
      let found = false;
      for (const { url, functions } of result) {
        if (!scripts.test(url)) continue;
        for (const { ranges } of functions) {
          const [whole] = ranges;
          if (!whole || whole.count === 0) continue;
          const now = new Uint8Array(whole.endOffset - whole.startOffset);
          // The outer ones first.
          for (const { startOffset, endOffset, count } of ranges)
            now.fill(count > 0 ? 1 : 0, startOffset - whole.startOffset, endOffset - whole.startOffset);
          const name = `${url}:${whole.startOffset}`;
          const before = reached.get(name) ?? new Uint8Array(now.length);
          const isNew = now.some((one, at) => one === 1 && before[at] !== 1);
          found ||= isNew;
          if (isNew && keep)
            reached.set(
              name,
              before.map((one, at) => one | (now[at] as number)),
            );
        }
      }
      return found;
    },
    async stop(): Promise<void> {
      await session.post('Profiler.stopPreciseCoverage');
      session.disconnect();
    },
  };
}
