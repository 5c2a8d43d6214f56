import { sql } from 'kysely';
import { nowhere } from '../audit/place.ts';
import { record } from '../audit/record.ts';
import type { Tx } from '../database/open.ts';
import { isPostgres } from '../database/prepared.ts';
import type { Deps } from '../deps.ts';
import { DAY } from '../kit/clock.ts';
import { newId } from '../kit/random.ts';
import { tellAdministrators } from '../notices/tell-administrators.ts';
import { LOOK_BACK, type Sent, startOfDay, waitAfter } from './text-rules.ts';

type TextDeps = Pick<Deps, 'config' | 'random' | 'seal' | 'outbox'>;

export interface TextRecipient {
  readonly accountId: string;
  /** E.164 */
  readonly number: string;
}

/** `known`: to the account's own phone, asked for by a browser that had signed this account in before. */
export interface TextRequest extends TextRecipient {
  readonly known: boolean;
}

/** `ms`: milliseconds until a message to this account and number is allowed again; `capped`: to anybody. */
export type TextSpend =
  | { readonly kind: 'ok' }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'capped'; readonly ms: number };

/**
 * Counts one text message, in the transaction that enqueues it (R15): 1 a minute, 5 an hour and 10 a day to an account
 * and to a number, whoever it belongs to, the latter two for known and other browsers apart (R59); `SMS_DAILY_CAP` over
 * all accounts by the day of UTC. The caller holds the account's row, and takes no further lock afterwards: on
 * PostgreSQL the counting is one at a time until the commit.
 */
export async function spendText(
  tx: Tx,
  deps: TextDeps,
  { accountId, number, known: isKnown }: TextRequest,
  now: number,
): Promise<TextSpend> {
  await lockCounts(tx);
  const numberMac = deps.seal.mac('sms', number);
  const known = isKnown ? 1 : 0;
  const ms = Math.max(
    waitAfter(await latest(tx, 'account_id', accountId), known, now),
    waitAfter(await latest(tx, 'number_mac', numberMac), known, now),
  );
  if (ms > 0) return { kind: 'wait', ms };
  const { smsDailyCap } = deps.config;
  const today = await countSince(tx, startOfDay(now));
  if (today >= smsDailyCap) return { kind: 'capped', ms: startOfDay(now) + DAY - now };
  await tx
    .insertInto('text_sent')
    .values({ id: newId(deps.random), account_id: accountId, number_mac: numberMac, sent_at: now, known })
    .execute();
  // With the last one and not with the first that is refused: a refusal may take its transaction with it.
  if (today + 1 === smsDailyCap) await tellOfCap(tx, deps, now);
  return { kind: 'ok' };
}

/** One lock for the numbers and the cap together: two would only add an order to get wrong. */
async function lockCounts(tx: Tx): Promise<void> {
  if (isPostgres(tx)) await sql`select pg_advisory_xact_lock(hashtext('countersign/text_sent'))`.execute(tx);
}

async function latest(tx: Tx, column: 'account_id' | 'number_mac', value: string): Promise<Sent[]> {
  return tx
    .selectFrom('text_sent')
    .select(['sent_at', 'used_at', 'known'])
    .where(column, '=', value)
    .orderBy('sent_at', 'desc')
    .limit(LOOK_BACK)
    .execute();
}

/** The code of the last message was right: whoever needs another one need not wait for a minute. */
export async function noteTextUsed(
  tx: Tx,
  { seal }: Pick<Deps, 'seal'>,
  { accountId, number }: TextRecipient,
  now: number,
): Promise<void> {
  await tx
    .updateTable('text_sent')
    .set({ used_at: now })
    .where('account_id', '=', accountId)
    .where('number_mac', '=', seal.mac('sms', number))
    .where('used_at', 'is', null)
    .execute();
}

async function countSince(tx: Tx, since: number): Promise<number> {
  const { count } = await tx
    .selectFrom('text_sent')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('sent_at', '>=', since)
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** Once a day, also where the operator raises the cap in the course of it. */
async function tellOfCap(tx: Tx, deps: TextDeps, now: number): Promise<void> {
  const key = `text-cap/${startOfDay(now) / DAY}`;
  const told = await tx
    .insertInto('throttle')
    .values({ key, count: 1, open: 0, window_at: now, blocked_until_at: null })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  if (told.numInsertedOrUpdatedRows !== 1n) return;
  await record(tx, nowhere(now), {
    event: 'text.capped',
    subject: null,
    actor: 'system',
    detail: { cap: deps.config.smsDailyCap },
  });
  await tellAdministrators(tx, deps, { kind: 'text_cap', cap: deps.config.smsDailyCap });
}
