import { type Account, localeOf, speaking } from '../accounts/account.ts';
import { type LinkPurpose, makeLink } from '../accounts/link.ts';
import { listAddresses } from '../accounts/store.ts';
import type { Tx } from '../database/open.ts';
import { type LetterLink, letter } from '../delivery/letter.ts';
import type { Deps } from '../deps.ts';
import { DAY } from '../kit/clock.ts';
import type { Visit } from '../web/visit.ts';
import type { Notice } from './notice.ts';
import { factsOf, said } from './notice-facts.ts';
import { noticeWords } from './words.ts';

const NOT_ME_LIFETIME = 7 * DAY;
const UNDO_EMAIL_LIFETIME = 7 * DAY;
const UNDO_REPLACE_LIFETIME = DAY;

type NotifyDeps = Pick<Deps, 'config' | 'clock' | 'random' | 'outbox' | 'seal'>;

/** Where the change came from. An operator's command has neither network nor browser. */
export type NoticePlace = Pick<Visit, 'now' | 'network' | 'browser'> & Partial<Pick<Visit, 'locale'>>;

/** The session that made the change, and that "This wasn't me" ends. */
export interface Acting {
  readonly sessionId: string | null;
}

/**
 * Tells the owner of a change to their security, in the transaction of the change (R74): to the primary address, after
 * a change of address to the old and the new one (R48), and of a recovery to every proven one (R46).
 */
export async function notify(
  tx: Tx,
  deps: NotifyDeps,
  place: NoticePlace,
  owner: Account,
  notice: Notice,
  acting: Acting = { sessionId: null },
): Promise<void> {
  // Whoever got no further than the password of a protected account must not choose the language of the warning.
  const account = acting.sessionId === null ? owner : speaking(owner, place.locale);
  const mail = (address: string, undo: LetterLink[]) =>
    sendNotice(tx, deps, place, account, notice, acting, address, undo);
  if (notice.kind === 'email_changed') {
    const token = await makeLink(tx, deps, {
      purpose: 'undo-email',
      accountId: account.id,
      address: notice.from,
      data: { from: notice.from, to: notice.to },
      lifetime: UNDO_EMAIL_LIFETIME,
    });
    await mail(notice.from, [undoLink(deps, account, 'undo-email', token)]);
    // Whoever holds the new address made the change: an undo there would serve a thief.
    await mail(notice.to, []);
    return;
  }
  if (notice.kind === 'email_change_undone') {
    await mail(notice.to, []);
    await mail(notice.from, []);
    return;
  }
  if (notice.kind === 'factor_replaced') {
    const token = await makeLink(tx, deps, {
      purpose: 'undo-replace',
      accountId: account.id,
      data: notice.undo,
      lifetime: UNDO_REPLACE_LIFETIME,
    });
    await mail(account.email, [undoLink(deps, account, 'undo-replace', token)]);
    return;
  }
  if (isOfRecovery(notice)) {
    const addresses = await listAddresses(tx, account.id);
    for (const { address, proven_at } of addresses)
      if (proven_at !== null) await mail(address, recoveryLinks(deps, account, notice));
    return;
  }
  if (notice.kind === 'account_leaving' || notice.kind === 'account_kept') {
    // Told everywhere: whoever holds the main address may not be the owner.
    for (const { address, proven_at, kind } of await listAddresses(tx, account.id))
      if (proven_at !== null || kind === 'primary') await mail(address, wayBack(deps, account, notice));
    return;
  }
  if (notice.kind === 'access_granted') {
    const { removeAccess } = noticeWords[localeOf(account) ?? 'en'];
    await mail(account.email, [{ ...removeAccess, url: `${deps.config.baseUrl}/account/apps` }]);
    return;
  }
  // Told there too (R74): a thief may have removed the owner's way back.
  if (notice.kind === 'recovery_address_removed') await mail(notice.address, []);
  await mail(account.email, []);
}

