import type { Account } from '../../accounts/account.ts';
import { API_SCOPES, type Client, type ClientKind } from '../../clients/client.ts';
import type { Group } from '../../groups/store.ts';
import { type Content, type Html, html } from '../../kit/html.ts';
import { choices } from '../../web/choices.ts';
import { field, form, hidden, select, textArea } from '../../web/fields.ts';
import { dashboardLayout } from '../../web/layout.ts';
import { actions, button, linkButton, notice, section } from '../../web/parts.ts';
import type { Complaints } from '../../web/refused-form.ts';
import type { Site } from '../../web/site.ts';
import type { Visit } from '../../web/visit.ts';
import { APPS, appPath, newPath } from './paths.ts';
import type { Typed } from './read-settings.ts';
import { appsWords } from './words.ts';

export interface FormPage extends Partial<Complaints> {
  /** The administrator. */
  readonly account: Account;
  readonly kind: ClientKind;
  /** Null: it is being registered. */
  readonly client: Pick<Client, 'id' | 'name' | 'isPublic'> | null;
  readonly typed: Typed;
  /** The mark of the settings that are being changed; none or empty where nothing was seen. */
  readonly seen?: string;
  readonly groups: readonly Group[];
}

export function formPage(site: Site, visit: Visit, page: FormPage): Html {
  const { form: w, choose } = appsWords[visit.locale];
  const { account, kind, client, seen = '', error } = page;
  const back = client
    ? { href: appPath(client), text: client.name }
    : { href: `${APPS}/new`, text: choose.back };
  const send = client ? w.save : { oidc: w.register, 'forward-auth': w.protect, api: w.give }[kind];
  return dashboardLayout(site, visit, {
    title: client ? w.change(client.name) : w.titles[kind],
    current: 'apps',
    person: account,
    back,
    notice: error ? notice('danger', error) : null,
    body: form({
      action: client ? `${appPath(client)}/edit` : newPath(kind),
      body: html`${nameField(visit, page)}${bodyOf(visit, page)}${seen !== '' && hidden('seen', seen)}${actions(
        button(send),
        linkButton(client ? appPath(client) : APPS, w.cancel, { kind: 'quiet' }),
      )}`,
    }),
  });
}

function nameField(visit: Visit, { kind, client, typed, fields = {} }: FormPage): Html {
  const { form: w } = appsWords[visit.locale];
  const hint = { oidc: w.nameHint, 'forward-auth': w.nameHintHost, api: w.nameHintProgram }[kind];
  return field({
    name: 'name',
    label: w.name,
    hint,
    value: typed.name,
    autocomplete: 'off',
    required: true,
    maxlength: 100,
    autofocus: client === null && Object.keys(fields).length === 0,
    error: fields['name'] ?? null,
  });
}

function bodyOf(visit: Visit, page: FormPage): Content {
  switch (page.kind) {
    case 'oidc':
      return [
        oidcFields(visit, page),
        peopleFields(visit, page),
        signOutFields(visit, page),
        storeFields(visit, page),
      ];
    case 'forward-auth':
      return [originField(visit, page), peopleFields(visit, page), storeFields(visit, page)];
    case 'api':
      return scopeFields(visit, page);
  }
}

function oidcFields(visit: Visit, { client, typed, fields = {} }: FormPage): Content {
  const { form: w } = appsWords[visit.locale];
  const type =
    client === null &&
    select({
      name: 'type',
      label: w.type,
      hint: w.typeHint,
      value: typed.type,
      options: (['confidential', 'public'] as const).map((value) => ({ value, text: w.types[value] })),
    });
  const redirects = addresses(
    'redirect_uris',
    { label: w.redirects, hint: client?.isPublic === false ? w.redirectsHint : w.redirectsHintPublic },
    typed.redirectUris,
    fields,
    true,
  );
  return [type, redirects];
}

function originField(visit: Visit, { typed, fields = {} }: FormPage): Html {
  const { form: w } = appsWords[visit.locale];
  return field({
    name: 'origin',
    label: w.origin,
    hint: w.originHint,
    value: typed.origin,
    autocomplete: 'off',
    inputmode: 'url',
    spellcheck: false,
    required: true,
    maxlength: 2_000,
    error: fields['origin'] ?? null,
  });
}

function peopleFields(visit: Visit, { typed, groups, fields = {} }: FormPage): Content {
  const { form: w } = appsWords[visit.locale];
  const acr = select({
    name: 'acr',
    label: w.acr,
    hint: w.acrHint,
    value: typed.acr,
    options: (['pwd', 'mfa', 'phr'] as const).map((value) => ({ value, text: w.acrs[value] })),
  });
  const audience = choices({
    name: 'groups',
    legend: w.groups,
    hint: groups.length > 0 ? w.groupsHint : w.noGroups,
    options: groups.map(({ id, name }) => ({ value: id, text: name })),
    chosen: typed.groups,
    error: fields['groups'] ?? null,
  });
  return [acr, audience];
}

function signOutFields(visit: Visit, { typed, fields = {} }: FormPage): Html {
  const { form: w } = appsWords[visit.locale];
  const after = addresses(
    'post_logout_redirect_uris',
    { label: w.postLogout, hint: w.postLogoutHint },
    typed.postLogoutRedirectUris,
    fields,
  );
  const told = address(
    'backchannel_logout_uri',
    w.backchannel,
    w.backchannelHint,
    typed.backchannelLogoutUri,
    fields,
  );
  return section({ title: w.more, body: html`${after}${told}` });
}

function storeFields(visit: Visit, { typed, fields = {} }: FormPage): Html {
  const { form: w } = appsWords[visit.locale];
  const home = address('home_url', w.home, w.homeHint, typed.homeUrl, fields);
  const description = textArea({
    name: 'description',
    label: w.description,
    hint: w.descriptionHint,
    value: typed.description,
    maxlength: 500,
    error: fields['description'] ?? null,
  });
  return section({ title: w.store, body: html`${home}${description}` });
}

function scopeFields(visit: Visit, { typed, fields = {} }: FormPage): Html {
  const { form: w } = appsWords[visit.locale];
  return choices({
    name: 'scopes',
    legend: w.scopes,
    options: API_SCOPES.map((value) => ({ value, text: w.scopeNames[value], hint: value })),
    chosen: typed.scopes,
    error: fields['scopes'] ? w.scopesNone : null,
  });
}

function address(
  name: string,
  label: string,
  hint: string,
  value: string,
  fields: Complaints['fields'],
): Html {
  return field({
    name,
    label,
    hint,
    value,
    autocomplete: 'off',
    inputmode: 'url',
    spellcheck: false,
    maxlength: 2_000,
    error: fields[name] ?? null,
  });
}

function addresses(
  name: string,
  { label, hint }: { label: string; hint: string },
  value: string,
  fields: Complaints['fields'],
  required = false,
): Html {
  return textArea({ name, label, hint, value, required, maxlength: 20_000, error: fields[name] ?? null });
}
