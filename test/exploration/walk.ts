import { nameOf } from './abstract.ts';
import type { Action } from './action.ts';
import { judgeChange, judgeSessions, probe, protectedRows } from './gate.ts';
import type { State, Walker } from './walker.ts';

export interface Walked {
  readonly states: number;
  readonly transitions: number;
  /** True where every state was left by every action: no other can be reached. */
  readonly complete: boolean;
  readonly depth: number;
  readonly seconds: number;
  readonly complaints: readonly string[];
  /** How often each action could be tried. */
  readonly tried: ReadonlyMap<string, number>;
}

/** A walk that has found so much is over. */
const ENOUGH = 20;

/** One action, looked at from outside. Null where it could not be tried. */
async function step(walker: Walker, action: Action): Promise<string[] | null> {
  const before = protectedRows(walker);
  const done = await action.do(walker);
  if (!done) return null;
  return [
    ...(done.complaint ? [done.complaint] : []),
    ...judgeChange(before, protectedRows(walker), done.mayChange ?? null),
    ...judgeSessions(walker),
  ];
}

/** Every action in every state that can be reached, states told apart by their names, until no new one comes. */
export async function walkAll(
  walker: Walker,
  actions: readonly Action[],
  { enough = ENOUGH, tell = false }: { readonly enough?: number; readonly tell?: boolean } = {},
): Promise<Walked> {
  const start = performance.now();
  const tried = new Map<string, number>(actions.map(({ name }) => [name, 0]));
  const complaints: string[] = [];
  const seen = new Set([nameOf(walker)]);
  const queue: { state: State; path: readonly string[] }[] = [{ state: walker.keep(), path: [] }];
  let transitions = 0;
  let depth = 0;
  for (let at = 0; at < queue.length && complaints.length < enough; at++) {
    const { state, path } = queue[at] as (typeof queue)[number];
    // Its rows are not needed again.
    delete (queue as unknown[])[at];
    depth = path.length;
    if (tell && at % 100 === 0)
      console.log(
        `${seen.size} states, ${queue.length - at} to look at, ${transitions} transitions, depth ${depth}`,
      );
    for (const action of actions) {
      if (complaints.length >= enough) break;
      await walker.putBack(state);
      const found = await step(walker, action);
      if (found === null) continue;
      transitions++;
      tried.set(action.name, (tried.get(action.name) ?? 0) + 1);
      const here = [...path, action.name];
      const name = nameOf(walker);
      const isNew = !seen.has(name);
      if (isNew) {
        seen.add(name);
        queue.push({ state: walker.keep(), path: here });
        found.push(...(await probe(walker)));
      }
      complaints.push(...found.map((one) => `${one}, after: ${here.join('; ')}`));
    }
  }
  const complete = complaints.length < enough;
  const seconds = (performance.now() - start) / 1000;
  return { states: seen.size, transitions, complete, depth, seconds, complaints, tried };
}

/** Every sequence of so many actions, nothing taken for the same. */
export async function walkSequences(
  walker: Walker,
  actions: readonly Action[],
  depth: number,
): Promise<Walked> {
  const start = performance.now();
  const tried = new Map<string, number>(actions.map(({ name }) => [name, 0]));
  const complaints: string[] = [];
  const names = new Set<string>();
  let transitions = 0;
  async function from(state: State, path: readonly string[]): Promise<void> {
    for (const action of actions) {
      if (complaints.length >= ENOUGH) return;
      await walker.putBack(state);
      const found = await step(walker, action);
      if (found === null) continue;
      transitions++;
      tried.set(action.name, (tried.get(action.name) ?? 0) + 1);
      const here = [...path, action.name];
      complaints.push(...found.map((one) => `${one}, after: ${here.join('; ')}`));
      names.add(nameOf(walker));
      if (here.length < depth) await from(walker.keep(), here);
    }
  }
  await from(walker.keep(), []);
  const complete = complaints.length < ENOUGH;
  const seconds = (performance.now() - start) / 1000;
  return { states: names.size, transitions, complete, depth, seconds, complaints, tried };
}
