import type { FactorCare } from '../factor.ts';
import { appsOf, totpWords } from './totp.ts';

/** Each app more is one more code that a guess could hit. */
export const MOST_APPS = 5;

export const totpCare: FactorCare = {
  kind: 'totp',
  icon: 'phone',
  name: (locale) => totpWords[locale].defaultLabel,
  counted: (locale, count) => totpWords[locale].counted(count),
  detail: () => null,
  canBeFirst: () => true,
  adding: (_deps, _policy, factors, locale) =>
    appsOf(factors).length < MOST_APPS
      ? { href: '/account/security/totp', text: totpWords[locale].addLink }
      : null,
  replacing: ({ id }) => `/account/security/totp?replaces=${id}`,
  // Most people's app lives on the phone; one that lives elsewhere too only makes them safer than we say.
  carrier: () => 'phone',
};
