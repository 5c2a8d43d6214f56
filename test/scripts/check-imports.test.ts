import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { good, wrong } from './import-trees.ts';

const script = fileURLToPath(new URL('../../scripts/check-imports.ts', import.meta.url));
const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** Runs the check over a tree of `path: text`; file names in its lines are those of the tree. */
function check(tree: Record<string, string>): { code: number | null; lines: string[] } {
  const root = mkdtempSync(join(tmpdir(), 'imports-'));
  folders.push(root);
  for (const [path, text] of Object.entries(tree)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const { status, stdout } = spawnSync(process.execPath, [script, root], { cwd: root, encoding: 'utf8' });
  return { code: status, lines: stdout.trim().split('\n') };
}

test('a tree that keeps every rule passes', () => {
  expect(check(good)).toEqual({
    code: 0,
    lines: [expect.stringMatching(/^31 files, 39 imports checked: no violation$/)],
  });
});

test('each import that breaks a rule is named with its line and reason', () => {
  const people = "\nimport { find } from '../accounts/store.ts';";
  const tree = Object.fromEntries(wrong.map(([path, text]) => [path, `// a comment\n${text}`]));
  const end = "import { a } from './store.ts';";
  const { code, lines } = check({
    ...good,
    'sessions/end.ts': end,
    ...tree,
    'admin/people.ts': tree['admin/people.ts'] + people,
  });
  expect(code).toBe(1);
  for (const [path, , reason] of wrong) {
    const line = lines.find((one) => one.startsWith(`${path}:`));
    expect(line).toContain(`${path}:2  ${path} may not import `);
    expect(line).toContain(`: ${reason}`);
  }
  expect(lines.at(-1)).toMatch(new RegExp(`^\\d+ files, \\d+ imports checked: ${wrong.length} refused$`));
});

test('clock, chance and environment stay where they are injected', () => {
  const { lines } = check({
    'audit/a.ts': 'const a = Date.now();\nconst b = new Date();\nconst c = new Date(a);',
    'audit/b.ts':
      "const a = Math.random();\nimport { randomBytes } from 'node:crypto';\ncrypto.randomUUID();",
    'audit/c.ts': 'process.env.HOME; // not config',
    'cli.ts': 'process.env.HOME;\nDate.now();',
  });
  expect(lines).toEqual([
    'audit/a.ts:1  audit/a.ts may not use Date.now: that comes from kit/clock',
    'audit/a.ts:2  audit/a.ts may not use new Date(): that comes from kit/clock',
    'audit/b.ts:1  audit/b.ts may not use Math.random: that comes from kit/random',
    'audit/b.ts:2  audit/b.ts may not use randomBytes: that comes from kit/random',
    'audit/b.ts:3  audit/b.ts may not use randomUUID: that comes from kit/random',
    'audit/c.ts:1  audit/c.ts may not use process.env: that comes from config.ts',
    'cli.ts:2  cli.ts may not use Date.now: that comes from kit/clock',
    '4 files, 1 imports checked: 7 refused',
  ]);
});

test('circles are refused, but not those of types alone', () => {
  const { code, lines } = check({
    'accounts/a.ts': "import { b } from '../sessions/b.ts';",
    'sessions/b.ts': "import { c } from '../audit/c.ts';\nimport type { A } from '../accounts/a.ts';",
    'audit/c.ts': "import { type A } from '../accounts/a.ts';",
  });
  expect(code).toBe(1);
  expect(lines[0]).toBe(
    'audit/c.ts:1  audit/c.ts may not import accounts/a.ts: a circle, accounts/a.ts -> sessions/b.ts -> audit/c.ts -> accounts/a.ts',
  );
  expect(lines).toHaveLength(2);
});

test('no file is a barrel or named after nothing', () => {
  const names = [
    'audit/audit-service.ts',
    'kit/date-utils.ts',
    'kit/util.ts',
    'web/helpers/a.ts',
    'web/index.ts',
  ];
  const { code, lines } = check(Object.fromEntries(names.map((path) => [path, ''])));
  expect(code).toBe(1);
  expect(lines.slice(0, -1)).toEqual(names.map((path) => expect.stringContaining(`${path}:1  no `)));
});

test('every part has a floor', () => {
  expect(check({ 'cellar/wine.ts': '' }).lines[0]).toBe(
    'cellar/wine.ts:1  cellar is on no floor: add it to the table of this check',
  );
});
