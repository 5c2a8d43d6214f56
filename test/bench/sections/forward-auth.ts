import type { Section } from '../bench.ts';
import { whereTimeGoes } from '../profile.ts';
import { launch } from '../servers.ts';
import { here, lineOf, load, type Run, running, type Target } from '../target.ts';

// What every request to a protected app pays before its proxy lets it through: session, person, rule and groups, asked of
// the database each time. The floor is the least that the same framework can answer.

const PEOPLE = 1000;

function bareFastify(folder: string): Target {
  return {
    database: '',
    routes: (port) => ({
      host: `localhost:${port}`,
      signIn: '/',
      secondStep: '/',
      check: '/ready',
      checked: 200,
      page: '/ready',
    }),
    start: (flags = []) =>
      launch({ argv: [...flags, here('bare-fastify.js')], path: '/ready', log: `${folder}/fastify.log` }),
  };
}

export const forwardAuth: Section = async (bench) => {
  const people = { accounts: PEOPLE, pendings: 0, sessions: PEOPLE, hosts: PEOPLE };
  const floor = bareFastify(bench.folder);
  const product = await bench.product('forward-auth', people);
  const story = (name: Run['story']): Run => ({ story: name, from: 0, to: PEOPLE, again: true });
  const run = (target: Target, name: Run['story']) =>
    running(target, (server) => load(target, server, bench.seconds, story(name)));

  const before = await run(floor, 'hello');
  const checks = await run(product, 'forwardAuth');
  const after = await run(floor, 'hello');

  bench.note(lineOf('bare Fastify', before));
  bench.note(lineOf('our check', checks));
  bench.note('where the time of our check goes:');
  for (const line of await whereTimeGoes(product, bench.folder, story('forwardAuth'))) bench.note(line);
  return [
    {
      what: 'forward-auth check against a bare Fastify',
      ours: checks.perSecond,
      floor: [before.perSecond, after.perSecond],
      unit: '/s',
      atLeast: 0.5,
    },
    {
      what: 'the same in CPU of the server',
      ours: checks.cpu.user + checks.cpu.system,
      floor: [before, after].map(({ cpu }) => cpu.user + cpu.system),
      unit: 'µs',
    },
  ];
};
