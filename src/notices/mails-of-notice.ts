import { type Account, localeOf } from '../accounts/account.ts';
import { makeLink } from '../accounts/link.ts';
import { listAddresses } from '../accounts/store.ts';
import type { Tx } from '../database/open.ts';
import type { LetterLink } from '../delivery/letter.ts';
import type { Deps } from '../deps.ts';
import { DAY } from '../kit/clock.ts';
import type { Notice } from './notice.ts';
import { noticeWords } from './words.ts';

const UNDO_EMAIL_LIFETIME = 7 * DAY;
const UNDO_REPLACE_LIFETIME = DAY;

/** One mail of a notice: to whom, and the links that this one alone holds. */
export interface NoticeMail {
  readonly address: string;
  readonly links: readonly LetterLink[];
}

/**
 * The primary address is told; after a change of address the old and the new one (R48); of a recovery every proven one
 * (R46). The links are made in this transaction.
 */
export async function mailsOf(
  tx: Tx,
  deps: Pick<Deps, 'config' | 'clock' | 'random'>,
  account: Account,
  notice: Notice,
): Promise<readonly NoticeMail[]> {
  const words = noticeWords[localeOf(account) ?? 'en'];
  const { baseUrl } = deps.config;
  const toMain = (...links: LetterLink[]): NoticeMail => ({ address: account.email, links });
  switch (notice.kind) {
    case 'email_changed': {
      const token = await makeLink(tx, deps, {
        purpose: 'undo-email',
        accountId: account.id,
        address: notice.from,
        data: { from: notice.from, to: notice.to },
        lifetime: UNDO_EMAIL_LIFETIME,
      });
      return [
        { address: notice.from, links: [{ ...words.undoEmail, url: `${baseUrl}/undo?token=${token}` }] },
        // Whoever holds the new address made the change: an undo there would serve a thief.
        { address: notice.to, links: [] },
      ];
    }
    case 'email_change_undone':
      return [notice.to, notice.from].map((address) => ({ address, links: [] }));
    case 'factor_replaced': {
      const token = await makeLink(tx, deps, {
        purpose: 'undo-replace',
        accountId: account.id,
        data: notice.undo,
        lifetime: UNDO_REPLACE_LIFETIME,
      });
      return [toMain({ ...words.undoReplace, url: `${baseUrl}/undo?token=${token}` })];
    }
    // The same link in each of the mails: there is one request, and one pass.
    case 'recovery_requested':
      return toProven(tx, account, {
        ...words.cancelRecovery,
        url: `${baseUrl}/recover/cancel?token=${notice.token}`,
      });
    case 'temporary_pass':
      return toProven(tx, account, {
        ...words.usePass,
        url: `${baseUrl}/temporary-pass?token=${notice.token}`,
      });
    case 'recovery_cancelled':
    case 'recovery_refused':
      return toProven(tx, account);
    case 'account_leaving':
      if (notice.token === null) return toProvenAndMain(tx, account);
      return toProvenAndMain(tx, account, {
        ...words.keepAccount,
        url: `${baseUrl}/undo?token=${notice.token}`,
      });
    case 'account_kept':
      return toProvenAndMain(tx, account);
    case 'access_granted':
      return [toMain({ ...words.removeAccess, url: `${baseUrl}/account/apps` })];
    case 'recovery_address_removed':
      // Told there too (R74): a thief may have removed the owner's way back.
      return [{ address: notice.address, links: [] }, toMain()];
    default:
      return [toMain()];
  }
}

async function toProven(tx: Tx, { id }: Account, ...links: LetterLink[]): Promise<NoticeMail[]> {
  const addresses = await listAddresses(tx, id);
  return addresses.filter(({ proven_at }) => proven_at !== null).map(({ address }) => ({ address, links }));
}

/** Told everywhere: whoever holds the main address may not be the owner. */
async function toProvenAndMain(tx: Tx, { id }: Account, ...links: LetterLink[]): Promise<NoticeMail[]> {
  const addresses = await listAddresses(tx, id);
  return addresses
    .filter(({ proven_at, kind }) => proven_at !== null || kind === 'primary')
    .map(({ address }) => ({ address, links }));
}
