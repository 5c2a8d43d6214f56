import type { Account } from '../accounts/account.ts';
import type { Deps } from '../deps.ts';
import { DAY } from '../kit/clock.ts';
import { type Content, type Html, html, trusted } from '../kit/html.ts';
import { Refusal } from '../kit/refusal.ts';
import { mayTrustBrowsers } from '../sessions/trusted-browser.ts';
import { guessState } from '../throttle/guess-budget.ts';
import { checkbox, form } from '../web/fields.ts';
import { bareLayout } from '../web/layout.ts';
import { button, withoutScript, withScript } from '../web/parts.ts';
import type { Site } from '../web/site.ts';
import type { Visit } from '../web/visit.ts';
import { refusalSentence } from '../words/refusals.ts';
import { methodsOf, pickMethod } from './choose-method.ts';
import type { AnswerMethod, Asked, Prompt, Wrong } from './factor.ts';
import { holdRefusal } from './held.ts';
import { listFactors } from './store.ts';
import { en } from './words.en.ts';
import { es } from './words.es.ts';

const words = { en, es };

export interface Ask {
  /** Where answers are posted and other methods linked. */
  readonly base: '/sign-in/factor' | '/confirm/factor';
  readonly account: Account;
  readonly holderId: string;
  /** The method that was named, if one was. */
  readonly kind: string | undefined;
  /** The last answer; null when this is the first look. */
  readonly wrong: Wrong | null;
  /** "Don't ask again" was ticked with it. */
  readonly trust?: boolean;
}

/**
 * The page of the second step, at sign-in and at step-up alike: the preferred or named method, one input, and the
 * others behind "Having trouble?" (screen 2).
 */
export async function askPage(deps: Deps, site: Site, visit: Visit, first: Ask): Promise<Html> {
  const factors = await listFactors(deps.database.db, first.account.id);
  const methods = await methodsOf(deps, factors);
  const method = pickMethod(methods, first.kind) ?? methods[0];
  if (!method) throw new Refusal('pending_ended');
  const ask = { ...first, wrong: first.wrong ?? (await onHold(deps, visit, first, method)) };
  const prompt = await method.prompt(
    deps,
    { ...askedAt(ask), account: ask.account, factors },
    visit,
    ask.wrong,
  );
  const answerable = prompt.button !== null || prompt.formData !== undefined;
  const trust = answerable && mayTrust(method) && (await mayTrustBrowsers(deps.database.db));
  const others = methods.filter((other) => other !== method);
  return layOut(
    deps,
    site,
    visit,
    ask,
    { prompt, trust },
    others.map(({ kind, linkText }) => ({ kind, text: linkText(visit.locale) })),
  );
}

/** Told before a code is typed that could not count. */
async function onHold(deps: Deps, visit: Visit, { account }: Ask, { typed }: AnswerMethod) {
  const verdict = typed ? await guessState(deps.database.db, account.id, visit.now) : null;
  if (!verdict) return null;
  return wrongOf(visit, await holdRefusal(deps, account, verdict));
}

/** What the page says of a refusal. */
export function wrongOf({ locale, requestId }: Visit, refusal: Refusal): Wrong {
  const { lastTry = false } = refusal.detail;
  return { code: refusal.code, sentence: refusalSentence(locale, refusal, requestId), lastTry };
}

/** A spare is for somebody who lost something: no moment to trust a browser (R37). */
export function mayTrust({ strength }: Pick<AnswerMethod, 'strength'>): boolean {
  return strength > 0;
}

/** What a method is told of the door at which it asks. */
export function askedAt({
  base,
  holderId,
}: Pick<Ask, 'base' | 'holderId'>): Omit<Asked, 'account' | 'factors'> {
  return { base, holderId, purpose: base === '/sign-in/factor' ? 'sign-in' : 'step-up' };
}

function layOut(
  deps: Deps,
  site: Site,
  visit: Visit,
  { base, account, wrong, trust: ticked = false }: Ask,
  { prompt, trust }: { readonly prompt: Prompt; readonly trust: boolean },
  others: readonly { readonly kind: string; readonly text: string }[],
): Html {
  const w = words[visit.locale];
  const signingIn = base === '/sign-in/factor';
  const days = Math.max(1, Math.round(deps.config.lifetimes.trustedBrowserMax / DAY));
  const asking = form({
    action: `${base}/${prompt.path}`,
    data: prompt.formData ?? {},
    body: html`${prompt.fields}${signingIn && trust ? checkbox({ name: 'trust', label: w.trust(days), checked: ticked }) : null}${prompt.button === null ? null : button(prompt.button, { kind: 'primary', wide: true })}`,
  });
  const links = others.map(({ kind, text }) => html`<li><a href="${base}?method=${kind}">${text}</a></li>`);
  return bareLayout(site, visit, {
    title: prompt.title,
    scripts: prompt.scripts ?? [],
    body: html`
      <p class="lead">${signingIn ? w.signingInAs(account.email) : w.confirming(account.email)}</p>
      ${
        prompt.withoutScript === undefined
          ? asking
          : html`${withoutScript(html`${prompt.withoutScript}<ul class="plain">${links}</ul>`)}${withScript(asking)}`
      }
      ${prompt.aside}
      <details class="trouble"${wrong !== null && trusted(' open')}><summary>${w.trouble}</summary>
        <ul class="plain">
          ${links}
          <li>${signingIn ? html`<a href="/recover">${w.lost}</a>` : lostAtStepUp(site, visit)}</li>
        </ul>
      </details>
      ${
        signingIn
          ? form({ action: '/sign-in/cancel', body: button(w.cancel, { kind: 'quiet' }) })
          : html`<p class="links"><a href="/account/security">${w.back}</a></p>`
      }`,
  });
}

/** Whoever is signed in can't ask for help here: they passed the second step before, and sign in anew for it. */
function lostAtStepUp({ supportEmail }: Site, visit: Visit): Content {
  const w = words[visit.locale];
  return supportEmail ? html`${w.lostWrite} <a href="mailto:${supportEmail}">${supportEmail}</a>` : w.lostAsk;
}
