import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { operate } from './operator.ts';

const folder = mkdtempSync(join(tmpdir(), 'countersign-usage-'));
afterAll(() => rmSync(folder, { recursive: true }));
const run = (...args: string[]) => operate({ DATA_DIR: join(folder, 'data') }, args);

const wrong: [args: string, names: string][] = [
  ['', 'no command was given'],
  ['--json', 'no command was given'],
  ['account', 'there is no command "account"'],
  ['account creat --email a@example.org', 'there is no command "account creat"'],
  ['groups list', 'there is no command "groups list"'],
  ['account create --name N', '--email is missing'],
  ['account create --email a@example.org', '--name is missing'],
  [
    'account create --email a@example.org --name N --role boss',
    '--role takes admin, publisher, member, not "boss"',
  ],
  ['account create --email a@example.org --name N extra', '"extra" is one word too many'],
  ['account create --email a@example.org --email b@example.org --name N', '--email is given twice'],
  ['account create --email a@example.org --name N --colour red', "Unknown option '--colour'"],
  [
    'account create --email --name N',
    "Option '--email' argument is ambiguous: what begins with a dash is given as --email=-…",
  ],
  ['account list all', '"all" is one word too many'],
  ['account list --json=yes', "Option '--json' does not take an argument"],
  ['account show', 'E is missing'],
  ['account suspend', 'E is missing'],
  ['account restore', 'E is missing'],
  ['account unlock', 'E is missing'],
  ['account reset-two-factor a@example.org', '--reason is missing'],
  ['account reset-two-factor --reason R', 'E is missing'],
  ['group create', 'G is missing'],
  ['group create Sales Madrid', '"Madrid" is one word too many'],
  ['group add Sales', 'E… is missing'],
  ['group remove', 'G is missing'],
  ['setup-link now', '"now" is one word too many'],
  ['audit', 'there is no command "audit"'],
  ['audit export', '--since is missing'],
  ['audit export --since yesterday', '--since takes'],
  ['audit export --since 2026-02-30', '--since takes'],
  ['audit export --since 2026-02-28T10:00', '--since takes'],
  ['audit export --since -1', "Option '--since' argument is ambiguous"],
  ['rules set two-factor', 'optional|required is missing'],
  ['rules set two-factor maybe', 'two-factor is "optional" or "required", not "maybe"'],
  ['rules set two-factor optional --from 2026-06-01', '--from goes only with "required"'],
  ['rules set two-factor required --from soon', '--from takes'],
  ['rules set passwords', 'there is no command "rules set"'],
  ['rules preview --from 2026-06-01', "Unknown option '--from'"],
  ['doctor --route', "Unknown option '--route'"],
  ['start', 'there is no command "start": `npm start` starts the server'],
  ['keys', 'there is no command "keys"'],
  ['keys rotate now', '"now" is one word too many'],
  ['keys rotate --at-once=yes', "Option '--at-once' does not take an argument"],
  ['keys list k1', '"k1" is one word too many'],
  ['keys retire', 'ID is missing'],
  ['backup', 'FILE is missing'],
  ['backup a b', '"b" is one word too many'],
  ['backup a --force', "Unknown option '--force'"],
  ['restore', 'FILE is missing'],
  ['restore a --replaces old.db', '--replaces takes sqlite:PATH'],
  ['restore a --overwrite', "Unknown option '--overwrite'"],
  ['migrate --force', "Unknown option '--force'"],
];

describe('wrong usage exits 2, says what is wrong and how it goes, and touches nothing', () => {
  test.each(wrong)('countersign %s', async (args, names) => {
    const { code, stdout, stderr } = await run(...args.split(' ').filter(Boolean));
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(names);
    if (!args.includes('--json')) expect(stderr).toContain('usage: countersign ');
    expect(readdirSync(folder)).toEqual([]);
  });

  test('a reason without a word is none', async () => {
    const { code, stderr } = await run('account', 'reset-two-factor', 'a@example.org', '--reason', ' \u200b');
    expect([code, stderr]).toEqual([2, expect.stringContaining('--reason takes the words')]);
  });

  test('for a program it is one line of JSON', async () => {
    const { code, stdout, stderr } = await run('account', 'create', '--json');
    expect([code, stdout]).toEqual([2, '']);
    expect(JSON.parse(stderr)).toEqual({ code: 'usage', message: '--email is missing' });
  });

  test('only the usage of the command that was meant', async () => {
    const { stderr } = await run('account', 'show');
    expect(stderr).toContain('account show E');
    expect(stderr).not.toContain('migrate');
  });

  test('after the beginning of a command, only those that begin like it', async () => {
    for (const args of [['rules', 'set', 'required'], ['--json=no'], ['rules']]) {
      const { stderr } = await run(...args);
      expect(stderr).toContain('rules set two-factor optional|required');
      expect(stderr.includes('migrate'), args.join(' ')).toBe(args[0] !== 'rules');
    }
  });

  test('a variable of a script that nobody set is no value', async () => {
    for (const args of [
      ['backup', ''],
      ['account', 'delete', '', '--reason', 'R'],
      ['group', 'add', 'Sales', ''],
    ])
      expect((await run(...args)).code, args.join(' ')).toBe(2);
    expect((await run('restore', '')).stderr).toContain('FILE is missing');
  });
});

test.each(['--help', '-h', 'help', 'account create --help'])(
  '%s prints every command and exits 0',
  async (args) => {
    const { code, stdout, stderr } = await run(...args.split(' '));
    expect([code, stderr]).toEqual([0, '']);
    for (const name of [
      'account create',
      'account reset-two-factor',
      'setup-link',
      'audit export',
      'doctor',
      'migrate',
      // Whoever has the package looks here first.
      'countersign start',
    ]) {
      expect(stdout).toContain(name);
    }
  },
);

test('--json may stand before the command', async () => {
  const { code, stdout } = await run('--json', 'account', 'list');
  expect([code, stdout]).toEqual([0, '']);
});

describe('a configuration that does not open exits 1 and names the variable, without a stack', () => {
  test.each([
    ['a wrong value', { PORT: 'eighty' }, 'configuration', 'PORT takes a whole number'],
    [
      'a folder in place of the database',
      { DATABASE_URL: 'sqlite:/' },
      'configuration',
      'DATABASE_URL names a file that cannot be opened',
    ],
    [
      'nobody answers',
      { DATABASE_URL: 'postgres://u:geheim@127.0.0.1:1/x' },
      'database_away',
      'DATABASE_URL names a database that does not answer',
    ],
  ])('%s', async (_name, env, code, message) => {
    const done = await operate({ DATA_DIR: folder, ...env }, ['account', 'list', '--json']);
    expect([done.code, done.stdout]).toEqual([1, '']);
    expect(JSON.parse(done.stderr)).toEqual({ code, message: expect.stringContaining(message) });
    expect(done.stderr).not.toContain('geheim');
    expect(done.stderr.split('\n')).toHaveLength(2);
  });
});
