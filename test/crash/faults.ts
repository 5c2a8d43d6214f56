import { DatabaseSync, StatementSync } from 'node:sqlite';
import pg from 'pg';
import type { House } from '../kit/house.ts';

/** What a disk says that is full. */
class DiskFull extends Error {
  readonly code = '53100';
  readonly errcode = 13;
}

type Method = (this: unknown, ...args: unknown[]) => unknown;

let left = Infinity;
let calls = 0;

/** Counts; at the one that is to fail, fails instead. Undoing never fails by itself: then the whole connection is gone. */
function count(text: unknown): void {
  if (/^\s*rollback/i.test(String(text))) return;
  calls++;
  if (--left === 0) throw new DiskFull('database or disk is full');
}

function wrap(
  prototype: object,
  name: string,
  before: (args: unknown[]) => void,
  asPromise = false,
): () => void {
  const methods = prototype as Record<string, Method>;
  const original = methods[name] as Method;
  methods[name] = function wrapped(...args) {
    try {
      before(args);
    } catch (error) {
      if (asPromise) return Promise.reject(error);
      throw error;
    }
    return original.apply(this, args);
  };
  return () => {
    methods[name] = original;
  };
}

/** Every call of either engine goes by here. -> undoes it */
export function watchStores(): () => void {
  const undo = [
    wrap(StatementSync.prototype, 'run', () => count('')),
    wrap(StatementSync.prototype, 'all', () => count('')),
    wrap(StatementSync.prototype, 'get', () => count('')),
    wrap(DatabaseSync.prototype, 'exec', ([text]) => count(text)),
    wrap(pg.Client.prototype, 'query', ([query]) => count((query as { text?: string })?.text ?? query), true),
  ];
  return () => {
    for (const one of undo) one();
  };
}

/** Every hash of this house goes by here. -> undoes it */
export function watchHashes({ app }: House): () => void {
  const undo = ['hash', 'verify', 'digest'].map((name) => wrap(app.deps.hasher, name, () => count(''), true));
  return () => {
    for (const one of undo) one();
  };
}

/** Makes the n-th call fail. -> what came of the work, and whether there was an n-th call */
export async function failingAt<T>(n: number, work: () => Promise<T>): Promise<{ done: T; failed: boolean }> {
  left = n;
  calls = 0;
  try {
    const done = await work();
    return { done, failed: calls >= n };
  } finally {
    left = Infinity;
  }
}
