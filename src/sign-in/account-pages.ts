import { type Content, type Html, html } from '../kit/html.ts';
import { field, form, hidden, userName } from '../web/fields.ts';
import { bareLayout } from '../web/layout.ts';
import { actions, button, linkButton, notice } from '../web/parts.ts';
import type { Complaints } from '../web/refused-form.ts';
import type { Site } from '../web/site.ts';
import type { Visit } from '../web/visit.ts';
import type { Words } from '../words/locale.ts';
import { type AccountWords, en } from './account-words.en.ts';
import { es } from './account-words.es.ts';

const words: Words<AccountWords> = { en, es };

type Shown = Partial<Complaints> & { readonly name?: string; readonly email?: string };

export interface PasswordForm extends Shown {
  readonly token: string;
  readonly minLength: number;
}

export function setUpPage(site: Site, visit: Visit, page: PasswordForm): Html {
  const w = words[visit.locale];
  return formPage(site, visit, page, {
    title: w.setUp.title(site.brand),
    lead: w.setUp.lead,
    action: '/setup',
    body: [
      hidden('token', page.token),
      nameField(w, page),
      emailField(w, page),
      passwordField(w, page, w.password),
      button(w.setUp.button, { wide: true }),
    ],
  });
}

export function signUpPage(site: Site, visit: Visit, page: Shown): Html {
  const w = words[visit.locale];
  return formPage(site, visit, page, {
    title: w.signUp.title,
    lead: w.signUp.lead,
    action: '/sign-up',
    body: [nameField(w, page), emailField(w, page), button(w.signUp.button, { wide: true })],
    after: html`<p class="links"><a href="/sign-in">${w.signUp.haveOne}</a></p>`,
  });
}

/** The same for every address, known or not (R55). */
export function checkEmailPage(site: Site, visit: Visit): Html {
  const { checkEmail: w, signIn } = words[visit.locale];
  return bareLayout(site, visit, {
    title: w.title,
    body: html`<p class="lead">${w.lead}</p><p>${w.wait}</p>
      ${site.localMode && actions(linkButton('/mailbox', w.mailbox, { kind: 'primary' }))}
      <p class="links"><a href="/sign-in">${signIn}</a></p>`,
  });
}

export function invitationPage(
  site: Site,
  visit: Visit,
  page: PasswordForm & { readonly email: string },
): Html {
  const w = words[visit.locale];
  return formPage(site, visit, page, {
    title: w.invitation.title(site.brand),
    lead: w.invitation.lead(page.email),
    action: '/invitation',
    body: [
      hidden('token', page.token),
      userName(page.email),
      nameField(w, page),
      passwordField(w, page, w.password, page.name !== ''),
      button(w.invitation.button, { wide: true }),
    ],
  });
}

/** Opening the link does nothing; its button does. */
export function provePage(
  site: Site,
  visit: Visit,
  page: Partial<Complaints> & { readonly token: string; readonly email: string },
): Html {
  const { enrol: w } = words[visit.locale];
  return formPage(site, visit, page, {
    title: w.title,
    lead: w.lead(page.email),
    action: '/enrol',
    body: [hidden('token', page.token), button(w.button, { wide: true })],
    after: html`<p>${w.warning}</p>`,
  });
}

export function forgotPage(site: Site, visit: Visit, page: Shown): Html {
  const w = words[visit.locale];
  return formPage(site, visit, page, {
    title: w.forgot.title,
    lead: w.forgot.lead,
    action: '/forgot-password',
    body: [emailField(w, page, true), button(w.forgot.button, { wide: true })],
    after: html`<p class="links"><a href="/sign-in">${w.signIn}</a></p>`,
  });
}

export function resetPage(site: Site, visit: Visit, page: PasswordForm & { readonly email: string }): Html {
  const w = words[visit.locale];
  return formPage(site, visit, page, {
    title: w.reset.title,
    lead: w.reset.lead(page.email),
    action: '/reset-password',
    body: [
      hidden('token', page.token),
      userName(page.email),
      passwordField(w, page, w.newPassword, true),
      button(w.reset.button, { wide: true }),
    ],
  });
}

interface Parts {
  readonly title: string;
  readonly lead: string;
  readonly action: string;
  readonly body: Content;
  readonly after?: Html;
}

function formPage(
  site: Site,
  visit: Visit,
  { error }: Partial<Complaints>,
  { title, lead, action, body, after }: Parts,
): Html {
  return bareLayout(site, visit, {
    title,
    body: html`${error ? notice('danger', error) : null}<p class="lead">${lead}</p>${form({ action, body })}${after}`,
  });
}

/** Where to begin typing; a field with a complaint comes first. */
function isFirst(wanted: boolean, { fields = {} }: Partial<Complaints>): boolean {
  return wanted && Object.keys(fields).length === 0;
}

function nameField(w: AccountWords, page: Shown): Html {
  const { name = '', fields = {} } = page;
  return field({
    name: 'name',
    label: w.name,
    value: name,
    autocomplete: 'name',
    required: true,
    maxlength: 100,
    autofocus: isFirst(name === '', page),
    error: fields['name'] ?? null,
  });
}

function emailField(w: AccountWords, page: Shown, first = false): Html {
  const { email = '', fields = {} } = page;
  return field({
    name: 'email',
    label: w.email,
    type: 'email',
    value: email,
    autocomplete: 'username',
    required: true,
    maxlength: 254,
    autofocus: isFirst(first, page),
    error: fields['email'] ?? null,
  });
}

/** No `maxlength`: a browser would cut what a password manager fills in without a word (R1). */
function passwordField(w: AccountWords, page: PasswordForm, label: string, first = false): Html {
  return field({
    name: 'password',
    label,
    hint: w.passwordHint(page.minLength),
    type: 'password',
    autocomplete: 'new-password',
    required: true,
    autofocus: isFirst(first, page),
    error: page.fields?.['password'] ?? null,
  });
}
