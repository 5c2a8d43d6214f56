import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { partsOf } from '../../scripts/lib/parts.ts';
import { ROOMS, runsOf } from '../mutation/rooms.ts';

// What takes hours is not run here; that it would run what it says is.

const root = new URL('../..', import.meta.url).pathname;
const found = (pattern: string) => globSync(pattern, { cwd: root });

/** Stryker takes `{a,b}` for one of them; a name that is not there would be left out in silence. */
function each(pattern: string): string[] {
  const [all, list] = /\{([^}]*)\}/.exec(pattern) ?? [];
  return all && list ? list.split(',').map((one) => pattern.replace(all, one)) : [pattern];
}

test('npm run test:long is crash, exploration, fuzz, races, and mutation at the end', () => {
  expect(partsOf('long', [])).toEqual(['tests', 'mutation']);
  expect(partsOf('long', ['test/races'])).toEqual(['tests']);
  expect(partsOf('long', ['mutation', '-m', 'src/sessions/complete.ts'])).toEqual(['mutation']);
  expect(partsOf('ordinary', [])).toEqual(['tests']);
  for (const folder of ['crash', 'exploration', 'fuzz', 'races'])
    expect(found(`test/${folder}/*.long.ts`), folder).not.toEqual([]);
});

test('mutation: the whole core has a room, every test that judges it is there, and below 90 % it fails', () => {
  for (const folder of ['factors', 'sessions', 'sign-in', 'throttle'])
    expect(Object.keys(ROOMS)).toContain(`src/${folder}`);
  for (const [room, tests] of Object.entries(ROOMS)) {
    expect(found(`${room}/**/*.ts`), room).not.toEqual([]);
    for (const name of tests.flatMap(each)) expect(found(name), `${room}: ${name}`).not.toEqual([]);
  }
  expect(readFileSync(`${root}test/mutation/stryker.js`, 'utf8')).toMatch(/thresholds: \{[^}]*break: 90 \}/);
});

test('mutation: each file of the core is changed in exactly one room', () => {
  const runs = runsOf(undefined);
  const core = found('src/{factors,sessions,sign-in,throttle}/**/*.ts').filter(
    (path) => !path.endsWith('.test.ts') && !/(words|pages|routes)[^/]*\.ts$/.test(path),
  );
  const changed = runs.flatMap(({ patterns }) => {
    const not = patterns.filter((one) => one.startsWith('!')).flatMap((one) => found(one.slice(1)));
    const yes = patterns.filter((one) => !one.startsWith('!')).flatMap(found);
    return yes.filter((path) => !not.includes(path) && path.endsWith('.ts'));
  });
  expect(changed.toSorted()).toEqual(core.toSorted());
  expect(runsOf('src/factors/totp/rules.ts:1-9,src/sessions/complete.ts').map(({ room }) => room)).toEqual([
    'src/factors/totp',
    'src/sessions',
  ]);
});
