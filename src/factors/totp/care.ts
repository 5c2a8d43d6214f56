import { CLOCK_TOLERANCE } from '../../kit/clock.ts';
import { toBase32 } from '../../kit/encoding.ts';
import { newId } from '../../kit/random.ts';
import { rowOwner } from '../../kit/seal.ts';
import type { FactorCare } from '../factor.ts';
import { readLabel } from '../label.ts';
import { stepAt } from './rules.ts';
import { appsOf, totpWords } from './totp.ts';

/** Each app more is one more code that a guess could hit. */
export const MOST_APPS = 5;

export const totpCare: FactorCare = {
  kind: 'totp',
  sealedFor: 'totp',
  icon: 'phone',
  name: (locale) => totpWords[locale].defaultLabel,
  counted: (locale, count) => totpWords[locale].counted(count),
  detail: () => null,
  canBeFirst: () => true,
  adding: (_deps, _policy, factors, locale) =>
    appsOf(factors).length < MOST_APPS
      ? { href: '/account/security/totp', text: totpWords[locale].addLink }
      : null,
  replacing: (_deps, { id }) => `/account/security/totp?replaces=${id}`,
  // Most people's app lives on the phone; one that lives elsewhere too only makes them safer than we say.
  carrier: () => 'phone',
  // One step ahead of the clock is accepted too, and the server's may have been that far ahead of ours (R9).
  spentBy: (now) => stepAt(now + CLOCK_TOLERANCE) + 1,
  spentAt: stepAt,
  adopting: {
    most: MOST_APPS,
    adopt({ seal, random, clock }, account, { secret, label }) {
      const id = newId(random);
      const { defaultLabel } = totpWords[account.locale ?? 'en'];
      return {
        id,
        account_id: account.id,
        kind: 'totp',
        label: readLabel(label, defaultLabel) ?? defaultLabel,
        sealed_data: seal.seal('totp', rowOwner(account.id, id), toBase32(secret)),
        // The code that the app shows now works at once; what the other system has seen before it does not (R10).
        counter: stepAt(clock.now()) - 1,
      };
    },
  },
};
