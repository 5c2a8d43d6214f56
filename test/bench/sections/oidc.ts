import type { Bench, Section } from '../bench.ts';
import { withCommits } from '../proc.ts';
import { whereTimeGoes } from '../profile.ts';
import { launch } from '../servers.ts';
import { here, lineOf, load, type Measured, running, type Target } from '../target.ts';

// What an app's requests cost against a bare route that signs one JWT: for as long as they do, people wait for their app.

const WARM = 2;
const PROFILED_SECONDS = 4;
/** More than any machine redeems; a code serves once. */
const MOST_A_SECOND = 1500;
const HOLDERS = 1000;

function bareTarget(bench: Bench): Target {
  const start: Target['start'] = (flags = []) =>
    launch({ argv: [...flags, here('bare-jwt.js')], path: '/ready', log: `${bench.folder}/bare-jwt.log` });
  const routes = (port: number) => ({
    host: `localhost:${port}`,
    signIn: '',
    secondStep: '',
    check: '',
    checked: 0,
    page: '',
  });
  return { database: '', routes, start };
}

export const oidc: Section = async (bench) => {
  const seconds = Math.min(bench.seconds, 5);
  const bare = bareTarget(bench);
  const each = MOST_A_SECOND * (seconds + WARM + PROFILED_SECONDS);
  const people = { accounts: each, pendings: 0, sessions: each, apps: each };
  const product = await bench.product('oidc', people);
  const signing = () =>
    running(bare, (server) =>
      load(bare, server, seconds, { story: 'signature', from: 0, to: HOLDERS, again: true, warm: WARM }),
    );

  const before = await signing();
  const [token, about] = await running(product, async (server) => [
    await withCommits(product.database, () =>
      load(product, server, seconds, { story: 'redeem', from: 0, to: each, warm: WARM }),
    ),
    await load(product, server, seconds, {
      story: 'userInfo',
      from: 0,
      to: HOLDERS,
      again: true,
      warm: WARM,
    }),
  ]);
  const after = await signing();

  bench.note(lineOf('bare signature', before));
  bench.note(lineOf('token', token));
  bench.note(lineOf('userinfo', about));
  bench.note(`commits for each token at 32 at once: ${(token.commits / token.told).toFixed(3)}`);
  bench.note('where the time of a token goes:');
  const rest = { story: 'redeem', from: token.next, to: each } as const;
  for (const line of await whereTimeGoes(product, bench.folder, rest)) bench.note(line);
  bench.note('where the time of a userinfo goes:');
  const again = { story: 'userInfo', from: 0, to: HOLDERS, again: true } as const;
  for (const line of await whereTimeGoes(product, bench.folder, again)) bench.note(line);

  const row = (what: string, { perSecond }: Measured) => ({
    what,
    ours: perSecond,
    floor: [before.perSecond, after.perSecond],
    unit: '/s',
    atLeast: 0.4,
  });
  return [
    row('token endpoint against a bare signature', token),
    row('userinfo against a bare signature', about),
  ];
};
