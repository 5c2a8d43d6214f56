import type { Account } from '../accounts/account.ts';
import type { Html } from '../kit/html.ts';
import { accountLayout, enrolmentLayout } from '../web/layout.ts';
import type { Site } from '../web/site.ts';
import type { Visit } from '../web/visit.ts';
import { chrome } from '../words/chrome.ts';

export interface SettingUp {
  readonly account: Account;
  /** The person may only enrol: no navigation around the page. */
  readonly enrolmentOnly: boolean;
}

/** The page on which a factor is set up: one of Account > Security, or alone for somebody with an enrolment pass. */
export function factorSetUpLayout(
  site: Site,
  visit: Visit,
  { account, enrolmentOnly }: SettingUp,
  content: {
    readonly title: string;
    readonly lead?: string;
    readonly body: Html;
    readonly scripts?: readonly string[];
  },
): Html {
  const page = { ...content, person: account };
  if (enrolmentOnly) return enrolmentLayout(site, visit, page);
  const back = { href: '/account/security', text: chrome[visit.locale].sections.security };
  return accountLayout(site, visit, { ...page, back, current: 'security' });
}
