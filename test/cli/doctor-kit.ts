import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect } from 'vitest';
import { operate, type Run } from './operator.ts';

interface Check {
  name: string;
  ok: boolean;
  message: string;
}

/** What `doctor --json` says; `sick`: the words of what is not well, by its name. */
export async function examine(
  run: () => ReturnType<Run>,
): Promise<{ code: number; sick: Record<string, string>; checks: Check[] }> {
  const { code, stdout, stderr } = await run();
  expect(stderr).toBe('');
  const { ok, checks } = JSON.parse(stdout) as { ok: boolean; checks: Check[] };
  expect(code).toBe(ok ? 0 : 1);
  const sick = checks.filter((one) => !one.ok).map(({ name, message }) => [name, message]);
  return { code, sick: Object.fromEntries(sick), checks };
}

/** For each test a folder for the data, which is not there before `start`. */
export function dataFolder() {
  let path: string;
  beforeEach(() => {
    path = join(mkdtempSync(join(tmpdir(), 'countersign-doctor-')), 'data');
  });
  afterEach(() => rmSync(join(path, '..'), { recursive: true }));
  return {
    get path() {
      return path;
    },
    doctor: (env: Record<string, string> = {}) =>
      examine(() => operate({ DATA_DIR: path, ...env }, ['doctor', '--json'])),
    start: () => operate({ DATA_DIR: path }, ['migrate']),
  };
}
