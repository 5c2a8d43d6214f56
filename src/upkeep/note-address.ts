import { putMeta, readMeta } from '../database/meta.ts';
import type { Deps } from '../deps.ts';

const KEY = 'base-url';

/**
 * Says it once when the server has another address than at its last start: it may be a mistake, and what hangs on the old
 * one does not move with it.
 */
export async function noteAddress({
  config: { baseUrl },
  database,
  log,
}: Pick<Deps, 'config' | 'database' | 'log'>): Promise<void> {
  const before = await readMeta(database.db, KEY);
  if (before === baseUrl) return;
  await database.transaction((tx) => putMeta(tx, KEY, baseUrl));
  if (before === null) return;
  log.warn(
    { before, now: baseUrl },
    'BASE_URL is not what it was at the last start: security keys and passkeys work only at the host name for which they were added ' +
      '(doctor names whose), apps know their issuer by the old address, and links in mails sent before lead there',
  );
}
