import type { Account } from '../accounts/account.ts';
import type { App, Build } from '../builds/app.ts';
import type { CountedGroup } from '../groups/store.ts';
import { type Html, html } from '../kit/html.ts';
import { attributes } from '../web/attributes.ts';
import { checkbox, form } from '../web/fields.ts';
import { icon } from '../web/icons.ts';
import { storeLayout } from '../web/layout.ts';
import { actions, button, linkButton, notice } from '../web/parts.ts';
import type { Complaints } from '../web/refused-form.ts';
import type { Site } from '../web/site.ts';
import type { Visit } from '../web/visit.ts';
import { MANAGE } from './catalogue-pages.ts';
import { buildName } from './publish-app-pages.ts';
import { publishWords } from './publish-words.ts';

export interface AudiencePage extends Partial<Complaints> {
  readonly account: Account;
  readonly app: App;
  readonly build: Build;
  readonly groups: readonly CountedGroup[];
  readonly everyone: boolean;
  /** Ids of those that are ticked. */
  readonly chosen: readonly string[];
}

export function audiencePage(site: Site, visit: Visit, page: AudiencePage): Html {
  const { publish: w } = publishWords[visit.locale];
  const { account, app, build, groups, everyone, chosen, error, fields = {} } = page;
  const path = `${MANAGE}/${app.slug}`;
  const complaint = fields['groups'];
  const boxes =
    groups.length > 0
      ? groups.map(({ id, name, members }) =>
          checkbox({
            name: 'groups',
            id: `group-${id}`,
            value: id,
            label: name,
            checked: chosen.includes(id),
            hint: w.members(members),
          }),
        )
      : html`<p class="hint">${w.noGroups}</p>`;
  return storeLayout(site, visit, {
    title: w.title(buildName(visit.locale, build)),
    lead: w.lead,
    current: 'publish',
    person: account,
    back: { href: path, text: app.name },
    notice: error ? notice('danger', error) : null,
    body: form({
      action: `${path}/builds/${build.id}/publish`,
      body: html`<fieldset${attributes({ 'aria-describedby': complaint ? 'audience-error' : null })}><legend>${w.who}</legend>${choice('everyone', w.everyone, everyone)}${choice('groups', w.groups, !everyone)}<div class="within">${boxes}</div>${
        complaint && html`<p class="error" id="audience-error">${icon('danger')}<span>${complaint}</span></p>`
      }</fieldset>${actions(button(w.send), linkButton(path, w.cancel, { kind: 'quiet' }))}`,
    }),
  });

  function choice(value: string, text: string, checked: boolean): Html {
    const input = attributes({ type: 'radio', name: 'audience', id: `audience-${value}`, value, checked });
    return html`<div class="check"><input${input}><div><label for="audience-${value}">${text}</label></div></div>`;
  }
}
