import { type Account, localeOf } from '../accounts/account.ts';
import type { Tx } from '../database/open.ts';
import { type LetterLink, letter } from '../delivery/letter.ts';
import type { Deps } from '../deps.ts';
import { formatDuration } from '../words/dates.ts';
import type { Locale } from '../words/locale.ts';
import { noticeWords } from './words.ts';

type Recipient = Pick<Account, 'id' | 'email' | 'name' | 'locale'>;

/** The letters that carry a link somebody asked for. `lifetime` in milliseconds. */
export type LetterRequest =
  /** An administrator or the operator made the account. */
  | {
      readonly kind: 'invitation';
      readonly account: Recipient;
      readonly token: string;
      readonly lifetime: number;
    }
  /** Somebody signed up. Who, and whether it was the owner of the address, nobody knows yet. */
  | {
      readonly kind: 'sign_up_invitation';
      readonly address: string;
      readonly locale: Locale;
      readonly token: string;
      readonly lifetime: number;
    }
  /** Somebody signed up with an address that has an account (R55: the page said the same as for a new one). */
  | { readonly kind: 'sign_up_existing'; readonly account: Recipient }
  | {
      /** Asked for by the person, or started by an administrator. */
      readonly kind: 'reset_link' | 'admin_reset_link';
      readonly account: Recipient;
      readonly token: string;
    }
  /** To the new address, which is not proven yet. */
  | {
      readonly kind: 'email_change_link';
      readonly account: Recipient;
      readonly address: string;
      readonly token: string;
      readonly lifetime: number;
    }
  | { readonly kind: 'enrol_link'; readonly account: Recipient; readonly token: string };

/** Queues a letter in the transaction that made its link. */
export async function queueLetter(
  tx: Tx,
  { config, outbox }: Pick<Deps, 'config' | 'outbox'>,
  request: LetterRequest,
): Promise<void> {
  const locale = 'locale' in request ? request.locale : (localeOf(request.account) ?? 'en');
  const words = noticeWords[locale].letters[request.kind];
  const { path, lifetime } = destination(request, config.lifetimes);
  const name = nameFor(request);
  const action: LetterLink = {
    lead: words.lead(formatDuration(lifetime, locale)),
    label: words.label,
    url: config.baseUrl + path,
  };
  const mail = letter(config, {
    locale,
    subject: words.subject(config.brand),
    name,
    paragraphs: words.body(config.brand),
    action,
    links: 'forgotten' in words ? [{ ...words.forgotten, url: `${config.baseUrl}/forgot-password` }] : [],
  });
  await outbox.enqueue(tx, {
    channel: 'mail',
    kind: `letter/${request.kind}`,
    accountId: 'account' in request ? request.account.id : null,
    message: {
      to: { name, address: 'address' in request ? request.address : request.account.email },
      ...mail,
    },
  });
}

function destination(
  request: LetterRequest,
  { resetMax }: Deps['config']['lifetimes'],
): { path: string; lifetime: number } {
  switch (request.kind) {
    case 'invitation':
    case 'sign_up_invitation':
      return { path: `/invitation?token=${request.token}`, lifetime: request.lifetime };
    case 'sign_up_existing':
      return { path: '/sign-in', lifetime: 0 };
    case 'reset_link':
    case 'admin_reset_link':
      return { path: `/reset-password?token=${request.token}`, lifetime: resetMax };
    case 'email_change_link':
      return { path: `/email-change?token=${request.token}`, lifetime: request.lifetime };
    case 'enrol_link':
      return { path: `/enrol?token=${request.token}`, lifetime: resetMax };
  }
}

/**
 * Anybody can have a letter sent to any address by signing up or changing theirs, so that letter carries no word of
 * theirs, not even a name: it would be a stranger's advertisement with our sender.
 */
function nameFor(request: LetterRequest): string {
  return request.kind === 'sign_up_invitation' || request.kind === 'email_change_link'
    ? ''
    : request.account.name;
}
