import type { Account } from '../../accounts/account.ts';
import { localeOf } from '../../accounts/account.ts';
import { lockAccount } from '../../accounts/store.ts';
import { record } from '../../audit/record.ts';
import type { Deps } from '../../deps.ts';
import { readNumber } from '../../kit/phone-number.ts';
import { Refusal } from '../../kit/refusal.ts';
import { knownHere } from '../../sessions/known-browser.ts';
import { spendText } from '../../throttle/text-budget.ts';
import type { Visit } from '../../web/visit.ts';
import { type ChallengeOwner, putChallenge, takeChallenge } from '../challenge.ts';
import { codeMac, newCode } from './code.ts';
import { serves } from './number.ts';
import { smsWords } from './words.ts';

/** How long a page waits for the gateway (R16). */
const GATEWAY_PATIENCE = 5_000;

/**
 * Sends a new code and voids the one before (R14). Counted against every limit in the transaction that queues it (R15);
 * a gateway that fails or hangs leaves no code behind, so that the page can offer the other ways (R16).
 * @throws {Refusal} too_many_attempts, texts_capped, text_country, text_not_sent
 */
export async function sendCode(
  deps: Deps,
  visit: Visit,
  account: Account,
  owner: ChallengeOwner,
  number: string,
): Promise<void> {
  const { database, random, config, outbox, clock } = deps;
  const phone = readNumber(number);
  // The list may have become shorter since the number was proven.
  if (!phone || !serves(config, phone.country)) throw new Refusal('text_country');
  const code = newCode(random);
  const lifetime = config.lifetimes.smsCodeMax;
  const sent = await database.transaction(async (tx) => {
    if (!(await lockAccount(tx, account.id))) throw new Refusal('conflict');
    // Any number can be typed in where one is enrolled: a stranger's, too, whose owner's share it must not use up.
    const known = owner.purpose !== 'enrol' && (await knownHere(tx, visit, account.id)) !== null;
    const budget = await spendText(tx, deps, { accountId: account.id, number, known }, visit.now);
    if (budget.kind !== 'ok') return budget;
    const data = { number, mac: codeMac(deps, account.id, number, code) };
    const challenge = await putChallenge(tx, deps, owner, 'sms', data, lifetime);
    const text = smsWords[localeOf(account) ?? visit.locale].text(code, config.brand);
    const id = await outbox.enqueue(tx, {
      channel: 'sms',
      kind: 'code',
      accountId: account.id,
      message: { to: number, text, expiresAt: clock.now() + lifetime },
    });
    await record(tx, visit, { event: 'text.sent', subject: account, method: 'sms' });
    return { kind: 'queued', id, challenge } as const;
  });
  if (sent.kind === 'wait')
    throw new Refusal('too_many_attempts', { retryAfter: Math.ceil(sent.ms / 1000), texts: true });
  if (sent.kind === 'capped') throw new Refusal('texts_capped', { retryAfter: Math.ceil(sent.ms / 1000) });
  if ((await outbox.outcome(sent.id, GATEWAY_PATIENCE)) === 'sent') return;
  // No further try either: it would bring a code that is void.
  await database.transaction(async (tx) => {
    await takeChallenge(tx, sent.challenge.id, clock.now());
    await outbox.withdraw(tx, sent.id);
    await record(tx, visit, { event: 'text.sent', outcome: 'failure', subject: account, method: 'sms' });
  });
  throw new Refusal('text_not_sent');
}
