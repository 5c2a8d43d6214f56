import { readFileSync } from 'node:fs';

/** A variable that has a wrong value: says which and what it takes. The process refuses to start. */
export class ConfigError extends Error {
  constructor(name: string, takes: string) {
    super(`${name} ${takes}`);
    this.name = 'ConfigError';
  }
}

export type Environment = Readonly<Record<string, string | undefined>>;

const UNITS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const DURATIONS = {
  // An instant beyond the year 275760 is no date.
  longest: 3650 * 86_400_000,
  words: 'a duration such as 30s, 10m, 12h or 30d, at most 3650d',
};

export function whole(
  environment: Environment,
  name: string,
  fallback: number,
  min: number,
  max: number,
): number {
  const text = environment[name];
  if (!text) return fallback;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max) {
    throw new ConfigError(name, `takes a whole number from ${min} to ${max}, not "${text}"`);
  }
  return value;
}

export function oneOf<T extends string>(
  environment: Environment,
  name: string,
  values: readonly T[],
  fallback: T,
): T {
  const text = environment[name];
  if (!text) return fallback;
  if (!values.includes(text as T)) throw new ConfigError(name, `takes ${values.join(' or ')}, not "${text}"`);
  return text as T;
}

export function duration(
  environment: Environment,
  name: string,
  fallback: string,
  { longest, words } = DURATIONS,
): number {
  const text = environment[name] || fallback;
  const found = /^(\d{1,9})(ms|s|m|h|d)$/.exec(text);
  const milliseconds = found ? Number(found[1]) * (UNITS[found[2] as string] as number) : 0;
  if (milliseconds <= 0 || milliseconds > longest) {
    throw new ConfigError(name, `takes ${words}, not "${text}"`);
  }
  return milliseconds;
}

/** A variable that holds a secret may stand in a file instead, named by `NAME_FILE`. */
export function secret(environment: Environment, name: string): string | null {
  const file = environment[`${name}_FILE`];
  if (file && environment[name]) {
    throw new ConfigError(`${name}_FILE`, `and ${name} are both set: keep one of them`);
  }
  // The file of KEYS is read, and at the very first start made, by `database/keys.ts`.
  if (!file || name === 'KEYS') return environment[name] || null;
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    throw new ConfigError(`${name}_FILE`, `names a file that cannot be read: ${file}`);
  }
}
