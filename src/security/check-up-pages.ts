import type { Account } from '../accounts/account.ts';
import { type Html, html } from '../kit/html.ts';
import { codeField, form } from '../web/fields.ts';
import { actions, button, card } from '../web/parts.ts';
import { time } from '../web/times.ts';
import type { Visit } from '../web/visit.ts';
import { securityWords } from './words.ts';

export interface ShownCheckUp {
  readonly number: number;
  readonly provenAt: number | null;
  /** What was wrong with the code that was typed. */
  readonly error?: string | null;
}

/** "Are you still able to sign in?" (screen 8). The code is looked at and not spent. */
export function checkUpCard(
  visit: Visit,
  account: Account,
  { number, provenAt, error = null }: ShownCheckUp,
): Html {
  const { checkUp: w } = securityWords[visit.locale];
  const proven =
    provenAt === null
      ? null
      : html` ${w.proven} ${time(provenAt, visit.now, visit.locale, account.time_zone)}.`;
  return card(html`
    <h2>${w.title}</h2>
    <p>${w.lead}${proven}</p>
    ${form({
      action: '/account/security/check-up',
      body: html`${codeField({ name: 'code', label: w.type(number), error, kind: 'recovery' })}${actions(button(w.check, { kind: 'secondary' }))}`,
    })}
    ${form({ action: '/account/security/check-up/later', body: button(w.later, { kind: 'quiet' }) })}`);
}
