import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Routes } from './requests.ts';
import type { StoryName } from './stories.ts';

export interface Plan {
  port: number;
  routes: Routes;
  story: StoryName;
  connections: number;
  /** What ends in these first seconds is not counted: code is being compiled, queues fill. */
  warm: number;
  seconds: number;
  /** Persons `from` up to, not including, `to`; the run ends early when all have been. */
  from: number;
  to: number;
  /** Start again at `from` when all have been: for stories that a person can repeat. */
  again?: boolean;
  /** Take the persons scattered over this many, each still once, and not in the order in which they were stored. */
  spread?: number;
}

export interface Times {
  count: number;
  /** Milliseconds. */
  p50: number;
  p95: number;
  p99: number;
}

export interface Load {
  /** Whole stories. */
  perSecond: number;
  /** By label of the request, and `story` for a story from beginning to end. */
  times: Record<string, Times>;
  errors: number;
  firstErrors: string[];
  /** Stories that were told to their end, those of the warm-up too. */
  told: number;
  /** The first person who was not used. */
  next: number;
  /** Share of one core that the load itself took; near 1 the load is measured, not the server. */
  ownCpu: number;
}

/** Runs a load in a process of its own, so that nothing else delays its clock; throws when any answer was unexpected. */
export async function runLoad(plan: Plan): Promise<Load> {
  const child = fork(fileURLToPath(new URL('load-process.ts', import.meta.url)), { stdio: 'inherit' });
  child.send(plan);
  const load = await Promise.race([
    once(child, 'message').then(([message]) => message as Load),
    once(child, 'exit').then(() => {
      throw new Error('the load process stopped without a result');
    }),
  ]);
  if (load.errors > 0) {
    const first = load.firstErrors.join('\n---\n');
    throw new Error(`${plan.story}: ${load.errors} unexpected answers, the first:\n${first}`);
  }
  if (!(load.perSecond > 0)) throw new Error(`${plan.story}: nothing ended in the time that counts`);
  return load;
}
