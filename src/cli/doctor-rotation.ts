import type { Db } from '../database/open.ts';
import { waitingToBeResealed } from '../keys/key-use.ts';
import { HOUR } from '../kit/clock.ts';
import type { Seal } from '../kit/seal.ts';
import { Sick } from './check.ts';

/** A running server is through with it in minutes. */
const PATIENCE = HOUR;

/** Whether what was sealed with older keys has been sealed anew (R80). Of a single key there is nothing to count. */
export async function lookAtRotation(db: Db, seal: Seal, now: number): Promise<string> {
  if (seal.keyIds.length === 1) return 'one key, and everything is sealed with it';
  const { count, since } = await waitingToBeResealed(db, seal.activeKey);
  if (count === 0)
    return `everything is sealed with "${seal.activeKey}"; \`keys list\` says which keys may be retired`;
  const words = `secrets still sealed with an older key than "${seal.activeKey}": ${count}`;
  if (since !== null && now < since + PATIENCE) return `${words}; the running server re-seals them`;
  throw new Sick(
    `${words}: the rotation is not finished; start the server, and look for "secrets that do not open" in its log`,
  );
}
