import { localeOf } from '../accounts/account.ts';
import { listAdministrators } from '../accounts/store.ts';
import type { Tx } from '../database/open.ts';
import { letter } from '../delivery/letter.ts';
import type { Deps } from '../deps.ts';
import { noticeWords } from './words.ts';

/** What whoever runs the house should know, though nobody's account changed. */
export type HouseNews = {
  /** No further text message goes out today. */
  readonly kind: 'text_cap';
  readonly cap: number;
};

/** One mail to each administrator, each in their language. */
export async function tellAdministrators(
  tx: Tx,
  { config, outbox }: Pick<Deps, 'config' | 'outbox'>,
  news: HouseNews,
): Promise<void> {
  for (const account of await listAdministrators(tx)) {
    const locale = localeOf(account) ?? 'en';
    const { subject, body } = noticeWords[locale].houseNews[news.kind];
    const mail = letter(config, {
      locale,
      subject,
      name: account.name,
      paragraphs: body(news.cap, config.brand),
    });
    await outbox.enqueue(tx, {
      channel: 'mail',
      kind: `news/${news.kind}`,
      accountId: account.id,
      message: { to: { name: account.name, address: account.email }, ...mail },
    });
  }
}
