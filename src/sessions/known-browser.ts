import type { Db, Tx } from '../database/open.ts';
import { prepared } from '../database/prepared.ts';
import { tokenHash } from '../kit/encoding.ts';
import type { Visit } from '../web/visit.ts';

const since = prepared<{ tokenHash: string; accountId: string }>()((db, { tokenHash, accountId }) =>
  db
    .selectFrom('known_browser')
    .select('created_at')
    .where('token_hash', '=', tokenHash)
    .where('account_id', '=', accountId),
);

/**
 * Since when this browser has signed this account in, so that it has a password budget of its own (R59); null: it never
 * has. A new token keeps it, or every new token would be a new budget.
 */
async function knownSince(db: Db, tokenHash: string, accountId: string): Promise<number | null> {
  const [row] = await since(db, { tokenHash, accountId });
  return row?.created_at ?? null;
}

/** The same for the browser that asks. */
export async function knownHere(db: Db, { cookies }: Visit, accountId: string): Promise<number | null> {
  const token = cookies['browser'];
  return token ? knownSince(db, tokenHash(token), accountId) : null;
}

/** So many people share one browser at most; who used it longest ago is a stranger to it again. */
const MOST_SHARING = 20;

/**
 * Whoever was known under the old token is known under the new one too; under the old one as well, since this answer may
 * be lost. What grew out of the old one before goes: sent again and again, it makes no more rows.
 */
export async function copyKnownBrowser(tx: Tx, from: string, to: string): Promise<void> {
  const rows = await tx
    .selectFrom('known_browser')
    .selectAll()
    .where('token_hash', '=', from)
    .orderBy('last_used_at', 'desc')
    .limit(MOST_SHARING)
    .execute();
  for (const row of rows) {
    await tx
      .deleteFrom('known_browser')
      .where('account_id', '=', row.account_id)
      .where('created_at', '=', row.created_at)
      .where('token_hash', '!=', from)
      .execute();
    await tx
      .insertInto('known_browser')
      .values({ ...row, token_hash: to })
      .execute();
  }
}

const rememberBrowserRow = prepared<{
  hash: string;
  accountId: string;
  browser: string;
  network: string;
  now: number;
}>()((db, p) =>
  db
    .insertInto('known_browser')
    .values({
      token_hash: p.hash,
      account_id: p.accountId,
      browser: p.browser,
      network: p.network,
      created_at: p.now,
      last_used_at: p.now,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['token_hash', 'account_id'])
        .doUpdateSet({ last_used_at: p.now, network: p.network, browser: p.browser }),
    ),
);

export async function rememberBrowser(
  tx: Tx,
  values: { hash: string; accountId: string; browser: string; network: string; now: number },
): Promise<void> {
  await rememberBrowserRow.count(tx, values);
}
