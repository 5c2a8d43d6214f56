import type { Account } from '../accounts/account.ts';
import type { App } from '../builds/app.ts';
import { LONGEST_DESCRIPTION } from '../builds/name-rules.ts';
import { type Html, html } from '../kit/html.ts';
import { field, form, textArea } from '../web/fields.ts';
import { fileField, uploadForm } from '../web/file-fields.ts';
import { storeLayout } from '../web/layout.ts';
import { actions, button, linkButton, notice, section } from '../web/parts.ts';
import type { Complaints } from '../web/refused-form.ts';
import type { Site } from '../web/site.ts';
import type { Visit } from '../web/visit.ts';
import { appIcon } from './app-icon.ts';
import { MANAGE } from './catalogue-pages.ts';
import { publishWords } from './publish-words.ts';

interface Texts {
  readonly name: string;
  readonly description: string;
}

export interface NewAppPage extends Partial<Complaints>, Partial<Texts> {
  readonly account: Account;
  readonly slug?: string;
}

export function newAppPage(site: Site, visit: Visit, page: NewAppPage): Html {
  const { edit: w } = publishWords[visit.locale];
  const { account, slug = '', name = '', description = '', error, fields = {} } = page;
  return storeLayout(site, visit, {
    title: w.newTitle,
    lead: w.newLead,
    current: 'publish',
    person: account,
    back: { href: MANAGE, text: w.back },
    notice: error ? notice('danger', error) : null,
    body: form({
      action: `${MANAGE}/new`,
      body: html`${textFields(visit, { name, description }, fields, true)}${field({
        name: 'slug',
        label: w.slug,
        hint: w.slugHint(site.baseUrl),
        value: slug,
        autocomplete: 'off',
        required: true,
        maxlength: 40,
        spellcheck: false,
        error: fields['slug'] ?? null,
      })}${actions(button(w.create), linkButton(MANAGE, w.cancel, { kind: 'quiet' }))}`,
    }),
  });
}

export interface EditAppPage extends Partial<Complaints>, Partial<Texts> {
  readonly account: Account;
  readonly app: App;
  readonly message: string | null;
}

export function editAppPage(site: Site, visit: Visit, page: EditAppPage): Html {
  const { edit: w } = publishWords[visit.locale];
  const { account, app, message, error, fields = {} } = page;
  const path = `${MANAGE}/${app.slug}`;
  const typed = { name: page.name ?? app.name, description: page.description ?? app.description };
  const texts = form({
    action: `${path}/edit`,
    body: html`${textFields(visit, typed, fields, false)}${actions(button(w.save), linkButton(path, w.cancel, { kind: 'quiet' }))}`,
  });
  const picture = uploadForm({
    action: `${path}/icon`,
    body: html`${fileField({ name: 'icon', label: w.picture, hint: w.pictureHint, accept: 'image/png', error: fields['icon'] ?? null })}${actions(
      button(w.upload, { kind: 'secondary' }),
    )}`,
  });
  const removal =
    app.icon_hash !== null &&
    form({
      action: `${path}/icon/remove`,
      body: actions(button(w.removePicture, { kind: 'removal', icon: 'trash' })),
    });
  return storeLayout(site, visit, {
    title: w.title,
    current: 'publish',
    person: account,
    back: { href: path, text: app.name },
    notice: error ? notice('danger', error) : message === null ? null : notice('success', message),
    body: html`${texts}${section({ title: w.picture, body: html`${appIcon(app, 'large')}${picture}${removal}` })}`,
  });
}

function textFields(
  visit: Visit,
  { name, description }: Texts,
  complaints: Readonly<Record<string, string>>,
  autofocus: boolean,
): Html {
  const { edit: w } = publishWords[visit.locale];
  return html`${field({ name: 'name', label: w.name, value: name, autocomplete: 'off', required: true, autofocus, maxlength: 100, error: complaints['name'] ?? null })}${textArea(
    {
      name: 'description',
      label: w.description,
      hint: w.descriptionHint,
      value: description,
      rows: 4,
      maxlength: LONGEST_DESCRIPTION,
      error: complaints['description'] ?? null,
    },
  )}`;
}
