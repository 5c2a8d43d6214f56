import { countOnCommit } from '../database/count-on-commit.ts';
import type { Deps } from '../deps.ts';
import { DAY, HOUR } from '../kit/clock.ts';
import { tellClientsOfExpired } from '../sessions/session-clients.ts';

const KNOWN_BROWSER_LIFE = 400 * DAY;
const SENT_MAIL_LIFE = 7 * DAY;
/** Long enough for an operator to ask why. Nothing of the mail itself is in it. */
const FAILED_MAIL_LIFE = 30 * DAY;
const GUESS_DAYS = 31;
/** What somebody wrote about their trouble; the records keep what was done about it. */
const HELP_REQUEST_LIFE = 365 * DAY;

/** Good for nothing from that instant on. */
const EXPIRING = [
  'pending_sign_in',
  'enrolment_pass',
  'factor_draft',
  'factor_challenge',
  'store_link',
  'spent_challenge',
  'forward_auth_ticket',
  'trusted_browser',
  'oidc_interaction',
  'oidc_grant',
] as const;

/**
 * Forgets what has ended by itself: nothing here was still good for anything. No delete hangs on another one, so that several
 * processes may do it at once.
 */
export async function purge({ database, clock, config, outbox }: Deps): Promise<void> {
  const now = clock.now();
  const { sessionIdle } = config.lifetimes;
  await database.transaction(async (tx) => {
    await tellClientsOfExpired(tx, outbox, now, sessionIdle);
    const { numDeletedRows } = await tx
      .deleteFrom('session')
      .where((eb) => eb.or([eb('expires_at', '<=', now), eb('last_used_at', '<=', now - sessionIdle)]))
      .executeTakeFirst();
    countOnCommit(tx, 'sessionsEnded', { why: 'expired' }, Number(numDeletedRows));
    for (const table of EXPIRING) await tx.deleteFrom(table).where('expires_at', '<=', now).execute();
    // What was redeemed or replaced is kept for a day more: whoever still comes with it is told of (R63).
    await tx
      .deleteFrom('oidc_token')
      .where('expires_at', '<=', now - DAY)
      .execute();
    // The longest window that is counted is a day (R15).
    await tx
      .deleteFrom('text_sent')
      .where('sent_at', '<=', now - 2 * DAY)
      .execute();
    await tx
      .deleteFrom('link')
      .where('expires_at', '<=', now - DAY)
      .execute();
    await tx
      .deleteFrom('recovery_request')
      .where('created_at', '<=', now - HELP_REQUEST_LIFE)
      .execute();
    await tx
      .deleteFrom('known_browser')
      .where('last_used_at', '<=', now - KNOWN_BROWSER_LIFE)
      .execute();
    await tx
      .deleteFrom('guess_day')
      .where('day', '<', Math.floor(now / DAY) - GUESS_DAYS)
      .execute();
    // A wait lasts an hour at most and a count is forgotten after a day: what is older slows nobody.
    await tx
      .deleteFrom('throttle')
      .where('window_at', '<=', now - DAY - HOUR)
      .execute();
    await tx
      .deleteFrom('outbox')
      .where('sent_at', '<=', now - SENT_MAIL_LIFE)
      .execute();
    await tx
      .deleteFrom('outbox')
      .where('failed_at', '<=', now - FAILED_MAIL_LIFE)
      .execute();
  });
}
