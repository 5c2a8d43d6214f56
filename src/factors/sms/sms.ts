import { html } from '../../kit/html.ts';
import { Refusal } from '../../kit/refusal.ts';
import { noteTextUsed } from '../../throttle/text-budget.ts';
import { codeField, form } from '../../web/fields.ts';
import { button } from '../../web/parts.ts';
import { time } from '../../web/times.ts';
import { findChallenge, takeChallenge } from '../challenge.ts';
import { type AnswerMethod, type Asked, REJECTED } from '../factor.ts';
import { normalizeCode } from '../typed-code.ts';
import { isCode } from './code.ts';
import { lastTwo, numberOf, phoneOf } from './number.ts';
import { sendCode } from './send-code.ts';
import { smsWords } from './words.ts';

/** Codes by text message: the weakest method, and the one that most people can use (R13). */
export const sms: AnswerMethod = {
  kind: 'sms',
  strength: 1,
  typed: true,
  timed: false,
  field: 'code',
  linkText: (locale) => smsWords[locale].link,

  /** Nothing goes out before the button is pressed: a page that is looked at must not cost a message. */
  async prompt(deps, asked, visit, wrong) {
    const w = smsWords[visit.locale];
    const phone = phoneOf(asked.factors);
    const number = phone ? lastTwo(numberOf(deps, phone)) : '';
    const sent = await findChallenge(deps, ownerOf(asked), 'sms');
    // "Wait for the next one" is about apps: of messages none comes by itself.
    const problem = wrong && (wrong.code === 'wrong_code' && !wrong.lastTry ? w.wrong : wrong.sentence);
    const send = (text: string, kind: 'primary' | 'secondary') =>
      form({ action: `${asked.base}/sms/send`, body: button(text, { kind, wide: true }) });
    if (!sent) {
      return {
        path: 'sms',
        title: w.title,
        button: null,
        fields: html`${problem && html`<p class="error" role="alert">${problem}</p>`}<p>${w.willSend(number)}</p>`,
        aside: send(w.send, 'primary'),
      };
    }
    const at = time(sent.createdAt, visit.now, visit.locale, asked.account.time_zone);
    const hint = html`${w.sentTo(number)} ${at}.`;
    return {
      path: 'sms',
      title: w.typeTitle,
      button: w.button,
      fields: html`${codeField({ name: 'code', label: w.prompt, hint, error: problem, autofocus: true, kind: 'digits' })}`,
      aside: send(w.sendAgain, 'secondary'),
    };
  },

  async check(deps, asked, _visit, answer) {
    const code = normalizeCode(answer);
    const sent = await findChallenge(deps, ownerOf(asked), 'sms');
    const phone = phoneOf(asked.factors);
    if (code === null || !sent || !phone || !isCode(deps, asked.account.id, sent, code)) return REJECTED;
    // The number may have been changed since it was sent.
    const number = numberOf(deps, phone);
    if (sent.data['number'] !== number) return REJECTED;
    return {
      kind: 'accepted',
      factor: phone,
      amr: ['sms'],
      async claim(tx, now) {
        if (!(await takeChallenge(tx, sent.id, now))) return false;
        await noteTextUsed(tx, deps, { accountId: asked.account.id, number }, now);
        // Nor does a phone count that was removed or suspended while its code was looked at.
        const used = await tx
          .updateTable('factor')
          .set({ last_used_at: now })
          .where('id', '=', phone.id)
          .where('suspended_at', 'is', null)
          .executeTakeFirst();
        return used.numUpdatedRows === 1n;
      },
    };
  },

  actions: {
    async send(deps, asked, visit) {
      const phone = phoneOf(asked.factors);
      if (!phone || !deps.config.textMessages) throw new Refusal('not_found');
      await sendCode(deps, visit, asked.account, ownerOf(asked), numberOf(deps, phone));
    },
  },
};

function ownerOf({ account, holderId, purpose }: Asked) {
  return { accountId: account.id, holderId, purpose };
}
