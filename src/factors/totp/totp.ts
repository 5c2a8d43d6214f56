import type { Account } from '../../accounts/account.ts';
import type { Deps } from '../../deps.ts';
import { fromBase32 } from '../../kit/encoding.ts';
import { type Html, html } from '../../kit/html.ts';
import { rowOwner } from '../../kit/seal.ts';
import { notify } from '../../notices/notify.ts';
import { codeField } from '../../web/fields.ts';
import { time } from '../../web/times.ts';
import type { Visit } from '../../web/visit.ts';
import type { Locale } from '../../words/locale.ts';
import { type Accepted, type AnswerMethod, type FactorRow, REJECTED } from '../factor.ts';
import { labelIn, unnamed } from '../label.ts';
import { codesLeft } from '../recovery-codes/store.ts';
import { raiseCounter } from '../store.ts';
import { normalizeCode } from '../typed-code.ts';
import { matchStep, nearMiss } from './rules.ts';
import { en, type TotpWords } from './words.en.ts';
import { es } from './words.es.ts';

export const totpWords = { en, es };

const nameIn = (locale: Locale): string => totpWords[locale].defaultLabel;

/** One-time codes of an authenticator app (RFC 6238). An account may have several apps. */
export const totp: AnswerMethod = {
  kind: 'totp',
  strength: 2,
  typed: true,
  timed: true,
  field: 'code',
  linkText: (locale) => totpWords[locale].link,

  async prompt(deps, { account, factors }, visit, wrong) {
    const words = totpWords[visit.locale];
    const hint = hintFor(words, `${deps.config.brand}: ${account.email}`, appsOf(factors), visit, account);
    // During a hold no entry is right, and of a wrong clock the sentence itself tells.
    const help =
      wrong?.code === 'wrong_code' && !wrong.lastTry
        ? html`<ul class="hints">${words.help.map((line) => html`<li>${line}</li>`)}</ul>`
        : null;
    return {
      path: 'totp',
      title: words.title,
      button: words.button,
      fields: html`${codeField({ name: 'code', label: words.prompt, hint, error: wrong?.sentence ?? null, autofocus: true, kind: 'digits' })}${help}`,
    };
  },

  async check(deps, { account, factors }, _visit, answer) {
    const now = deps.clock.now();
    const code = normalizeCode(answer);
    if (code === null) return REJECTED;
    const apps = appsOf(factors).map((factor) => ({ factor, secret: secretOf(deps, factor) }));
    let replayed = false;
    for (const { factor, secret } of apps) {
      const step = matchStep(secret, code, now);
      if (step === null) continue;
      if (step > factor.counter) return acceptance(deps, account, factor, step);
      replayed = true;
    }
    if (replayed) return { kind: 'replayed' };
    for (const { secret } of apps) {
      const miss = nearMiss(secret, code, now);
      if (miss !== null) return { kind: 'rejected', nearMiss: miss };
    }
    return REJECTED;
  },
};

/**
 * "Use Countersign: ann@example.org, added 3 May on 'Pixel'": which of the app's entries to read (screen 2). Of several
 * apps the one that the person wants to be asked for first.
 */
function hintFor(
  words: TotpWords,
  entry: string,
  apps: readonly FactorRow[],
  visit: Visit,
  account: Account,
): Html | string {
  const [only, another] = apps;
  if (only && !another) {
    const [before, after] = words.promptHint(entry, unnamed(only.label, nameIn) === null ? only.label : null);
    return html`${before}${time(only.created_at, visit.now, visit.locale, account.time_zone)}${after}`;
  }
  const preferred = apps.find((app) => app.preferred === 1);
  return preferred
    ? words.promptHintPreferred(entry, labelIn(visit.locale, preferred.label, nameIn))
    : words.promptHintMany(entry);
}

/** The step must rise (R10): the code of this step is spent, and so are those of all older ones. */
function acceptance(deps: Deps, account: Account, factor: FactorRow, step: number): Accepted {
  return {
    kind: 'accepted',
    factor,
    amr: ['otp'],
    claim: (tx, now) => raiseCounter(tx, factor.id, step, now),
    async afterClaim(tx, visit, sessionId) {
      // An app that another system enrolled comes without recovery codes; told when it is first used here.
      if (factor.last_used_at !== null || (await codesLeft(tx, account.id)) !== null) return;
      await notify(tx, deps, visit, account, { kind: 'codes_low', remaining: 0 }, { sessionId });
    },
  };
}

export function appsOf(factors: readonly FactorRow[]): FactorRow[] {
  return factors.filter(({ kind, suspended_at }) => kind === 'totp' && suspended_at === null);
}

function secretOf({ seal }: Deps, factor: FactorRow): Buffer {
  const text = seal.open('totp', rowOwner(factor.account_id, factor.id), factor.sealed_data ?? '');
  const secret = fromBase32(text);
  if (!secret) throw new Error(`factor ${factor.id} holds no base32 secret`);
  return secret;
}
