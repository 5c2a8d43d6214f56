import type { Config } from '../config.ts';
import type { Db } from '../database/open.ts';
import { factorCare } from '../factors/all.ts';
import type { FactorRow } from '../factors/factor.ts';
import { counted } from '../kit/counted.ts';
import type { Seal } from '../kit/seal.ts';
import { Sick } from './check.ts';

/** So many people are named; the operator can find the others by their own asking. */
const NAMED = 5;

/**
 * A security key is bound to the host name of BASE_URL for good: under another name it is dead, and its person needs
 * another way in. @throws {Sick}
 */
export async function lookAtKeys(db: Db, seal: Seal, config: Config): Promise<string> {
  const bound = new Map(factorCare().flatMap(({ kind, boundTo }) => (boundTo ? [[kind, boundTo]] : [])));
  const rows = await db
    .selectFrom('factor')
    .innerJoin('account', 'account.id', 'factor.account_id')
    .selectAll('factor')
    .select('account.email')
    .where('factor.kind', 'in', [...bound.keys()])
    .orderBy('account.email')
    .execute();
  const keys = rows.map((row) => ({
    email: row.email,
    host: bound.get(row.kind)?.({ seal }, row as FactorRow),
  }));
  const host = new URL(config.baseUrl).hostname;
  const dead = keys.filter((key) => key.host !== host);
  if (dead.length === 0) return `${keys.length} in all, none bound to another name than ${host}`;
  const people = [...new Set(dead.map(({ email }) => email))];
  const names = [...new Set(dead.map((key) => key.host))].join(', ');
  const more = people.length > NAMED ? ` and ${people.length - NAMED} more` : '';
  throw new Sick(
    `${dead.length} of ${keys.length} are bound to ${names} and do not work at ${config.baseUrl}: ` +
      `${counted(people.length, 'person', 'people')}, ${people.slice(0, NAMED).join(', ')}${more}. ` +
      'They need their old BASE_URL back, or another way to sign in and a new key',
  );
}
