import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openOffice } from '../cli/operator.ts';
import type { Browser, Page } from '../kit/browser.ts';
import type { EngineName, House } from '../kit/house.ts';
import { appCode, enterPassword, PASSWORD } from '../kit/people.ts';

export interface Report {
  readonly ok: boolean;
  readonly dry_run: boolean;
  readonly accounts: number;
  readonly with_two_factor: number;
  readonly groups: readonly string[];
  readonly not_kept: readonly { place: string; email: string; what: string }[];
  readonly problems: readonly { place: string; problem: string }[];
  readonly [name: string]: unknown;
}

export interface Imported {
  readonly code: number;
  readonly report: Report;
  readonly stderr: string;
}

/** A running server, and the operator beside it who brings accounts over. */
export async function openImports(engine: EngineName) {
  const office = await openOffice({ engine });
  const { house, run } = office;
  let files = 0;

  function write(content: string | Buffer): string {
    const path = join(house.app.deps.config.dataDir, `import-${++files}`);
    writeFileSync(path, content);
    return path;
  }

  /** `content`: what stands in the file; objects as JSON. */
  async function bring(from: string, content: unknown, ...options: string[]): Promise<Imported> {
    const text = typeof content === 'string' || Buffer.isBuffer(content) ? content : JSON.stringify(content);
    const done = await run('import', write(text), '--from', from, '--json', ...options);
    return {
      code: done.code,
      report: done.stdout === '' ? (null as never) : done.json<Report>(),
      stderr: done.stderr,
    };
  }

  return { ...office, write, bring };
}

export type Imports = Awaited<ReturnType<typeof openImports>>;

/** The password step of somebody who came from elsewhere. */
export function knock(house: House, email: string): { browser: Browser; answer: Promise<Page> } {
  const browser = house.browser();
  return { browser, answer: enterPassword(browser, { id: '', email, password: PASSWORD }) };
}

/** Where the password leads: `/` or `/sign-in/factor`; the status where it is refused. */
export async function reaches(house: House, email: string): Promise<string | number> {
  const page = await knock(house, email).answer;
  return page.location || page.status;
}

export async function hashOf(house: House, email: string): Promise<string | null> {
  const query = house.app.database.db
    .selectFrom('account')
    .select('password_hash')
    .where('email', '=', email);
  return (await query.executeTakeFirstOrThrow()).password_hash;
}

/** Password, then the code that the old app shows now. -> the answer to the second step */
export async function signInWithApp(
  house: House,
  email: string,
  secret: string,
): Promise<Page & { browser: Browser }> {
  const { browser, answer } = knock(house, email);
  await answer;
  return { ...(await browser.post('/sign-in/factor/totp', { code: appCode(house, secret) })), browser };
}

export async function countAll(house: House): Promise<Record<string, number>> {
  const { db } = house.app.database;
  const counts: Record<string, number> = {};
  for (const table of [
    'account',
    'email_address',
    'factor',
    'people_group',
    'audit_event',
    'outbox',
    'import_row',
    'import_factor',
    'import_member',
    'import_run',
  ] as const) {
    const row = await db
      .selectFrom(table)
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow();
    counts[table] = Number(row.count);
  }
  return counts;
}
