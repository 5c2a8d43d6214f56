import { sql } from 'kysely';
import { countOnCommit } from '../database/count-on-commit.ts';
import type { Deps } from '../deps.ts';
import { DAY, HOUR } from '../kit/clock.ts';
import { tellClientsOfEach } from '../sessions/session-clients.ts';
import { type Ended, endedKeys, removeAllEnded, removeEnded } from './piecemeal.ts';

const KNOWN_BROWSER_LIFE = 400 * DAY;
const SENT_MAIL_LIFE = 7 * DAY;
/** Long enough for an operator to ask why. Nothing of the mail itself is in it. */
const FAILED_MAIL_LIFE = 30 * DAY;
const GUESS_DAYS = 31;
/** The last reminder of a rule goes out on the day on which it begins to hold. */
const TOLD_LIFE = 3 * DAY;
/** What somebody wrote about their trouble; the records keep what was done about it. */
const HELP_REQUEST_LIFE = 365 * DAY;

/**
 * Forgets what has ended by itself: nothing here was still good for anything. A few rows at a time, since nobody signs in
 * meanwhile; no delete hangs on another one, so that several processes may do it at once.
 */
export async function purge({ database, clock, config, outbox }: Deps): Promise<void> {
  const now = clock.now();
  const sessions = endedSessions(now, config.lifetimes.sessionIdle);
  for await (const ids of endedKeys(database.db, sessions))
    await database.transaction(async (tx) => {
      await tellClientsOfEach(tx, outbox, ids);
      countOnCommit(tx, 'sessionsEnded', { why: 'expired' }, await removeEnded(tx, sessions, ids));
    });
  for (const ended of endedAt(now)) await removeAllEnded(database, ended);
}

function endedSessions(now: number, idle: number): Ended {
  const when = sql`(expires_at <= ${now} or last_used_at <= ${now - idle})`;
  return { table: 'session', key: 'id', when, indexed: false };
}

function endedAt(now: number): Ended[] {
  const indexed = (table: Ended['table'], key: string, column: string, before = now): Ended => {
    return { table, key, when: sql`${sql.ref(column)} <= ${before}`, indexed: true };
  };
  const passed = (...of: Parameters<typeof indexed>): Ended => ({ ...indexed(...of), indexed: false });
  return [
    indexed('pending_sign_in', 'id', 'expires_at'),
    passed('enrolment_pass', 'id', 'expires_at'),
    passed('factor_draft', 'id', 'expires_at'),
    indexed('factor_challenge', 'id', 'expires_at'),
    indexed('store_link', 'token_hash', 'expires_at'),
    indexed('spent_challenge', 'hash', 'expires_at'),
    passed('forward_auth_ticket', 'ticket_hash', 'expires_at'),
    passed('trusted_browser', 'id', 'expires_at'),
    indexed('oidc_interaction', 'hash', 'expires_at'),
    indexed('oidc_grant', 'id', 'expires_at'),
    // What was redeemed or replaced is kept for a day more: whoever still comes with it is told of (R63).
    indexed('oidc_token', 'hash', 'expires_at', now - DAY),
    // The longest window that is counted is a day (R15).
    indexed('text_sent', 'id', 'sent_at', now - 2 * DAY),
    indexed('link', 'id', 'expires_at', now - DAY),
    passed('recovery_request', 'id', 'created_at', now - HELP_REQUEST_LIFE),
    passed('known_browser', 'token_hash', 'last_used_at', now - KNOWN_BROWSER_LIFE),
    passed('guess_day', 'account_id', 'day', Math.floor(now / DAY) - GUESS_DAYS - 1),
    // A wait lasts an hour at most and a count is forgotten after a day: what is older slows nobody.
    indexed('throttle', 'key', 'window_at', now - DAY - HOUR),
    rulesAnnounced(now),
    indexed('outbox', 'id', 'sent_at', now - SENT_MAIL_LIFE),
    indexed('outbox', 'id', 'failed_at', now - FAILED_MAIL_LIFE),
  ];
}

/**
 * Whom it was told to, of rules that hold by now: nobody is told any more (`reminder-rules.ts`), and whoever drops the rule
 * would have to wait until a million of these are gone.
 */
function rulesAnnounced(now: number): Ended {
  const when = sql`rule_id in (select id from two_factor_rule where required_from_at <= ${now - TOLD_LIFE})`;
  return { table: 'reminder_sent', key: 'account_id', when, indexed: false };
}
