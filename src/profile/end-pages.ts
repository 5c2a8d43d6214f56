import type { Account } from '../accounts/account.ts';
import type { Html } from '../kit/html.ts';
import { describeBrowser } from '../notices/browser-name.ts';
import { askingPage, type Confirmation } from '../web/confirmation.ts';
import type { Site } from '../web/site.ts';
import type { Visit } from '../web/visit.ts';
import type { Locale } from '../words/locale.ts';
import type { OwnSession } from './session-pages.ts';
import { profileWords } from './words.ts';

/** Asked before one session is ended. */
export function endOne(locale: Locale, { id, browser, network, here }: OwnSession): Confirmation {
  const { sessions: w } = profileWords[locale];
  return {
    path: `/account/sessions/${id}/end`,
    title: w.endQuestion,
    lead: here ? w.endHereLead : w.endLead(describeBrowser(browser, locale), network),
    button: w.endButton,
    cancel: w.cancel,
  };
}

/** Asked before all others are. */
export function endOthers(locale: Locale, others: number): Confirmation {
  const { sessions: w } = profileWords[locale];
  return {
    path: '/account/sessions/end-others',
    title: w.endOthersQuestion,
    lead: w.endOthersLead(others),
    button: w.endOthersButton,
    cancel: w.cancel,
  };
}

/** What the dialogs of the list ask, for browsers without a script. */
export function endPage(site: Site, visit: Visit, account: Account, question: Confirmation): Html {
  return askingPage(site, visit, question, {
    current: 'sessions',
    person: account,
    back: { href: '/account/sessions', text: profileWords[visit.locale].sessions.title },
  });
}
