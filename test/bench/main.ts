import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { cores, hashPassword } from './argon.ts';
import type { Bench, Section } from './bench.ts';
import { password } from './people.ts';
import { productTarget } from './product.ts';
import { check } from './sections/check.ts';
import { forwardAuth } from './sections/forward-auth.ts';
import { keys } from './sections/keys.ts';
import { machine } from './sections/machine.ts';
import { oidc } from './sections/oidc.ts';
import { people } from './sections/people.ts';
import { scale } from './sections/scale.ts';
import { secondStep } from './sections/second-step.ts';
import { signIn } from './sections/sign-in.ts';
import { size } from './sections/size.ts';
import { start } from './sections/start.ts';
import { store } from './sections/store.ts';
import { texts } from './sections/texts.ts';
import { judge, table } from './table.ts';
import { floorTarget, here } from './target.ts';

// npm run bench [-- SECTION…]: measures the product against floors of the same run; exits 1 when a limit is missed.
// BENCH_SECONDS (10) is the length of one measurement, BENCH_ACCOUNTS (1000000) the size of the large database.
// BENCH_OURS=floor puts the floor in the product's place: every ratio should then be near 1, or the bench is wrong.

const sections: Record<string, Section> = {
  machine,
  'sign-in': signIn,
  'second-step': secondStep,
  keys,
  check,
  'forward-auth': forwardAuth,
  oidc,
  texts,
  people,
  store,
  start,
  size,
  scale,
};

/** The floor has neither keys nor text messages nor apps nor a Dashboard, protects no hosts and keeps no files. */
const withoutFloor = new Set(['keys', 'texts', 'people', 'oidc', 'forward-auth', 'store', 'scale']);

const names = process.argv.slice(2);
for (const name of names)
  if (!sections[name]) {
    console.error(`no section "${name}": there are ${Object.keys(sections).join(', ')}`);
    process.exit(2);
  }

// Under the repository and not in /tmp, which is memory on many machines: a sync there costs nothing and proves nothing.
const reports = here('../../reports');
mkdirSync(reports, { recursive: true });
const folder = mkdtempSync(`${reports}/bench-`);
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
process.on('SIGINT', () => process.exit(130));

const passwordHash = await hashPassword(password);
const notes: string[] = [];
const floor: Bench['floor'] = (mode, population) => floorTarget(folder, mode, passwordHash, population);
const oursIsFloor = process.env.BENCH_OURS === 'floor';
const bench: Bench = {
  seconds: Number(process.env.BENCH_SECONDS ?? 10),
  accounts: Number(process.env.BENCH_ACCOUNTS ?? 1_000_000),
  folder,
  passwordHash,
  floor,
  product: async (name, population, env) =>
    oursIsFloor
      ? floorTarget(folder, name === 'second-step' ? 'grouped' : 'plain', passwordHash, population)
      : productTarget(`${folder}/${name}`, population, env),
  note: (line) => notes.push(line),
};

console.log(
  `${cores} cores, ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}, load ${loadavg()[0]!.toFixed(2)}`,
);
const missed: string[] = [];
for (const [name, section] of Object.entries(sections)) {
  if (names.length > 0 && !names.includes(name)) continue;
  if (oursIsFloor && withoutFloor.has(name)) {
    console.log(`\n## ${name}: left out, the floor has nothing of the kind`);
    continue;
  }
  notes.length = 0;
  console.log(`\n## ${name}\n`);
  try {
    const rows = await section(bench);
    console.log(table(rows));
    missed.push(...rows.filter((row) => (judge(row).margin ?? 1) < 1).map((row) => `${name}: ${row.what}`));
  } catch (error) {
    console.error(error);
    missed.push(`${name}: ${(error as Error).message.split('\n')[0]}`);
  }
  for (const line of notes) console.log(`  ${line}`);
}

console.log(
  missed.length === 0
    ? '\nevery limit is kept'
    : `\nmissed:\n${missed.map((line) => `  ${line}`).join('\n')}`,
);
process.exit(missed.length === 0 ? 0 : 1);
