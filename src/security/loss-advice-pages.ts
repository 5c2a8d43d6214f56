import type { FactorRow } from '../factors/factor.ts';
import { type Html, html } from '../kit/html.ts';
import { form } from '../web/fields.ts';
import { actions, button, card, linkButton } from '../web/parts.ts';
import type { Visit } from '../web/visit.ts';
import { securityWords } from './words.ts';

/** After a sign-in with a recovery code: what was lost is replaced, or removed before somebody finds it. */
export function lossAdviceCard(visit: Visit, factors: readonly Pick<FactorRow, 'id' | 'label'>[]): Html {
  const { advice: w } = securityWords[visit.locale];
  const links = factors.map(({ id, label }) =>
    linkButton(`/account/security/factors/${id}`, w.manage(label)),
  );
  return card(html`
    <h2>${w.title}</h2>
    <p>${w.lead}</p>
    ${actions(links)}
    ${form({ action: '/account/security/advice/later', body: button(w.later, { kind: 'quiet' }) })}`);
}
