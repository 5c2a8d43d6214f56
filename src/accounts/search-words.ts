import type { Db, Tx } from '../database/open.ts';
import { searchWords } from '../kit/search-words.ts';
import type { Account } from './account.ts';

type Named = Pick<Account, 'id' | 'name' | 'email'>;

/** By whose beginnings a person is found: those of the name and of what stands before the @. */
export function wordsOf({ name, email }: Pick<Named, 'name' | 'email'>): string[] {
  return searchWords(`${name} ${email.slice(0, email.lastIndexOf('@'))}`);
}

/**
 * In the transaction that makes the accounts. Of who came by an import and has changed their name before it was tidied up, some
 * stand there already.
 */
export async function insertWords(tx: Tx, ...accounts: readonly Named[]): Promise<void> {
  const rows = accounts.flatMap((account) =>
    wordsOf(account).map((word) => ({ word, account_id: account.id })),
  );
  if (rows.length === 0) return;
  const insert = tx.insertInto('account_word').values(rows);
  await insert.onConflict((conflict) => conflict.doNothing()).execute();
}

/** In the transaction that changes the name or the address, after it. */
export async function renewWords(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('account_word').where('account_id', '=', id).execute();
  const query = tx.selectFrom('account').select(['id', 'name', 'email']).where('id', '=', id);
  const account = await query.executeTakeFirst();
  if (account) await insertWords(tx, account);
}

export interface WordPlace {
  readonly word: string;
  readonly accountId: string;
}

/** How many words begin so; counted no further than to `most`. */
export async function countByWord(db: Db, prefix: string, most: number): Promise<number> {
  const some = db
    .selectFrom('account_word')
    .select('account_id')
    .where('word', '>=', prefix)
    .where('word', '<', `${prefix}\u{10ffff}`)
    .limit(most);
  const { count } = await db
    .selectFrom(some.as('some'))
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** Who has a word that begins so, by those words; somebody with two of them stands there twice. */
export async function listByWord(
  db: Db,
  prefix: string,
  after: WordPlace | null,
  count: number,
): Promise<WordPlace[]> {
  let query = db
    .selectFrom('account_word')
    .select(['word', 'account_id as accountId'])
    .where('word', '>=', prefix)
    .where('word', '<', `${prefix}\u{10ffff}`);
  if (after) {
    const { word, accountId } = after;
    query = query.where((eb) => eb(eb.refTuple('word', 'account_id'), '>', eb.tuple(word, accountId)));
  }
  return query.orderBy('word').orderBy('account_id').limit(count).execute();
}
