import { type Config, readConfig } from '../config.ts';
import type { Environment } from '../kit/environment.ts';
import { Sick } from './check.ts';

/** Below this length, other programs' variables are as near. */
const SHORTEST = 8;

/** `asked`: every name that was looked for in the environment. @throws {ConfigError} */
export function readNoting(environment: Environment): { config: Config; asked: ReadonlySet<string> } {
  const asked = new Set<string>();
  const watched = new Proxy(environment, {
    get(target, name) {
      if (typeof name === 'string') asked.add(name);
      return target[name as string];
    },
  });
  return { config: readConfig(watched), asked };
}

/** What is set and never looked at, since it is almost the name of one of ours: nothing else tells. @throws {Sick} */
export function lookAtVariables(environment: Environment, asked: ReadonlySet<string>): string {
  const meant = Object.keys(environment).flatMap((name) => {
    const ours = asked.has(name) ? null : nearest(name, asked);
    return ours === null ? [] : [`${name} is ignored: ${ours}`];
  });
  if (meant.length > 0) throw new Sick(meant.join('; '));
  return `${[...asked].filter((name) => environment[name]).length} of ours are set, none is misspelt`;
}

function nearest(name: string, asked: ReadonlySet<string>): string | null {
  const base = name.replace(/_FILE$/, '');
  if (base !== name && asked.has(base)) return `${base} is not read from a file`;
  const upper = name.toUpperCase();
  for (const ours of asked) {
    if (ours.length < SHORTEST || ours.startsWith('OTEL_')) continue;
    if (isSlipOf(upper, ours)) return `is ${ours} meant?`;
  }
  return null;
}

/** One sign more, fewer or another, or two that changed places. */
function isSlipOf(typed: string, meant: string): boolean {
  let start = 0;
  while (start < typed.length && typed[start] === meant[start]) start++;
  const rest = (text: string, skip: number) => text.slice(start + skip);
  return (
    rest(typed, 1) === rest(meant, 0) ||
    rest(typed, 0) === rest(meant, 1) ||
    rest(typed, 1) === rest(meant, 1) ||
    (typed[start] === meant[start + 1] &&
      typed[start + 1] === meant[start] &&
      rest(typed, 2) === rest(meant, 2))
  );
}
