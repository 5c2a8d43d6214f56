import type { FactorCare } from '../factor.ts';
import { acceptedKeys } from './accepted-keys.ts';
import { CEREMONY_SCRIPTS, webauthnWords } from './ceremony.ts';
import { keysAmong, openKey, usableKeys } from './keys.ts';
import { rpIdOf, standsBeside } from './rules.ts';

/** Nobody carries more, and every page that asks lists them all. */
export const MOST_KEYS = 10;

export const webauthnCare: FactorCare = {
  kind: 'webauthn',
  sealedFor: 'webauthn',
  icon: 'key',
  name: (locale) => webauthnWords[locale].name,
  counted: (locale, count) => webauthnWords[locale].counted(count),
  detail(deps, factor, locale) {
    const words = webauthnWords[locale];
    const { rpId, backupEligible, backedUp } = openKey(deps, factor).data;
    if (rpId !== rpIdOf(deps.config.baseUrl)) return words.elsewhere(rpId);
    return backupEligible && backedUp ? words.synced : words.onDevice;
  },
  answersHere: (deps, factor) => usableKeys(deps, [factor]).length > 0,
  canBeFirst: ({ config }, { keysFirst }) => keysFirst && rpIdOf(config.baseUrl) !== null,
  adding(deps, policy, factors, locale) {
    const room = policy.keysFirst || standsBeside(factors, policy.forbidden);
    if (!room || keysAmong(factors).length >= MOST_KEYS || rpIdOf(deps.config.baseUrl) === null) return null;
    return { href: '/account/security/keys', text: webauthnWords[locale].addLink };
  },
  replacing: (_deps, { id }) => `/account/security/keys?replaces=${id}`,
  // A passkey that is synced outlives every device; anything else is a thing of its own.
  carrier(deps, factor) {
    const { backupEligible, backedUp } = openKey(deps, factor).data;
    return backupEligible && backedUp ? null : factor.id;
  },
  boundTo: (deps, factor) => openKey(deps, factor).data.rpId,
  async tellBrowser(deps, account, factors) {
    const mark = await acceptedKeys(deps, account, factors);
    return mark ? { mark, scripts: CEREMONY_SCRIPTS } : null;
  },
};
