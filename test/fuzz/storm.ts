import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { systemRandom } from '../../src/kit/random.ts';
import { factorIdOf, halfSignedIn, planted, somebody, somebodyProtected } from '../kit/attack-kit.ts';
import type { Browser } from '../kit/browser.ts';
import { ManualClock } from '../kit/clock.ts';
import { type House, openHouse } from '../kit/house.ts';
import { appCode, enterPassword } from '../kit/people.ts';
import { startServer } from '../kit/server-process.ts';
import { Chance } from './chance.ts';
import { INSPECTED, liveMemory } from './live-memory.ts';
import { type Request, someBytes, someRequest, type Visitor } from './requests.ts';

export interface Stormed {
  readonly requests: number;
  readonly seed: number;
  readonly statuses: Readonly<Record<string, number>>;
  /** Answers that say that something broke, and where. */
  readonly faults: readonly string[];
  /** Secrets in the log at its most talkative. */
  readonly canaries: readonly string[];
  readonly exited: boolean;
  readonly logLines: number;
  /** MiB that nothing but the server itself still needs, after a fifth and in the end. */
  readonly memory: readonly [number, number];
  /** MiB of the whole process, at the most. */
  readonly peak: number;
  readonly seconds: number;
}

const AT_ONCE = 8;
/** What would only sign the visitors out, or tell everything that was mailed. */
const LEFT_OUT = ['/sign-out', '/sign-in/cancel', '/account/sessions/:id/end', '/mailbox'];