function wayBack({ config }: NotifyDeps, account: Account, notice: Notice): LetterLink[] {
  if (notice.kind !== 'account_leaving' || notice.token === null) return [];
  const { keepAccount } = noticeWords[localeOf(account) ?? 'en'];
  return [{ ...keepAccount, url: `${config.baseUrl}/undo?token=${notice.token}` }];
}

type RecoveryNotice = Extract<
  Notice,
  { kind: `recovery_${'requested' | 'cancelled' | 'refused'}` | 'temporary_pass' }
>;

const OF_RECOVERY: readonly Notice['kind'][] = [
  'recovery_requested',
  'recovery_cancelled',
  'recovery_refused',
  'temporary_pass',
];

function isOfRecovery(notice: Notice): notice is RecoveryNotice {
  return OF_RECOVERY.includes(notice.kind);
}

/** The same link in each of the mails: there is one request, and one pass. */
function recoveryLinks({ config }: NotifyDeps, account: Account, notice: RecoveryNotice): LetterLink[] {
  const words = noticeWords[localeOf(account) ?? 'en'];
  switch (notice.kind) {
    case 'recovery_requested':
      return [{ ...words.cancelRecovery, url: `${config.baseUrl}/recover/cancel?token=${notice.token}` }];
    case 'temporary_pass':
      return [{ ...words.usePass, url: `${config.baseUrl}/temporary-pass?token=${notice.token}` }];
    default:
      return [];
  }
}

async function sendNotice(
  tx: Tx,
  deps: NotifyDeps,
  place: NoticePlace,
  account: Account,
  notice: Notice,
  acting: Acting,
  address: string,
  undo: LetterLink[],
): Promise<void> {
  const { config } = deps;
  const locale = localeOf(account) ?? 'en';
  const words = noticeWords[locale];
  const notMe = await makeLink(tx, deps, {
    purpose: 'not-me',
    accountId: account.id,
    data: notMeData(notice, acting),
    lifetime: NOT_ME_LIFETIME,
  });
  const leaving = notice.kind === 'account_leaving';
  const frozen = notice.kind === 'security_frozen';
  const { subject, body } = words.notices[notice.kind];
  const mentioned = said(notice, place, account, config.brand, locale);
  const { subject: title, ...content } = letter(config, {
    locale,
    subject: subject(mentioned),
    name: account.name,
    paragraphs: body(mentioned),
    facts: factsOf(notice, place, account, locale),
    links: [
      ...undo,
      ...(leavesNothingToDisown(notice)
        ? []
        : [
            {
              ...(leaving ? words.notMeLeaving : words.notMe),
              url: `${config.baseUrl}/not-me?token=${notMe}`,
            },
          ]),
      // Nobody signs in to an account that is being deleted, nor changes the password of a frozen one there.
      ...(leaving || frozen ? [] : [{ ...words.changePassword, url: `${config.baseUrl}/account/password` }]),
    ],
  });
  await deps.outbox.enqueue(tx, {
    channel: 'mail',
    kind: `notice/${notice.kind}`,
    accountId: account.id,
    message: { to: { name: account.name, address }, subject: title, ...content },
  });
}

/** Which session to end and which added factor to suspend, without asking anybody to sign in. */
function notMeData(notice: Notice, { sessionId }: Acting): Record<string, string> {
  return {
    event: notice.kind,
    ...(sessionId === null ? {} : { session: sessionId }),
    ...('factorId' in notice ? { factor: notice.factorId } : {}),
  };
}

/** "This wasn't me" would promise what it can't do, or has just been said. */
function leavesNothingToDisown(notice: Notice): boolean {
  return notice.kind === 'security_frozen' || (notice.kind === 'account_leaving' && notice.token === null);
}

function undoLink(
  { config }: NotifyDeps,
  account: Account,
  purpose: Extract<LinkPurpose, 'undo-email' | 'undo-replace'>,
  token: string,
): LetterLink {
  const words = noticeWords[localeOf(account) ?? 'en'];
  const text = purpose === 'undo-email' ? words.undoEmail : words.undoReplace;
  return { ...text, url: `${config.baseUrl}/undo?token=${token}` };
}
