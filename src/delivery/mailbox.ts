import { sql } from 'kysely';
import type { Tx } from '../database/open.ts';
import type { Deps } from '../deps.ts';
import type { MailMessage, TextMessage } from './message.ts';
import type { Delivery, MailSender, TextSender } from './sender.ts';

/** One mail or text message as `/mailbox` shows it. A text message has neither subject nor markup. */
export interface MailboxEntry {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly channel: 'mail' | 'sms';
}

type MailboxDeps = Pick<Deps, 'database' | 'clock' | 'seal'>;
type Contents = Omit<MailboxEntry, 'at' | 'channel'>;

const KEPT = 500;

/** Local mode: what would go out is kept here and shown on `/mailbox`, sealed like everything that holds a link (A27). */
export function createMailbox(deps: MailboxDeps): { mail: MailSender; sms: TextSender } {
  function keep(channel: MailboxEntry['channel'], contents: Contents, { id }: Delivery): Promise<void> {
    const at = deps.clock.now();
    const sealed = deps.seal.seal('mailbox', id, JSON.stringify(contents));
    return deps.database.transaction(async (tx) => {
      // A second try of the same parcel changes nothing.
      await tx
        .insertInto('mailbox')
        .values({ id, at, channel, sealed })
        .onConflict((conflict) => conflict.column('id').doNothing())
        .execute();
      await forgetOldest(tx);
    });
  }
  return {
    mail: {
      send: ({ to, subject, text, html }: MailMessage, delivery) =>
        keep('mail', { to: to.address, subject, text, html }, delivery),
    },
    sms: {
      send: ({ to, text }: TextMessage, delivery) =>
        keep('sms', { to, subject: '', text, html: '' }, delivery),
    },
  };
}

async function forgetOldest(tx: Tx): Promise<void> {
  const kept = tx.selectFrom('mailbox').select('id').orderBy('at', 'desc').orderBy('id', 'desc').limit(KEPT);
  await tx.deleteFrom('mailbox').where(sql<boolean>`id not in (${kept})`).execute();
}

/** Local mode keeps what was sent; nothing of it is left for who has gone, but for what is still to come. */
export async function forgetMailsTo(
  { database, seal }: Pick<MailboxDeps, 'database' | 'seal'>,
  addresses: readonly string[],
): Promise<void> {
  const rows = await database.db.selectFrom('mailbox').select(['id', 'sealed']).execute();
  const ids = rows
    .filter(({ id, sealed }) =>
      addresses.includes((JSON.parse(seal.open('mailbox', id, sealed)) as Contents).to),
    )
    .map(({ id }) => id);
  if (ids.length === 0) return;
  await database.transaction((tx) => tx.deleteFrom('mailbox').where('id', 'in', ids).execute());
}

/** Newest first; what was sent in the same millisecond stands in the order of sending. */
export async function listMailbox({
  database,
  seal,
}: Pick<MailboxDeps, 'database' | 'seal'>): Promise<MailboxEntry[]> {
  const rows = await database.db
    .selectFrom('mailbox')
    .selectAll()
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(KEPT)
    .execute();
  return rows.map(({ id, at, channel, sealed }) => {
    const contents = JSON.parse(seal.open('mailbox', id, sealed)) as Contents;
    return { ...contents, at, channel };
  });
}
