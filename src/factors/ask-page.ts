import type { Account } from '../accounts/account.ts';
import type { Deps } from '../deps.ts';
import { type Html, html, trusted } from '../kit/html.ts';
import { Refusal } from '../kit/refusal.ts';
import { bareLayout } from '../web/layout.ts';
import { button, form } from '../web/parts.ts';
import type { Site } from '../web/site.ts';
import type { Visit } from '../web/visit.ts';
import { methodsOf, pickMethod } from './choose-method.ts';
import type { Prompt, Wrong } from './factor.ts';
import { listFactors } from './store.ts';
import { en } from './words.en.ts';
import { es } from './words.es.ts';

const words = { en, es };

export interface Ask {
  /** Where answers are posted and other methods linked: `/sign-in/factor` or `/confirm/factor`. */
  readonly base: '/sign-in/factor' | '/confirm/factor';
  readonly account: Account;
  /** The method that was named, if one was. */
  readonly kind: string | undefined;
  /** The last answer; null when this is the first look. */
  readonly wrong: Wrong | null;
}

/**
 * The page of the second step, at sign-in and at step-up alike: the preferred or named method, one input, and the
 * others behind "Having trouble?" (screen 2).
 */
export async function askPage(deps: Deps, site: Site, visit: Visit, ask: Ask): Promise<Html> {
  const factors = await listFactors(deps.database.db, ask.account.id);
  const methods = await methodsOf(deps, ask.account, factors);
  const method = pickMethod(methods, ask.kind) ?? methods[0];
  if (!method) throw new Refusal('pending_ended');
  const prompt = await method.prompt(deps, ask.account, factors, visit, ask.wrong);
  const others = methods.filter((other) => other !== method);
  return layOut(
    site,
    visit,
    ask,
    prompt,
    others.map(({ kind, linkText }) => ({ kind, text: linkText(visit.locale) })),
  );
}

function layOut(
  site: Site,
  visit: Visit,
  { base, account, wrong }: Ask,
  prompt: Prompt,
  others: readonly { readonly kind: string; readonly text: string }[],
): Html {
  const w = words[visit.locale];
  const signingIn = base === '/sign-in/factor';
  return bareLayout(site, visit, {
    title: prompt.title,
    body: html`
      <p class="lead">${signingIn ? w.signingInAs(account.email) : w.confirming(account.email)}</p>
      ${form({
        action: `${base}/${prompt.path}`,
        body: html`${prompt.fields}${button(prompt.button, { kind: 'primary', wide: true })}`,
      })}
      <details class="trouble"${wrong !== null && trusted(' open')}><summary>${w.trouble}</summary>
        <ul class="plain">
          ${others.map(({ kind, text }) => html`<li><a href="${base}?method=${kind}">${text}</a></li>`)}
          <li>${site.supportEmail ? html`${w.lostWrite} <a href="mailto:${site.supportEmail}">${site.supportEmail}</a>` : w.lostAsk}</li>
        </ul>
      </details>
      ${
        signingIn
          ? form({ action: '/sign-in/cancel', body: button(w.cancel, { kind: 'quiet' }) })
          : html`<p class="links"><a href="/account/security">${w.back}</a></p>`
      }`,
  });
}
