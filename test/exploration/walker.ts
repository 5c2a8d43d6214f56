import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PasswordHasher } from '../../src/kit/password-hash.ts';
import { Authenticator } from '../kit/authenticator.ts';
import { ManualClock } from '../kit/clock.ts';
import { type House, openHouse } from '../kit/house.ts';
import { HttpClient } from '../kit/http-client.ts';
import { openListeningHouse } from '../kit/listening-house.ts';
import { addPerson, PASSWORD, type Person } from '../kit/people.ts';
import { registerApp } from '../kit/relying-party.ts';
import { hashOf, OwnEyes, type Rows } from './rows.ts';
import { type AccountState, type B, LIFETIMES, type Proof, type Who, type World } from './world.ts';

export interface Reply {
  readonly status: number;
  readonly location: string;
  readonly body: string;
}

interface Transport {
  readonly cookies: Map<string, string>;
  get(path: string): Promise<Reply>;
  post(path: string, fields?: Record<string, string>): Promise<Reply>;
}

export interface State {
  readonly world: World;
  readonly rows: Rows;
}

/** One SHA-256: what a hash costs is not what is looked at here, and a walk pays for a million of them. */
const QUICK_HASHER: PasswordHasher = {
  hash: async (password) => `quick$${hashOf(password)}`,
  verify: async (stored, password) => stored === `quick$${hashOf(password)}`,
  backlog: () => 0,
  isOutdated: () => false,
  cost: 'm=64,t=1,p=1',
  digest: async (text, salt) => hashOf(`${salt.toString('hex')} ${text}`),
};

/** The real server with two browsers before it, which can be put back to any state that they were in. */
export class Walker {
  readonly house: House;
  readonly eyes: OwnEyes;
  readonly people: Readonly<Record<Who, Person>>;
  readonly keys: Readonly<Record<Who, Authenticator>>;
  readonly app: { readonly clientId: string };
  readonly #transports: readonly [Transport, Transport];
  readonly #folder: string;
  world: World;

  private constructor(
    house: House,
    folder: string,
    over: 'inject' | 'http',
    made: Pick<Walker, 'people' | 'app'>,
  ) {
    this.house = house;
    this.#folder = folder;
    this.eyes = new OwnEyes(join(folder, 'countersign.db'));
    this.people = made.people;
    this.app = made.app;
    this.keys = { ann: new Authenticator(), bob: new Authenticator() };
    const open = (): Transport =>
      over === 'http' ? new HttpClient(house.app.deps.config.baseUrl) : house.browser();
    this.#transports = [open(), open()];
    const browser = () => ({ cookies: {}, proofs: {}, confirmed: {}, draft: null, trust: {} });
    const account = (): AccountState => ({
      epoch: 0,
      password: PASSWORD,
      suspended: false,
      secret: null,
      usedStep: 0,
      codes: [],
      key: false,
      keyCounter: 0,
    });
    this.world = {
      now: house.clock.now(),
      browsers: [browser(), browser()],
      accounts: { ann: account(), bob: account() },
    };
  }

  /** The database lies in memory where the system has such a place. */
  static async open(over: 'inject' | 'http' = 'inject'): Promise<Walker> {
    const memory = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
    const folder = mkdtempSync(join(memory, 'countersign-walk-'));
    const options = {
      clock: new ManualClock(),
      hasher: QUICK_HASHER,
      env: { ...LIFETIMES, DATABASE_URL: `sqlite:${join(folder, 'countersign.db')}` },
    };
    const house = await (over === 'http' ? openListeningHouse(options) : openHouse(options));
    const people = {
      ann: await addPerson(house, { email: 'ann@example.org' }),
      bob: await addPerson(house, { email: 'bob@example.org', roles: 'admin' }),
    };
    // The last administrator can't be suspended.
    await addPerson(house, { email: 'boss@example.org', roles: 'admin' });
    const app = await registerApp(house);
    return new Walker(house, folder, over, { people, app });
  }

  async close(): Promise<void> {
    this.eyes.close();
    await this.house.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  keep(): State {
    return { world: structuredClone(this.world), rows: this.eyes.keep() };
  }

  async putBack({ world, rows }: State): Promise<void> {
    // The product's reads of one turn of the event loop share a view of the database: a new turn sees ours.
    await new Promise((resolve) => setImmediate(resolve));
    this.eyes.putBack(rows);
    this.world = structuredClone(world);
    this.#setClock();
  }

  #setClock(): void {
    this.house.clock.advance(this.world.now - this.house.clock.now());
  }

  wait(milliseconds: number): void {
    this.world.now += milliseconds;
    this.#setClock();
  }

  get(b: B, path: string): Promise<Reply> {
    return this.#send(b, (transport) => transport.get(path));
  }

  post(b: B, path: string, fields: Record<string, string> = {}): Promise<Reply> {
    return this.#send(b, (transport) => transport.post(path, fields));
  }

  /** Follows redirects on this origin. */
  async follow(b: B, path: string): Promise<Reply> {
    let reply = await this.get(b, path);
    for (let n = 0; n < 8 && reply.status === 303 && reply.location.startsWith('/'); n++)
      reply = await this.get(b, reply.location);
    return reply;
  }

  /** From a browser that has nothing to do with the two. */
  async elsewhere(path: string, fields: Record<string, string>): Promise<Reply> {
    return this.house.browser().post(path, fields);
  }

  async #send(b: B, send: (transport: Transport) => Promise<Reply>): Promise<Reply> {
    const transport = this.#transports[b];
    const browser = this.world.browsers[b];
    transport.cookies.clear();
    for (const [name, value] of Object.entries(browser.cookies)) transport.cookies.set(name, value);
    const reply = await send(transport);
    browser.cookies = Object.fromEntries(transport.cookies);
    return reply;
  }

  /**
   * Whatever new cookie came with the last answer stands for this proof. Null: nothing was proven, so that a new cookie
   * stays without one, and the gate closes.
   */
  earn(b: B, before: Readonly<Record<string, string>>, proof: Proof | null): void {
    if (!proof) return;
    const { cookies, proofs } = this.world.browsers[b];
    for (const name of ['session', 'pending', 'enrolment']) {
      const value = cookies[name];
      if (value !== undefined && value !== before[name]) proofs[value] = proof;
    }
  }
}
