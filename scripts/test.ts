import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { partsOf } from './lib/parts.ts';
import { installTools } from './lib/tools.ts';

// npm test, npm run test:long: what the tests need from the system, then Vitest in this process; after the long ones, mutation.
// The first argument names the project of vitest.config.ts, the others are Vitest's.

const [project = 'ordinary', ...args] = process.argv.slice(2);
const parts = partsOf(project, args);
if (!parts.includes('tests')) process.exit(await runMutation(args.slice(1)));
const missing = await installTools();
if (missing.length > 0) {
  for (const line of missing) console.error(line);
  console.error('The tests need what is missing above, so none was run.');
  process.exit(1);
}

const root = new URL('..', import.meta.url);
process.chdir(fileURLToPath(root));
const vitest = new URL('node_modules/vitest/vitest.mjs', root);
const run = ['run', '--project', project, ...args];
if (parts.includes('mutation')) {
  // Vitest ends the process that it runs in, and something follows here.
  const { status } = spawnSync(process.execPath, [fileURLToPath(vitest), ...run], { stdio: 'inherit' });
  process.exit(Math.max(status ?? 1, await runMutation([])));
}
process.argv = [process.execPath, 'vitest', ...run];
await import(vitest.href);

/** Stryker, installed for this alone: `npm run test:long -- mutation [-m FILE,FILE]`. One run for each room. */
async function runMutation(given: readonly string[]): Promise<number> {
  const home = fileURLToPath(new URL('../test/mutation', import.meta.url));
  const { runsOf } = await import('../test/mutation/rooms.ts');
  const run = (program: string, args: readonly string[], cwd: string, env = {}) =>
    spawnSync(program, args, { stdio: 'inherit', cwd, env: { ...process.env, ...env } }).status ?? 1;
  // Its peer is the Vitest of the checkout.
  const installed = run('npm', ['ci', '--legacy-peer-deps', '--no-audit', '--no-fund'], home);
  if (installed !== 0) return installed;
  const stryker = `${home}/node_modules/@stryker-mutator/core/bin/stryker.js`;
  const named = given[0] === '-m' || given[0] === '--mutate';
  const others = named ? given.slice(2) : given;
  let worst = 0;
  for (const { room, patterns } of runsOf(named ? given[1] : undefined)) {
    console.log(`\n${room}`);
    const args = [stryker, 'run', `${home}/stryker.js`, '-m', patterns.join(','), ...others];
    worst = Math.max(worst, run(process.execPath, args, `${home}/../..`, { MUTATION_ROOM: room }));
  }
  return worst;
}
