import { readFile } from 'node:fs/promises';
import { importAccounts } from '../import/import-accounts.ts';
import { BadFile } from '../import/newcomer.ts';
import type { Report } from '../import/report.ts';
import { SOURCES } from '../import/sources.ts';
import { counted } from '../kit/counted.ts';
import { type Call, type Command, CommandRefused, required, WrongUsage } from './command.ts';
import { explainFile } from './explain-file.ts';
import { withDeps } from './open.ts';

const NAMES = Object.keys(SOURCES).join('|');

export const importCommand: Command = {
  name: 'import',
  takes: `FILE --from ${NAMES} [--dry-run] [--secret-file F] [--with-administrators]`,
  does: 'brings accounts over from another system, all or none: passwords and authenticator apps keep working',
  operands: ['FILE'],
  options: {
    from: { type: 'string' },
    'dry-run': { type: 'boolean' },
    'secret-file': { type: 'string' },
    'with-administrators': { type: 'boolean' },
  },
  run,
};

/** On the screen; `--json` has them all. */
const MOST_SHOWN = 50;
const PROGRESS_EACH = 10_000;

async function run(call: Call): Promise<void> {
  const from = required(call, 'from');
  const source = SOURCES[from];
  if (!source || !Object.hasOwn(SOURCES, from)) throw new WrongUsage(`--from takes ${NAMES}, not "${from}"`);
  if (call.option('secret-file') !== undefined && from !== 'better-auth')
    throw new WrongUsage('--secret-file belongs to --from better-auth');
  const report = await withDeps(call, async (deps) => {
    try {
      const secretFile = call.option('secret-file');
      const secrets = secretFile === undefined ? null : await readFile(secretFile, 'utf8');
      const rows = source.read(call.operands[0] as string, { secrets });
      let told = 0;
      return await importAccounts(deps, rows, {
        from,
        dryRun: call.flag('dry-run'),
        administrators: call.flag('with-administrators'),
        progress(read) {
          if (read - told < PROGRESS_EACH) return;
          told = read;
          call.remark(`${read} rows read`);
        },
      });
    } catch (error) {
      throw explained(error);
    }
  });
  await call.print(lines(report).join('\n'), report);
  if (!report.ok) throw new CommandRefused('import_refused', refusalWords(report));
}

function explained(error: unknown): unknown {
  if (error instanceof BadFile) return new CommandRefused('bad_file', error.message);
  return explainFile(error);
}

function lines(report: Report): string[] {
  const { accounts, not_kept } = report;
  const people = (count: number) => counted(count, 'account');
  const head = !report.ok
    ? `Nothing was imported. ${people(accounts)} would be in order.`
    : report.dry_run
      ? `${people(accounts)} can be imported. Nothing was changed.`
      : `${people(accounts)} imported.`;
  const facts: readonly (readonly [count: number, words: string])[] = [
    [report.with_password, 'with the password they have'],
    [accounts - report.with_password, 'without a password: they choose one with “Forgot password?”'],
    [report.with_two_factor, 'with their authenticator app, and without recovery codes until they make some'],
    [report.suspended, 'suspended'],
    [report.unproven, 'with an address that is not proven'],
    [report.administrators, 'administrators'],
    [report.publishers, 'publishers'],
  ];
  return [
    head,
    ...facts
      .filter(([count]) => count > 0)
      .map(([count, words]) => `  ${String(count).padStart(7)}  ${words}`),
    ...(report.groups.length > 0 ? [`New groups: ${report.groups.join(', ')}`] : []),
    ...(not_kept.length > 0 ? ['Not kept:'] : []),
    ...some(not_kept.map(({ place, email, what }) => `  ${place}  ${email}: ${what}`)),
  ];
}

const refusalWords = ({ problems }: Report): string =>
  [
    'These rows can’t be imported:',
    ...some(problems.map(({ place, problem }) => `  ${place}: ${problem}`)),
  ].join('\n');

function some(all: readonly string[]): string[] {
  const more = all.length - MOST_SHOWN;
  return more > 0 ? [...all.slice(0, MOST_SHOWN), `  … and ${more} more; --json names them all`] : [...all];
}
