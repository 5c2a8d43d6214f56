import { record } from '../../audit/record.ts';
import { html } from '../../kit/html.ts';
import { notify } from '../../notices/notify.ts';
import { codeField } from '../../web/fields.ts';
import { type AnswerMethod, REJECTED } from '../factor.ts';
import { hasKey } from '../store.ts';
import { FEW, normalizeRecoveryCode } from './rules.ts';
import { claimCode, codesLeft, findCode, hashTyped } from './store.ts';
import { en } from './words.en.ts';
import { es } from './words.es.ts';

const words = { en, es };

/** A single-use spare for a factor; never a factor by itself, never offered first. 80 bits need no guess budget. */
export const recoveryCode: AnswerMethod = {
  kind: 'recovery-code',
  strength: 0,
  typed: false,
  timed: false,
  field: 'code',
  linkText: (locale) => words[locale].link,

  async prompt(_deps, _asked, visit, wrong) {
    const w = words[visit.locale];
    return {
      path: 'recovery-code',
      title: w.name,
      button: w.button,
      fields: html`${codeField({ name: 'code', label: w.prompt, hint: w.promptHint, error: wrong?.sentence ?? null, autofocus: true, kind: 'recovery' })}`,
    };
  },

  async check(deps, { account, factors }, _visit, answer) {
    const code = normalizeRecoveryCode(answer);
    const hash = await hashTyped(deps, account.id, code);
    const found = await findCode(deps.database.db, account.id, hash);
    // A used one too: a guess that costs its try.
    if (!found || found.used_at !== null) return REJECTED;
    const keys = hasKey(factors);
    return {
      kind: 'accepted',
      factor: null,
      amr: ['otp'],
      claim: (tx, now) => claimCode(tx, account.id, hash, now),
      async afterClaim(tx, visit, sessionId) {
        const left = (await codesLeft(tx, account.id))?.left ?? 0;
        await record(tx, visit, {
          event: 'recovery_code.used',
          subject: account,
          detail: { number: Number(found.number), left },
        });
        await notify(tx, deps, visit, account, { kind: 'code_used', remaining: left, keys }, { sessionId });
        if (left <= FEW) {
          await notify(tx, deps, visit, account, { kind: 'codes_low', remaining: left }, { sessionId });
        }
      },
    };
  },
};
