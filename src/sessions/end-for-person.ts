import { lockAccount } from '../accounts/store.ts';
import type { By } from '../audit/by.ts';
import { record } from '../audit/record.ts';
import type { Tx } from '../database/open.ts';
import type { Deps } from '../deps.ts';
import { Refusal } from '../kit/refusal.ts';
import { endSession, endSessions } from './store.ts';

/** Ends one session of somebody else, at once and everywhere (R50, R53). @throws {Refusal} not_found */
export async function endSessionOf(
  tx: Tx,
  deps: Deps,
  { place, actor }: By,
  { id, sessionId }: { id: string; sessionId: string },
): Promise<void> {
  const account = await lockAccount(tx, id);
  if (!account || !(await endSession(tx, deps.outbox, account.id, sessionId))) throw new Refusal('not_found');
  await record(tx, place, { event: 'session.ended', subject: account, actor, detail: { count: 1 } });
}

/** Every session of somebody else and every half-finished sign-in. -> how many sessions. @throws {Refusal} not_found */
export async function endSessionsOf(tx: Tx, deps: Deps, { place, actor }: By, id: string): Promise<number> {
  const account = await lockAccount(tx, id);
  if (!account) throw new Refusal('not_found');
  const count = await endSessions(tx, deps.outbox, account.id, null);
  await record(tx, place, { event: 'session.ended', subject: account, actor, detail: { count } });
  return count;
}
