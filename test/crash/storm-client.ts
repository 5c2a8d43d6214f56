import { hotp, stepAt } from '../../src/factors/totp/rules.ts';
import { fromBase32 } from '../../src/kit/encoding.ts';
import { HttpClient, type Reply } from '../kit/http-client.ts';
import { readEnrolment } from '../kit/people.ts';

/** What was acknowledged to somebody, and so must be there after a crash. */
export interface Known {
  name: string;
  password: string;
  /** Null: two-factor authentication is off. */
  secret: string | null;
  usedStep: number;
  codes: readonly string[];
  spentCode: string | null;
  /** The cookie of a session that was given and not ended. */
  session: string | null;
}

/** A form that is being sent: were it written, this would be known. */
type Flight = Partial<Known>;

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const pick = <T>(all: readonly T[]): T => all[Math.floor(Math.random() * all.length)] as T;

/** Somebody who enrols, signs in, changes and switches off, and remembers each answer, until the server is gone. */
export class StormClient {
  readonly id: string;
  readonly email: string;
  known: Known;
  /** Null: nothing was under way. */
  flight: Flight | null = null;
  acknowledged = 0;
  /** Answers that say that something broke; a dead connection is none. */
  readonly faults: string[] = [];
  #client: HttpClient;
  #names = 0;

  constructor(person: { id: string; email: string; password: string }, url: string) {
    this.id = person.id;
    this.email = person.email;
    this.#client = new HttpClient(url);
    this.known = {
      name: 'Ann Example',
      password: person.password,
      secret: null,
      usedStep: 0,
      codes: [],
      spentCode: null,
      session: null,
    };
  }

  /** After a crash: whatever was under way is known now. */
  settle(known: Known): void {
    this.known = known;
    this.flight = null;
    if (known.session === null) this.#client.cookies.delete('session');
    else this.#client.cookies.set('session', known.session);
  }

  /** Enrols, and comes in with a code of the app. */
  async begin(): Promise<void> {
    await this.#signIn();
    await this.#enrol();
    await this.#send('/sign-out', {}, { session: null }, '/sign-in');
    await this.#signIn();
    if (this.faults.length > 0) throw new Error(this.faults.join('; '));
  }

  async run(stopped: () => boolean): Promise<void> {
    while (!stopped()) {
      try {
        await this.#act();
      } catch {
        // The server is gone; so are the others' connections.
        return;
      }
    }
  }

  async #act(): Promise<void> {
    const { session, secret } = this.known;
    if (session === null) return this.#signIn();
    const act = pick(['name', 'name', 'password', 'out', secret === null ? 'enrol' : 'disable', 'enrol']);
    if (act === 'name') {
      const name = `Ann ${++this.#names} ${Math.random()}`;
      return this.#send('/account', { name }, { name });
    }
    if (act === 'out') return this.#send('/sign-out', {}, { session: null }, '/sign-in');
    if (act === 'enrol' && secret === null) return this.#enrol();
    if (act === 'password') {
      const password = `walrus-${Math.random().toString(36).slice(2)}-copper`;
      const fields = { current_password: this.known.password, new_password: password };
      return this.#send('/account/password', fields, { password });
    }
    if (act === 'disable' && secret !== null) {
      const off = { secret: null, usedStep: 0, codes: [], spentCode: null };
      return this.#send('/account/security/disable', { password: this.known.password }, off);
    }
  }

  async #enrol(): Promise<void> {
    const page = await this.#client.get('/account/security/totp');
    if (page.status !== 200) return this.#giveUp(page);
    const { secret, codes } = readEnrolment(page.body);
    const usedStep = stepAt(Date.now());
    const code = hotp(fromBase32(secret) as Buffer, usedStep);
    await this.#send('/account/security/totp', { code }, { secret, usedStep, codes, spentCode: null });
  }

  async #signIn(): Promise<void> {
    const { email } = this;
    const { password, secret, codes, usedStep } = this.known;
    if (secret === null) {
      await this.#send('/sign-in', { email, password }, {}, '/', true);
      return;
    }
    const first = await this.#client.post('/sign-in', { email, password });
    if (first.location !== '/sign-in/factor') return this.#giveUp(first);
    const step = Math.max(usedStep + 1, stepAt(Date.now()) - 1);
    const [code] = codes;
    if (step <= stepAt(Date.now()) + 1) {
      const fields = { code: hotp(fromBase32(secret) as Buffer, step) };
      await this.#send('/sign-in/factor/totp', fields, { usedStep: step }, '/', true);
    } else if (code !== undefined) {
      const rest = { codes: codes.slice(1), spentCode: code };
      await this.#send('/sign-in/factor/recovery-code', { code }, rest, '/', true);
    } else await pause(500);
  }

  /** What is sent is under way until its answer is here. */
  async #send(
    path: string,
    fields: Record<string, string>,
    then: Flight,
    leadsTo = '/account',
    signsIn = false,
  ): Promise<void> {
    this.flight = then;
    const reply = await this.#client.post(path, fields);
    const done =
      reply.status === 303 && (signsIn ? reply.location === leadsTo : reply.location.startsWith(leadsTo));
    if (!done) {
      this.flight = null;
      return this.#giveUp(reply);
    }
    const session = this.#client.cookies.get('session') ?? null;
    this.known = { ...this.known, ...then, ...(then.session === undefined && { session }) };
    this.flight = null;
    this.acknowledged++;
  }

  /** A refusal: nothing was written, and perhaps the sign-in is over. */
  async #giveUp({ status, location, body }: Reply): Promise<void> {
    if (status >= 500 && status !== 503) this.faults.push(`${status} ${body.slice(0, 200)}`);
    if (location.startsWith('/sign-in') || location.startsWith('/confirm')) {
      this.#client.cookies.delete('session');
      this.known = { ...this.known, session: null };
    }
    await pause(50);
  }
}
