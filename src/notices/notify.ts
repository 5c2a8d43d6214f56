import { type Account, localeOf, speaking } from '../accounts/account.ts';
import { makeLink } from '../accounts/link.ts';
import type { Tx } from '../database/open.ts';
import { type LetterLink, letter } from '../delivery/letter.ts';
import type { Deps } from '../deps.ts';
import { DAY } from '../kit/clock.ts';
import type { Visit } from '../web/visit.ts';
import { mailsOf, type NoticeMail } from './mails-of-notice.ts';
import type { Notice } from './notice.ts';
import { factsOf, said } from './notice-facts.ts';
import { noticeWords } from './words.ts';

const NOT_ME_LIFETIME = 7 * DAY;

type NotifyDeps = Pick<Deps, 'config' | 'clock' | 'random' | 'outbox' | 'seal'>;

/** Where the change came from. An operator's command has neither network nor browser. */
export type NoticePlace = Pick<Visit, 'now' | 'network' | 'browser'> & Partial<Pick<Visit, 'locale'>>;

/** The session that made the change, and that "This wasn't me" ends. */
export interface Acting {
  readonly sessionId: string | null;
}

/** A notice, and where the change came from that it tells of. */
interface Told {
  readonly account: Account;
  readonly notice: Notice;
  readonly place: NoticePlace;
  readonly acting: Acting;
}

/** Tells the owner of a change to their security, in the transaction of the change (R74). */
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
  for (const mail of await mailsOf(tx, deps, account, notice))
    await queueNotice(tx, deps, { account, notice, place, acting }, mail);
}

async function queueNotice(
  tx: Tx,
  deps: NotifyDeps,
  told: Told,
  { address, links }: NoticeMail,
): Promise<void> {
  const { config, outbox } = deps;
  const { account, notice, place } = told;
  const locale = localeOf(account) ?? 'en';
  const words = noticeWords[locale];
  const { subject, body } = words.notices[notice.kind];
  const mentioned = said(notice, place, account, config.brand, locale);
  // Nobody signs in to an account that is being deleted, nor changes the password of a frozen one there.
  const shut = notice.kind === 'account_leaving' || notice.kind === 'security_frozen';
  const mail = letter(config, {
    locale,
    subject: subject(mentioned),
    name: account.name,
    paragraphs: body(mentioned),
    facts: factsOf(notice, place, account, locale),
    links: [
      ...links,
      ...(leavesNothingToDisown(notice) ? [] : [await notMeLink(tx, deps, told)]),
      ...(shut ? [] : [{ ...words.changePassword, url: `${config.baseUrl}/account/password` }]),
    ],
  });
  await outbox.enqueue(tx, {
    channel: 'mail',
    kind: `notice/${notice.kind}`,
    accountId: account.id,
    message: { to: { name: account.name, address }, ...mail },
  });
}

/** "This wasn't me" would promise what it can't do, or has just been said. */
function leavesNothingToDisown(notice: Notice): boolean {
  return notice.kind === 'security_frozen' || (notice.kind === 'account_leaving' && notice.token === null);
}

async function notMeLink(tx: Tx, deps: NotifyDeps, { account, notice, acting }: Told): Promise<LetterLink> {
  const token = await makeLink(tx, deps, {
    purpose: 'not-me',
    accountId: account.id,
    data: notMeData(notice, acting),
    lifetime: NOT_ME_LIFETIME,
  });
  const words = noticeWords[localeOf(account) ?? 'en'];
  const text = notice.kind === 'account_leaving' ? words.notMeLeaving : words.notMe;
  return { ...text, url: `${deps.config.baseUrl}/not-me?token=${token}` };
}

/** Which session to end and which added factor to suspend, without asking anybody to sign in. */
function notMeData(notice: Notice, { sessionId }: Acting): Record<string, string> {
  return {
    event: notice.kind,
    ...(sessionId === null ? {} : { session: sessionId }),
    ...('factorId' in notice ? { factor: notice.factorId } : {}),
  };
}
