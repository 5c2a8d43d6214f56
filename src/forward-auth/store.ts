import { sql } from 'kysely';
import { letsIn } from '../clients/store.ts';
import type { Database, Db, Tx } from '../database/open.ts';
import { isPostgres, prepared } from '../database/prepared.ts';
import type { ForwardAuthTicketTable } from '../database/tables/forward-auth.ts';
import { whileUnchanged } from '../database/while-unchanged.ts';
import { earliestDemand } from '../policy/demand.ts';
import type { Acr } from '../sessions/session.ts';
import { lockSession } from '../sessions/store.ts';

/** Everything that a check looks at, as it is on this very request. */
export interface Presence {
  readonly client_name: string;
  /** What the app demands by its own settings, and the instant from which a rule demands a second factor for it. */
  readonly demand: Acr;
  readonly demand_from_at: number | null;
  readonly session_id: string;
  readonly acr: Acr;
  readonly network: string;
  readonly last_used_at: number;
  readonly expires_at: number;
  readonly account_id: string;
  readonly email: string;
  readonly name: string;
  readonly suspended_at: number | null;
  readonly two_factor_at: number | null;
  /** In one of the app's groups, or it names none. */
  readonly entitled: boolean;
  /** From when on a rule demands a second factor of this person; null where none does, or will. */
  readonly ruled_from: number | null;
  /** Names of the person's groups in their order, with commas between them: no group's name holds one. */
  readonly groups: string;
}

const presence = prepared<{ tokenHash: string; origin: string }>()((db, { tokenHash, origin }) =>
  db
    .selectFrom('forward_auth_session as here')
    .innerJoin('session', 'session.id', 'here.session_id')
    .innerJoin('account', 'account.id', 'session.account_id')
    .innerJoin('client', 'client.id', 'here.client_id')
    .where('here.token_hash', '=', tokenHash)
    .where('client.origin', '=', origin)
    .select(['client.name as client_name', 'client.acr as demand'])
    .select('client.two_factor_from_at as demand_from_at')
    .select(['session.id as session_id', 'session.acr', 'session.network'])
    .select(['session.last_used_at', 'session.expires_at', 'account.id as account_id'])
    .select(['account.email', 'account.name', 'account.suspended_at', 'account.two_factor_at'])
    .select((eb) => [
      letsIn(sql.ref('account.id')).as('entitled'),
      earliestDemand(sql.ref('account.id')).as('ruled_from'),
      eb
        .selectFrom('group_member')
        .innerJoin('people_group', 'people_group.id', 'group_member.group_id')
        .whereRef('group_member.account_id', '=', 'account.id')
        .where('people_group.removed_at', 'is', null)
        .select(namesInOrder(isPostgres(db)).as('names'))
        .as('groups'),
    ]),
);

function namesInOrder(postgres: boolean) {
  const names = sql<string | null>`(people_group.name, ',' order by people_group.name_key)`;
  return postgres ? sql<string | null>`string_agg${names}` : sql<string | null>`group_concat${names}`;
}

/** How many are remembered at most: a kilobyte each. */
const MOST_REMEMBERED = 10_000;

/**
 * One select for all that a check asks: proxies ask on every request of every page, picture and script. What it gave is
 * good until somebody commits something, which is asked each time.
 */
export function presenceFinder(database: Database) {
  const remembered = whileUnchanged<Presence | null>(database, MOST_REMEMBERED);
  return (tokenHash: string, origin: string): Promise<Presence | null> =>
    remembered(`${tokenHash} ${origin}`, () => findPresence(database.db, tokenHash, origin));
}

async function findPresence(db: Db, tokenHash: string, origin: string): Promise<Presence | null> {
  const [row] = await presence(db, { tokenHash, origin });
  if (!row) return null;
  // SQLite answers 1 and 0.
  return { ...row, entitled: Boolean(row.entitled), groups: row.groups ?? '' };
}

/** The same browser again, at the same host: the former token dies. */
export async function putPresence(
  tx: Tx,
  {
    tokenHash,
    sessionId,
    clientId,
    now,
  }: Record<'tokenHash' | 'sessionId' | 'clientId', string> & { now: number },
): Promise<void> {
  await tx
    .deleteFrom('forward_auth_session')
    .where('session_id', '=', sessionId)
    .where('client_id', '=', clientId)
    .execute();
  await tx
    .insertInto('forward_auth_session')
    .values({
      token_hash: tokenHash,
      session_id: sessionId,
      client_id: clientId,
      created_at: now,
      last_used_at: now,
    })
    .execute();
}

export async function touchPresence(tx: Tx, tokenHash: string, now: number): Promise<void> {
  await tx
    .updateTable('forward_auth_session')
    .set({ last_used_at: now })
    .where('token_hash', '=', tokenHash)
    .execute();
}

/** -> false where there was none. */
export async function deletePresence(tx: Tx, tokenHash: string): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('forward_auth_session')
    .where('token_hash', '=', tokenHash)
    .executeTakeFirst();
  return numDeletedRows === 1n;
}

export async function insertTicket(tx: Tx, ticket: ForwardAuthTicketTable): Promise<void> {
  await tx.insertInto('forward_auth_ticket').values(ticket).execute();
}

/** One winner; whoever comes second or late finds nothing. The session stays until this transaction ends. */
export async function claimTicket(
  tx: Tx,
  ticketHash: string,
  now: number,
): Promise<(ForwardAuthTicketTable & { pseudonym: string }) | null> {
  const ticket = await tx
    .selectFrom('forward_auth_ticket')
    .innerJoin('session', 'session.id', 'forward_auth_ticket.session_id')
    .innerJoin('account', 'account.id', 'session.account_id')
    .selectAll('forward_auth_ticket')
    .select('account.pseudonym')
    .where('ticket_hash', '=', ticketHash)
    .where('forward_auth_ticket.expires_at', '>', now)
    .executeTakeFirst();
  // The session before what hangs on it, as whoever ends it does: the order of locks.
  if (!ticket || !(await lockSession(tx, ticket.session_id))) return null;
  const { numDeletedRows } = await tx
    .deleteFrom('forward_auth_ticket')
    .where('ticket_hash', '=', ticketHash)
    .executeTakeFirst();
  return numDeletedRows === 1n ? ticket : null;
}
