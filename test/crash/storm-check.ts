import { verify } from '@node-rs/argon2';
import { sql } from 'kysely';
import { hotp, stepAt } from '../../src/factors/totp/rules.ts';
import { fromBase32, tokenHash } from '../../src/kit/encoding.ts';
import type { House } from '../kit/house.ts';
import { HttpClient } from '../kit/http-client.ts';
import type { Known, StormClient } from './storm-client.ts';

/** 'ok', or what SQLite finds wrong with its file. PostgreSQL was not killed. */
export async function integrity({ app }: House): Promise<string> {
  if (app.database.engine !== 'sqlite') return 'ok';
  const { rows } = await sql<Record<string, string>>`pragma integrity_check`.execute(app.database.db);
  return rows.map((row) => Object.values(row).join()).join('; ');
}

/**
 * What is there of somebody must be what was acknowledged, or that with the one thing that was under way: nothing else,
 * and nothing half. The client then knows which.
 */
export async function compare(house: House, client: StormClient): Promise<string[]> {
  const sure = client.known;
  const maybe = client.flight === null ? null : { ...sure, ...client.flight };
  const wrong = await differences(house, client, sure);
  if (wrong.length === 0) {
    // A session that nobody was told of is none of the client's.
    client.settle(sure);
    return [];
  }
  if (maybe !== null) {
    // Its cookie was on the way, and the old one may be dead.
    const there = await differences(house, client, { ...maybe, session: null });
    if (there.length === 0) {
      client.settle({ ...maybe, session: null });
      return [];
    }
  }
  return wrong.map((one) => `${client.email}: ${one}; under way: ${JSON.stringify(client.flight)}`);
}

async function differences({ app }: House, { id }: StormClient, known: Known): Promise<string[]> {
  const { db } = app.database;
  const account = await db.selectFrom('account').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
  const factors = await db.selectFrom('factor').selectAll().where('account_id', '=', id).execute();
  const codes = await db.selectFrom('recovery_code').selectAll().where('account_id', '=', id).execute();
  const unused = codes.filter(({ used_at }) => used_at === null).length;
  const found: string[] = [];
  if (account.name !== known.name) found.push(`the name is ${account.name}, not ${known.name}`);
  if (!(await verify(account.password_hash as string, known.password))) found.push('another password');
  const on = known.secret !== null;
  if ((account.two_factor_at !== null) !== on) found.push(`2FA is ${on ? 'off' : 'on'}`);
  if (factors.length !== (on ? 1 : 0)) found.push(`${factors.length} factors`);
  if (on && (factors[0]?.counter ?? 0) < known.usedStep)
    found.push('a code that was used could be used again');
  if (unused !== known.codes.length) found.push(`${unused} recovery codes, not ${known.codes.length}`);
  if (codes.length !== (on ? 10 : 0)) found.push(`${codes.length} rows of recovery codes`);
  if (known.session !== null) {
    const hash = tokenHash(known.session);
    const session = await db.selectFrom('session').select('id').where('token_hash', '=', hash).execute();
    if (session.length === 0) found.push('a session that was given is gone');
  }
  return found;
}

/** What was spent before the crash is typed once more. -> how much of it, and what was let in by it */
export async function tryAgain(
  url: string,
  { email, known }: StormClient,
): Promise<{ tried: number; found: string[] }> {
  const found: string[] = [];
  let tried = 0;
  const { password, secret, usedStep, spentCode } = known;
  if (secret === null) return { tried, found };
  const half = async () => {
    const client = new HttpClient(url);
    await client.post('/sign-in', { email, password });
    return client;
  };
  if (usedStep >= stepAt(Date.now()) - 1) {
    const code = hotp(fromBase32(secret) as Buffer, usedStep);
    const { location } = await (await half()).post('/sign-in/factor/totp', { code });
    if (location === '/') found.push(`${email}: a code was taken twice`);
    tried++;
  }
  if (spentCode !== null) {
    const reply = await (await half()).post('/sign-in/factor/recovery-code', { code: spentCode });
    if (reply.location === '/') found.push(`${email}: a recovery code was taken twice`);
    tried++;
  }
  return { tried, found };
}
