import { tmpdir } from 'node:os';
import { insertAccount } from '../accounts/store.ts';
import { type App, createApp } from '../app.ts';
import type { Config } from '../config.ts';
import { insertFactor } from '../factors/store.ts';
import { systemClock } from '../kit/clock.ts';
import { toBase32, tokenHash } from '../kit/encoding.ts';
import { createLog } from '../kit/log.ts';
import { createPasswordHasher } from '../kit/password-hash.ts';
import { newId, systemRandom } from '../kit/random.ts';
import { findPending } from '../sessions/pending.ts';
import { clearGuesses } from '../throttle/guess-budget.ts';
import { readCookies } from '../web/cookies.ts';

/** A house of its own in memory, with one person who has an authenticator app; the real database is not opened. */
export interface Trial {
  readonly app: App;
  readonly person: { readonly email: string; readonly password: string; readonly factorId: string };
  /** What must never be shown to whoever proved only the password. */
  readonly secrets: readonly string[];
  /** A sign-in that stopped at the second step: the value of its cookie. A new one where the last was used up. */
  pending(): Promise<string>;
  close(): Promise<void>;
}

/** What a hash costs changes no answer, and there are a thousand calls. */
const CHEAP = { m: 64, t: 1, p: 1 };

export async function openTrial(config: Config): Promise<Trial> {
  const random = systemRandom;
  const key = random.bytes(32).toString('base64');
  const keys = JSON.stringify({ active: 'trial', keys: { trial: key } });
  const app = await createApp(
    // A folder that is there, so that none is made; nothing is put into it.
    {
      ...config,
      databaseUrl: 'sqlite::memory:',
      metrics: null,
      traces: null,
      keys,
      dataDir: tmpdir(),
    },
    createLog('silent'),
    { hasher: createPasswordHasher(CHEAP, random) },
  );
  const { deps } = app;
  const { db } = deps.database;
  const person = { email: 'pending-person@example.org', password: newId(random), factorId: newId(random) };
  const accountId = await addPerson(app, person);
  let current: string | null = null;

  async function signIn(): Promise<string> {
    const { headers } = await app.server.inject({
      method: 'POST',
      url: '/sign-in',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: new URLSearchParams({ email: person.email, password: person.password }).toString(),
    });
    const cookies = [headers['set-cookie'] ?? []].flat().map((line) => line.split(';')[0]);
    const token = readCookies(cookies.join('; '), config.secure).pending;
    if (!token) throw new Error('the password step of the trial gave no pending sign-in');
    return token;
  }

  return {
    app,
    person,
    secrets: [person.email, PERSON, APP],
    async pending() {
      await deps.database.transaction((tx) => clearGuesses(tx, accountId));
      const alive = current !== null && (await findPending(db, tokenHash(current), systemClock.now()));
      if (!alive || alive.attempts > 0) current = await signIn();
      return current as string;
    },
    close: () => app.close(),
  };
}

const PERSON = 'Penelope Pending';
const APP = 'Phone of Penelope';

async function addPerson({ deps }: App, { email, password, factorId }: Trial['person']): Promise<string> {
  const { random, seal, clock, hasher } = deps;
  const id = newId(random);
  const now = clock.now();
  const password_hash = await hasher.hash(password);
  await deps.database.transaction(async (tx) => {
    const account = {
      id,
      pseudonym: newId(random),
      email,
      name: PERSON,
      roles: '',
      created_at: now,
      password_hash,
    };
    await insertAccount(tx, account, email, now);
    await insertFactor(tx, {
      id: factorId,
      account_id: id,
      kind: 'totp',
      label: APP,
      sealed_data: seal.seal('totp', `${id}/${factorId}`, toBase32(random.bytes(20))),
      counter: 0,
      created_at: now,
    });
    await tx.updateTable('account').set({ two_factor_at: now }).where('id', '=', id).execute();
  });
  return id;
}
