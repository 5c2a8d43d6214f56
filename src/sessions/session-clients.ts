import type { Tx } from '../database/open.ts';
import { prepared } from '../database/prepared.ts';
import type { Outbox } from '../delivery/outbox.ts';

/** The work of telling an app that a session has ended; done by whoever speaks its protocol. */
export const TELL_CLIENT = 'session-ended';

/** What queues it: inside the transaction that ends the session (R67). */
export type Telling = Pick<Outbox, 'enqueue'>;

const insert = prepared<{ session_id: string; client_id: string; sid: string; created_at: number }>()(
  (db, row) =>
    db
      .insertInto('session_client')
      .values({
        session_id: row.session_id,
        client_id: row.client_id,
        sid: row.sid,
        created_at: row.created_at,
      })
      .onConflict((conflict) => conflict.columns(['session_id', 'client_id']).doNothing()),
);

/** `sid`: what the app knows this session as. True for the first time. */
export async function noteClient(
  tx: Tx,
  { sessionId, clientId, sid, now }: { sessionId: string; clientId: string; sid: string; now: number },
): Promise<boolean> {
  const row = { session_id: sessionId, client_id: clientId, sid, created_at: now };
  return (await insert.count(tx, row)) === 1;
}

interface Ending {
  readonly client_id: string;
  readonly account_id: string;
  readonly sid: string;
}

const ofSession = prepared<{ id: string }>()((db, { id }) => endings(db).where('session.id', '=', id));
const ofToken = prepared<{ hash: string }>()((db, { hash }) =>
  endings(db).where('session.token_hash', '=', hash),
);
const ofAccount = prepared<{ accountId: string; exceptId: string }>()((db, { accountId, exceptId }) =>
  endings(db).where('session.account_id', '=', accountId).where('session.id', '!=', exceptId),
);

/** Apps that want to be told, of sessions that are about to end. */
function endings(db: Pick<Tx, 'selectFrom'>) {
  return db
    .selectFrom('session_client')
    .innerJoin('session', 'session.id', 'session_client.session_id')
    .innerJoin('client', 'client.id', 'session_client.client_id')
    .select(['session_client.client_id', 'session.account_id', 'session_client.sid'])
    .where('client.backchannel_logout_uri', 'is not', null);
}

/** Before the session's row goes. */
export async function tellClientsOf(tx: Tx, outbox: Telling, sessionId: string): Promise<void> {
  await tellAll(tx, outbox, await ofSession(tx, { id: sessionId }));
}

export async function tellClientsOfToken(tx: Tx, outbox: Telling, tokenHash: string): Promise<void> {
  await tellAll(tx, outbox, await ofToken(tx, { hash: tokenHash }));
}

/** Every session of an account but one (null: all). */
export async function tellClientsOfAccount(
  tx: Tx,
  outbox: Telling,
  accountId: string,
  exceptId: string | null,
): Promise<void> {
  await tellAll(tx, outbox, await ofAccount(tx, { accountId, exceptId: exceptId ?? '' }));
}

/** One app, of every session of somebody who wants no more of it. */
export async function tellClientOf(
  tx: Tx,
  outbox: Telling,
  accountId: string,
  clientId: string,
): Promise<void> {
  const query = endings(tx)
    .where('session.account_id', '=', accountId)
    .where('session_client.client_id', '=', clientId);
  await tellAll(tx, outbox, await query.execute());
  const sessions = tx.selectFrom('session').select('id').where('account_id', '=', accountId);
  await tx
    .deleteFrom('session_client')
    .where('client_id', '=', clientId)
    .where('session_id', 'in', sessions)
    .execute();
}

/** Sessions that ran out: nobody ended them, so upkeep tells of them. */
export async function tellClientsOfEach(
  tx: Tx,
  outbox: Telling,
  sessionIds: readonly string[],
): Promise<void> {
  await tellAll(tx, outbox, await endings(tx).where('session.id', 'in', sessionIds).execute());
}

async function tellAll(tx: Tx, outbox: Telling, all: readonly Ending[]): Promise<void> {
  for (const { client_id, account_id, sid } of all) {
    await outbox.enqueue(tx, {
      channel: 'task',
      kind: TELL_CLIENT,
      accountId: null,
      message: { name: TELL_CLIENT, data: { client: client_id, account: account_id, sid } },
    });
  }
}
