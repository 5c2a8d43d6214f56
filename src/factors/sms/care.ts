import type { FactorCare } from '../factor.ts';
import { isServed, masked, numberOf, phoneOf } from './number.ts';
import { smsWords } from './words.ts';

const PAGE = '/account/security/sms';

export const smsCare: FactorCare = {
  kind: 'sms',
  sealedFor: 'sms',
  icon: 'message',
  name: (locale) => smsWords[locale].defaultLabel,
  counted: (locale) => smsWords[locale].counted,
  detail(deps, factor, locale) {
    const { off, unserved } = smsWords[locale];
    const number = masked(numberOf(deps, factor));
    return isServed(deps, factor) ? number : `${number}, ${deps.config.textMessages ? unserved : off}`;
  },
  answersHere: isServed,
  single: true,
  canBeFirst: ({ config }) => config.textMessages,
  adding: ({ config }, _policy, factors, locale) =>
    config.textMessages && !phoneOf(factors) ? { href: PAGE, text: smsWords[locale].addLink } : null,
  replacing: ({ config }) => (config.textMessages ? PAGE : null),
  carrier: () => 'phone',
};
