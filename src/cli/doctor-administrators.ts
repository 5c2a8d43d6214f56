import { listAdministrators } from '../accounts/store.ts';
import type { Db } from '../database/open.ts';

/** No illness, but what an operator wants to know before the day on which it matters. */
export async function lookAtAdministrators(db: Db): Promise<string> {
  const all = await listAdministrators(db);
  const open = all.filter(({ two_factor_at }) => two_factor_at === null).length;
  const unprotected = open === 0 ? '' : `; ${open} without a second factor, asked for at the next sign-in`;
  if (all.length === 0) return 'none yet: `setup-link` prints a link for the first one';
  if (all.length === 1)
    return `one${unprotected}: make a second, who can countersign when somebody has lost everything`;
  return `${all.length}${unprotected}`;
}
