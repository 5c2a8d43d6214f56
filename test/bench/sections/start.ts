import { setTimeout as sleep } from 'node:timers/promises';
import { median, type Section } from '../bench.ts';
import { cpuOf, residentOf } from '../proc.ts';
import { launch, type Server } from '../servers.ts';
import { here } from '../target.ts';

// What the product costs before anybody comes: the time to its first page, and the memory it then rests in.

/** Longer than the product waits before it writes its compile cache. */
const REST_MS = 3000;

export const start: Section = async (bench) => {
  const product = await bench.product('start', { accounts: 100, pendings: 0, sessions: 0 });
  const bare = () =>
    launch({ argv: [here('bare-fastify.js')], path: '/ready', log: `${bench.folder}/bare.log` });
  const ours = () => product.start();

  // The first start fills the compile cache and the page cache; nobody counts it.
  await startAndRest(bare, 0);
  await startAndRest(ours, REST_MS);
  const times = Math.max(3, Math.min(9, bench.seconds));
  const before: Cost[] = [];
  const mine: Cost[] = [];
  const after: Cost[] = [];
  for (let time = 0; time < times; time++) {
    before.push(await startAndRest(bare, REST_MS));
    mine.push(await startAndRest(ours, REST_MS));
    after.push(await startAndRest(bare, REST_MS));
  }
  const of = (costs: Cost[], what: keyof Cost) => median(costs.map((cost) => cost[what]));
  bench.note(`CPU to the first page: ours ${of(mine, 'cpu')} ms, bare Fastify ${of(before, 'cpu')} ms`);
  const floor = (what: keyof Cost) => [of(before, what), of(after, what)];
  return [
    {
      what: 'start to the first page, against bare Fastify',
      ours: of(mine, 'started'),
      floor: floor('started'),
      unit: 'ms',
      atMost: 1.5,
    },
    {
      what: 'idle memory, against bare Fastify',
      ours: of(mine, 'resident'),
      floor: floor('resident'),
      digits: 1,
      unit: 'MiB',
      atMost: 1.3,
    },
  ];
};

interface Cost {
  started: number;
  resident: number;
  /** Milliseconds of CPU until the first 200: steadier than the clock where others use the machine too. */
  cpu: number;
}

async function startAndRest(begin: () => Promise<Server>, rest: number): Promise<Cost> {
  const server = await begin();
  const { user, system } = cpuOf(server.pid);
  await sleep(rest);
  const resident = residentOf(server.pid);
  await server.stop();
  return { started: server.started, resident, cpu: Math.round((user + system) * 1000) };
}
