import type { Account } from '../accounts/account.ts';
import { type Html, html } from '../kit/html.ts';
import { describeBrowser } from '../notices/browser-name.ts';
import type { TrustedBrowser } from '../sessions/trusted-browser.ts';
import { form } from '../web/fields.ts';
import { itemList, section } from '../web/parts.ts';
import { time } from '../web/times.ts';
import type { Visit } from '../web/visit.ts';
import { securityWords as words } from './words.ts';

/** Those that are asked no second step, each with a button that ends it. `browsers` null: there can be none. */
export function browsersSection(
  visit: Visit,
  account: Account,
  browsers: readonly TrustedBrowser[] | null,
): Html | null {
  const { browsers: w } = words[visit.locale];
  if (browsers === null) return null;
  const at = (instant: number) => time(instant, visit.now, visit.locale, account.time_zone);
  return section({
    title: w.title,
    ...(browsers.length > 0 ? { lead: w.lead } : {}),
    body: itemList(
      browsers.map(({ id, browser, network, last_used_at, expires_at }) => {
        const name = describeBrowser(browser, visit.locale);
        const button = html`<button class="button secondary" aria-label="${w.removeOf(name)}">${w.remove}</button>`;
        return {
          icon: 'browser',
          title: name,
          meta: html`${w.network} ${network} · ${w.used} ${at(last_used_at)} · ${w.until} ${at(expires_at)}`,
          actions: form({ action: `/account/security/trusted-browsers/${id}/remove`, body: button }),
        };
      }),
      w.none,
    ),
  });
}