/** So many mutated requests for a server in a process of its own, its log at `debug`, and every secret a canary. */
export async function storm(requests: number, seed: number): Promise<Stormed> {
  const KEYS = JSON.stringify({
    active: 'a',
    keys: { a: Buffer.from(systemRandom.bytes(32)).toString('base64') },
  });
  const env = { BASE_URL: 'http://localhost:3000', KEYS, ARGON2: 'm=64,t=1,p=1', LOG_LEVEL: 'debug' };
  const server = await startServer({ ...env, ...INSPECTED });
  const { port } = server;
  const house = await openHouse({
    clock: new ManualClock(Date.now()),
    env: { ...env, DATABASE_URL: `sqlite:${server.dataDir}/countersign.db` },
  });
  const chance = new Chance(seed);
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  const routes = house.app.routes.filter(({ path }) => !LEFT_OUT.includes(path));
  const statuses: Record<string, number> = {};
  const faults: string[] = [];
  const secrets = new Set<string>();
  const live: number[] = [];
  let peak = 0;
  const start = performance.now();
  let crowd = await gather(house, secrets);
  for (const one of crowd.visitors) await knockUnchanged(agent, port, one);
  try {
    for (let done = 0; done < requests; done += AT_ONCE) {
      // Somebody has changed a password by now, or is held.
      if (done % 4_000 === 0) crowd = await gather(house, secrets);
      if (done % 500 === 0) peak = Math.max(peak, memoryOf(server.pid));
      // By then all code is compiled, and what is kept of the latest people and requests is full.
      if (live.length === 0 && done >= requests / 5) live.push(await liveMemory(server.output()));
      const batch = Array.from({ length: AT_ONCE }, async () => {
        if (chance.once(25)) {
          const status = await sendBytes(port, someBytes(chance));
          statuses[status] = (statuses[status] ?? 0) + 1;
          if (status === '500') faults.push('raw bytes');
          return;
        }
        const one = someRequest(chance, routes, crowd.ids, chance.of(crowd.visitors));
        const status = await send(agent, port, one);
        statuses[status] = (statuses[status] ?? 0) + 1;
        if (Number(status) >= 500)
          faults.push(`${status} ${one.method} ${one.path.slice(0, 300)} ${one.body}`);
      });
      await Promise.all(batch);
    }
    live.push(await liveMemory(server.output()));
    const alive = await fetch(`http://localhost:${port}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    );
    const log = server.output();
    return {
      requests,
      seed,
      statuses,
      faults,
      canaries: [...secrets].filter((one) => one.length > 5 && log.includes(one)),
      exited: !alive,
      logLines: log.split('\n').length,
      memory: [live[0] as number, live[1] as number],
      peak: Math.round(peak),
      seconds: Math.round((performance.now() - start) / 1000),
    };
  } finally {
    agent.destroy();
    await house.close();
    await server.remove();
  }
}

/** Somebody signed in, somebody half-way, an administrator who must enrol, and nobody. Whatever is secret of them is noted. */
async function gather(house: House, secrets: Set<string>) {
  house.clock.advance(Date.now() - house.clock.now());
  const note = (browser: Browser, fields: Record<string, string>): Visitor => {
    for (const one of [...Object.values(fields), ...browser.cookies.values()]) secrets.add(one);
    return {
      cookies: new Map(browser.cookies),
      fields: { ...fields, label: 'My phone', return_to: '/account' },
    };
  };
  const word = () => `canary-${systemRandom.bytes(6).toString('hex')}`;
  const inside = await somebodyProtected(house, { password: word() });
  const half = await planted(house, { password: word() });
  const boss = await somebody(house, { roles: 'admin', password: word() });
  const enrolling = house.browser();
  await enterPassword(enrolling, boss);
  const fields = (person: { email: string; password: string }, more: Record<string, string> = {}) => ({
    email: person.email,
    password: person.password,
    current_password: person.password,
    new_password: word(),
    ...more,
  });
  const [code = ''] = half.codes;
  const visitors = [
    note(house.browser(), fields(half.person, { code })),
    note(inside.browser, fields(inside.person, { code: inside.codes[0] as string, secret: inside.secret })),
    note(await halfSignedIn(house, half.person), fields(half.person, { code: appCode(house, half.secret) })),
    note(enrolling, fields(boss)),
  ];
  // Six digits are in every log.
  for (const one of secrets) if (/^\d{6}$/.test(one)) secrets.delete(one);
  return { visitors, ids: [await factorIdOf(house, inside.person), inside.person.id, boss.id] };
}

/**
 * What is mutated seldom gets past the first door: a right password goes all the way in, and may be logged there. Neither
 * ends what the visitors have.
 */
async function knockUnchanged(agent: Agent, port: number, { fields, cookies }: Visitor): Promise<void> {
  const { email = '', password = '' } = fields;
  const type = { 'content-type': 'application/x-www-form-urlencoded' };
  const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const post = (path: string, headers: Record<string, string>, form: Record<string, string>) => {
    const body = Buffer.from(new URLSearchParams(form).toString());
    return send(agent, port, { method: 'POST', path, headers: { ...type, ...headers }, body });
  };
  await post('/sign-in', {}, { email, password });
  await post('/confirm', { cookie }, { password });
}

function send(agent: Agent, port: number, { method, path, headers, body }: Request): Promise<string> {
  return new Promise((resolve) => {
    try {
      const sent = request({ agent, port, host: 'localhost', method, path, headers }, (answer) => {
        answer.resume();
        answer.on('end', () => resolve(String(answer.statusCode)));
        answer.on('error', () => resolve('broken off'));
      });
      sent.on('error', () => resolve('broken off'));
      sent.setTimeout(20_000, () => {
        resolve('599');
        sent.destroy();
      });
      sent.end(body ?? undefined);
    } catch {
      // Node itself won't send it.
      resolve('unsendable');
    }
  });
}

/** Whatever comes back within a moment: a status, or the end of the connection. */
function sendBytes(port: number, bytes: Buffer): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, 'localhost');
    const end = (status: string) => {
      resolve(status);
      socket.destroy();
    };
    socket.setTimeout(200, () => end('silence'));
    socket.on('error', () => end('broken off'));
    socket.on('close', () => end('closed'));
    socket.on('data', (chunk) => end(/^HTTP\/1\.[01] (\d{3})/.exec(chunk.toString('latin1'))?.[1] ?? 'odd'));
    socket.end(bytes);
  });
}

/** MiB in use by a process. */
function memoryOf(pid: number): number {
  const kib = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kib ?? 0) / 1024;
}
