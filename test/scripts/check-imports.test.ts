import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';

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

const good = {
  'main.ts': "import { build } from './app.ts';\nprocess.env.PORT;",
  'app.ts': `import fastify from 'fastify';
    import { factors } from './factors/all.ts';
    import { totpRoutes } from './factors/totp/routes.ts';
    import { routes } from './sign-in/routes.ts';`,
  'deps.ts': "import type { Outbox } from './delivery/outbox.ts';\nimport type { Kysely } from 'kysely';",
  'sign-in/routes.ts': `import type { FastifyInstance } from 'fastify';
    import { signIn } from './check-password.ts';
    import { page } from './pages.ts';`,
  'sign-in/check-password.ts': `import { find } from '../accounts/store.ts';
    import { renew } from '../factors/recovery-codes/renew.ts';
    import type { Deps } from '../deps.ts';`,
  'sign-in/pages.ts': `import { layout } from '../web/layout.ts';
    import type { Account } from '../accounts/store.ts';
    import { words } from './words.en.ts';`,
  'sign-in/words.en.ts': 'export const words = {};',
  'accounts/store.ts': "import { sql } from 'kysely';\nimport { open } from '../database/open.ts';",
  'accounts/rules.ts':
    "import type { Account } from './store.ts';\nimport { same } from '../kit/encoding.ts';",
  'app-store/builds.ts': "import { sql } from 'kysely';",
  'app-store/pages.ts': "import { sizes } from './sizes.ts';",
  'app-store/sizes.ts': 'export const sizes = [];',
  'factors/all.ts': "import { totp } from './totp/totp.ts';",
  'factors/totp/totp.ts': "import { match } from './rules.ts';\nimport { insert } from '../store.ts';",
  'factors/totp/rules.ts': "import { createHmac } from 'node:crypto';",
  'factors/totp/routes.ts': "import { totp } from './totp.ts';",
  'factors/store.ts': "import type { A } from './factor.ts';",
  'factors/factor.ts': "import type { B } from './store.ts';",
  'factors/totp/enrol.ts': "import { renew } from '../recovery-codes/renew.ts';",
  'factors/recovery-codes/renew.ts': '',
  'delivery/outbox.ts': "import type { Deps } from '../deps.ts';\nimport { sms } from './sms/all.ts';",
  'delivery/sms/all.ts': "import { twilio } from './twilio.ts';",
  'delivery/sms/twilio.ts': '// Date.now() would be wrong here\n/* and Math.random() */',
  'web/layout.ts': "const any = '*/*';\nexport const accepts = 'text/*';",
  'web/browser/copy.ts': 'Date.now();',
  'kit/clock.ts': "import { randomBytes } from 'node:crypto';\nDate.now();",
  'kit/encoding.ts': '',
  'database/open.ts': "import { Kysely } from 'kysely';",
  'kit/clock.test.ts': "import { app } from '../app.ts';\nnew Date();",
};

test('a tree that keeps every rule passes', () => {
  expect(check(good)).toEqual({
    code: 0,
    lines: [expect.stringMatching(/^29 files, 37 imports checked: no violation$/)],
  });
});

// What each file does wrong, and the beginning of the reason for it.
const wrong: [path: string, text: string, reason: string][] = [
  ['accounts/upward.ts', "import '../sign-in/check-password.ts';", 'imports go downward only'],
  ['accounts/upward-type.ts', "import type { A } from '../admin/people.ts';", 'imports go downward only'],
  ['web/deps-value.ts', "import { deps } from '../deps.ts';", 'imports go downward only'],
  ['cli.ts', "export { build } from './app.ts';", 'imports go downward only'],
  ['kit/again.ts', "export * from '../web/layout.ts';", 'imports go downward only'],
  ['kit/lazy.ts', "await import('../web/layout.ts');", 'imports go downward only'],
  ['kit/words.ts', "import { a } from '../words/all.ts';", 'kit knows nothing of the product'],
  [
    'oidc/door.ts',
    "import {\n  type A,\n} from '../sign-in/pages.ts';",
    'what two doors need moves down a floor',
  ],
  ['factors/sms/other.ts', "import type { A } from '../totp/rules.ts';", 'factors never import each other'],
  [
    'factors/sms/codes.ts',
    "import { a } from '../recovery-codes/renew.ts';",
    'factors never import each other',
  ],
  [
    'security/add.ts',
    "import { totp } from '../factors/totp/totp.ts';",
    'only factors/all.ts and app.ts name a',
  ],
  ['factors/enrol.ts', "import { totp } from './totp/totp.ts';", 'only factors/all.ts and app.ts name a'],
  ['delivery/sms/web.ts', "import { a } from './twilio.ts';", 'only delivery/sms/all.ts and app.ts name a'],
  ['delivery/send.ts', "import { a } from './sms/twilio.ts';", 'only delivery/sms/all.ts and app.ts name a'],
  ['sessions/rules.ts', "import { find } from './store.ts';", 'rules are pure'],
  [
    'sessions/end-rules.ts',
    "import { a } from './end.ts';",
    'rules are pure, and it loads sessions/store.ts',
  ],
  ['sessions/age-rules.ts', "import { z } from 'zod';", 'rules are pure'],
  ['throttle/store.ts', "import type { A } from './routes.ts';", 'a store knows no routes and no pages'],
  ['admin/pages.ts', "import { find } from '../accounts/store.ts';", 'pages take values'],
  [
    'admin/list-pages.ts',
    "import { a } from './people.ts';",
    'pages take values, and it loads accounts/store.ts',
  ],
  ['admin/people.ts', "import type { FastifyReply } from 'fastify';", 'only routes.ts and web/ see HTTP'],
  ['admin/parse.ts', "import '@fastify/cookie';", 'only routes.ts and web/ see HTTP'],
  ['admin/routes.ts', "import { sql } from 'kysely';", 'queries live in database/'],
  ['web/rows.ts', "import type { Kysely } from 'kysely';", 'queries live in database/'],
  ['audit/outside.ts', "import { a } from '../../test/kit/postgres.ts';", 'it lies outside the sources'],
  ['audit/nowhere.ts', "import { a } from '../cellar/wine.ts';", 'cellar is on no floor'],
];

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
