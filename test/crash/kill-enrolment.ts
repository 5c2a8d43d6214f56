import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { hotp, stepAt } from '../../src/factors/totp/rules.ts';
import { fromBase32 } from '../../src/kit/encoding.ts';
import { HttpClient } from '../kit/http-client.ts';
import { readEnrolment } from '../kit/people.ts';
import type { ServerProcess } from '../kit/server-process.ts';

/** What a member does from the password to "on", each step by raw HTTP. Fails when the server dies. */
async function enrol(
  client: HttpClient,
  email: string,
  password: string,
): Promise<{ secret: string; codes: readonly string[] }> {
  await client.post('/sign-in', { email, password });
  const shown = readEnrolment((await client.get('/account/security/totp')).body);
  onShown(client, shown);
  await client.post('/account/security/totp', { code: codeNow(shown.secret) });
  return shown;
}

const seen = new WeakMap<HttpClient, { secret: string; codes: readonly string[] }>();
function onShown(client: HttpClient, shown: { secret: string; codes: readonly string[] }): void {
  seen.set(client, shown);
}

function codeNow(secret: string, steps = 0): string {
  return hotp(fromBase32(secret) as Buffer, stepAt(Date.now()) + steps);
}

export interface Outcome {
  readonly on: boolean;
  readonly problems: readonly string[];
  readonly server: ServerProcess;
}

/**
 * One kill at a random moment of an enrolment (A20). Afterwards 2FA is off without a factor, or on with a factor that
 * works, exactly the ten codes that were shown, all unused, an audit row and a queued mail.
 */
export async function killDuringEnrolment(
  server: ServerProcess,
  person: { email: string; password: string },
  delay: number | 'answered',
): Promise<Outcome> {
  const client = new HttpClient(server.url);
  const work = enrol(client, person.email, person.password).catch(() => null);
  await (delay === 'answered' ? work : sleep(delay));
  await server.kill();
  await work;
  const again = await server.restart();
  const state = readState(again.dataDir, person.email);
  const problems: string[] = [];
  if (state.integrity !== 'ok') problems.push(`integrity_check: ${state.integrity}`);
  if (!state.on) {
    if (state.factors !== 0 || state.codes !== 0)
      problems.push(`off, but ${state.factors} factors and ${state.codes} codes`);
    return { on: false, problems, server: again };
  }
  if (state.factors !== 1) problems.push(`on with ${state.factors} factors`);
  if (state.codes !== 10 || state.unused !== 10)
    problems.push(`on with ${state.unused}/${state.codes} codes`);
  if (state.events !== 1) problems.push(`${state.events} audit rows`);
  if (state.mails !== 1) problems.push(`${state.mails} mails`);
  const shown = seen.get(client);
  if (!shown) problems.push('on, but nothing was shown');
  else problems.push(...(await tryShown(again, person, shown)));
  return { on: true, problems, server: again };
}

/** The factor and the first code that were shown must work. */
async function tryShown(
  server: ServerProcess,
  person: { email: string; password: string },
  shown: { secret: string; codes: readonly string[] },
): Promise<string[]> {
  const problems: string[] = [];
  const byApp = new HttpClient(server.url);
  await byApp.post('/sign-in', person);
  // The enrolment's own code is spent; the next step's is within the window.
  const app = await byApp.post('/sign-in/factor/totp', { code: codeNow(shown.secret, 1) });
  if (app.status !== 303) problems.push(`the app's code answered ${app.status}`);
  const byCode = new HttpClient(server.url);
  await byCode.post('/sign-in', person);
  const code = await byCode.post('/sign-in/factor/recovery-code', { code: shown.codes[9] as string });
  if (code.status !== 303) problems.push(`a recovery code answered ${code.status}`);
  return problems;
}

function readState(dataDir: string, email: string) {
  const database = new DatabaseSync(`${dataDir}/countersign.db`, { readOnly: true });
  const one = (sql: string) => Number(Object.values(database.prepare(sql).get(email) as object)[0]);
  const account = '(select id from account where email = ?)';
  const state = {
    integrity: String(Object.values(database.prepare('pragma integrity_check').get() as object)[0]),
    on: one('select count(*) from account where email = ? and two_factor_at is not null') === 1,
    factors: one(`select count(*) from factor where account_id = ${account}`),
    codes: one(`select count(*) from recovery_code where account_id = ${account}`),
    unused: one(`select count(*) from recovery_code where used_at is null and account_id = ${account}`),
    events: one(
      `select count(*) from audit_event where event = 'two_factor.enabled' and subject = (select pseudonym from account where email = ?)`,
    ),
    mails: one(`select count(*) from outbox where kind = 'notice/two_factor_on' and account_id = ${account}`),
  };
  database.close();
  return state;
}
