import { html } from '../../kit/html.ts';
import { notice } from '../../web/parts.ts';
import { type AnswerMethod, REJECTED } from '../factor.ts';
import { acceptKey } from './accept-key.ts';
import { currentChallenge, requestOptions, spendChallenge } from './ask.ts';
import { CEREMONY_SCRIPTS, ceremonyData, ceremonyFields, webauthnWords } from './ceremony.ts';
import { usableKeys } from './keys.ts';
import { readAssertion } from './read-credential.ts';
import { rpIdOf, userHandleOf } from './rules.ts';
import { verifyAssertion } from './verify.ts';

/** Security keys, fingerprints, Windows Hello, passkeys (WebAuthn L3), after the password. */
export const webauthn: AnswerMethod = {
  kind: 'webauthn',
  strength: 3,
  typed: false,
  timed: false,
  field: 'credential',
  linkText: (locale) => webauthnWords[locale].link,
  phishingResistant: true,

  async prompt(deps, { account, factors, holderId, purpose, base }, visit, wrong) {
    const words = webauthnWords[visit.locale];
    const rpId = rpIdOf(deps.config.baseUrl) ?? '';
    const asking = await currentChallenge(deps, { accountId: account.id, holderId, purpose });
    const options = requestOptions(asking, rpId, deps.clock.now(), usableKeys(deps, factors));
    return {
      path: 'webauthn',
      title: words.title,
      button: words.button,
      fields: html`${wrong ? notice('danger', wrong.sentence) : null}<p>${words.lead}</p>${ceremonyFields()}`,
      formData: ceremonyData({ kind: 'get', options, page: `${base}?method=webauthn` }, visit.locale),
      scripts: CEREMONY_SCRIPTS,
      withoutScript: words.noScript,
    };
  },

  async check(deps, { account, factors, holderId, purpose }, _visit, text) {
    // First of all, whatever the answer looks like: no challenge is ever tried twice (R17).
    const challenge = await spendChallenge(deps, { accountId: account.id, holderId, purpose });
    const answer = readAssertion(text);
    if (challenge === null || answer === null) return REJECTED;
    const key = usableKeys(deps, factors).find(({ factor }) => factor.external_id === answer.id);
    if (!key) return REJECTED;
    const { userHandle } = answer.response;
    if (userHandle && userHandle !== userHandleOf(account.id)) return REJECTED;
    const expected = { challenge, origin: deps.config.baseUrl, rpId: key.data.rpId };
    const asserted = await verifyAssertion(answer, expected, key.data, { userVerification: false });
    return asserted ? acceptKey(deps, account, key, asserted) : REJECTED;
  },
};
