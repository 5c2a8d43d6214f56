import type { Account } from '../../accounts/account.ts';
import { type Html, html } from '../../kit/html.ts';
import { form } from '../../web/fields.ts';
import { dashboardLayout } from '../../web/layout.ts';
import { actions, button, linkButton } from '../../web/parts.ts';
import type { Site } from '../../web/site.ts';
import type { Visit } from '../../web/visit.ts';
import type { AboutPerson } from './form-pages.ts';
import { personPath } from './questions.ts';
import { personWords } from './words.ts';

/** `account`: the administrator. */
export function dataPage(
  site: Site,
  visit: Visit,
  { account, person }: Pick<AboutPerson, 'account'> & { readonly person: Account },
): Html {
  const { data: w } = personWords[visit.locale].forms;
  const back = personPath(person);
  return dashboardLayout(site, visit, {
    title: w.title,
    lead: w.lead(person.name),
    current: 'people',
    person: account,
    back: { href: back, text: person.name },
    body: html`<p>${w.sure(person.name)}</p>${form({
      action: `${back}/data`,
      // A file comes and the page stays.
      data: { 'data-stays': '' },
      body: actions(button(w.save, { icon: 'download' }), linkButton(back, w.back, { kind: 'quiet' })),
    })}`,
  });
}
