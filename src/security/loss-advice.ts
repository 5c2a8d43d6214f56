import type { Db, Tx } from '../database/open.ts';
import type { Session } from '../sessions/session.ts';
import { noteAdvised } from '../sessions/store.ts';

/**
 * Whoever signed in with a recovery code has probably lost what they usually use: until they say that they haven't, or sign
 * in with something else, the Security page says what to do.
 */
export async function isAdviceDue(db: Db, { id, method }: Session): Promise<boolean> {
  if (method !== 'recovery-code') return false;
  const row = await db.selectFrom('session').select('advised_at').where('id', '=', id).executeTakeFirst();
  return row?.advised_at === null;
}

export async function putAwayAdvice(tx: Tx, { id }: Session, now: number): Promise<void> {
  await noteAdvised(tx, id, now);
}
