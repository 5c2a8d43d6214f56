import { type Html, html } from '../kit/html.ts';
import { bareLayout } from '../web/layout.ts';
import { button, field, form, hidden, notice } from '../web/parts.ts';
import type { Site } from '../web/site.ts';
import type { Visit } from '../web/visit.ts';
import { en } from './words.en.ts';
import { es } from './words.es.ts';

const words = { en, es };

export interface SignInForm {
  readonly email: string;
  readonly returnTo: string;
  readonly error?: string | null;
  readonly fields?: Readonly<Record<string, string>>;
  readonly message?: string | null;
}

export function signInPage(
  site: Site,
  visit: Visit,
  { email, returnTo, error, fields = {}, message }: SignInForm,
): Html {
  const { signIn: w } = words[visit.locale];
  return bareLayout(site, visit, {
    title: w.title,
    body: html`
      ${message ? notice('success', message) : null}
      ${error ? notice('danger', error) : null}
      ${form({
        action: '/sign-in',
        body: html`
          ${field({ name: 'email', label: w.email, type: 'email', value: email, autocomplete: 'username', required: true, autofocus: email === '', error: fields['email'] ?? null, maxlength: 254 })}
          ${field({ name: 'password', label: w.password, type: 'password', autocomplete: 'current-password', required: true, autofocus: email !== '', error: fields['password'] ?? null })}
          ${returnTo === '/' ? null : hidden('return_to', returnTo)}
          ${button(w.button, { kind: 'primary', wide: true })}`,
      })}
      <p class="links"><a href="/forgot-password">${w.forgot}</a>${
        site.signUpOpen ? html`<a href="/sign-up">${w.signUp}</a>` : null
      }</p>`,
  });
}
