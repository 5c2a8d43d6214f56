import { type Content, type Html, html } from '../kit/html.ts';
import { field, form, hidden } from '../web/fields.ts';
import { bareLayout } from '../web/layout.ts';
import { button, notice, withScript } from '../web/parts.ts';
import type { Complaints } from '../web/refused-form.ts';
import { withReturnTo } from '../web/return-to.ts';
import type { Site } from '../web/site.ts';
import type { Visit } from '../web/visit.ts';
import { en } from './words.en.ts';
import { es } from './words.es.ts';

const words = { en, es };

/** The form below the password's, drawn by the factor that can sign in alone. */
export interface PasskeyPart {
  readonly form: (fields: Content, page: string) => Html;
  readonly scripts: readonly string[];
}

export interface SignInForm extends Partial<Complaints> {
  readonly email: string;
  readonly returnTo: string;
  /** Somebody comes from the page for those who lost everything. */
  readonly forHelp?: boolean;
  readonly message?: string | null;
  /** The message says that a sign-in came to nothing. */
  readonly ended?: boolean;
  /** null where passkeys can't work: this server has an address but no name. */
  readonly passkey: PasskeyPart | null;
}

export function signInPage(
  site: Site,
  visit: Visit,
  { email, returnTo, forHelp = false, error, fields = {}, message, ended = false, passkey }: SignInForm,
): Html {
  const { signIn: w } = words[visit.locale];
  const back = returnTo === '/' ? null : hidden('return_to', returnTo);
  const news = [
    [ended ? 'info' : 'success', message],
    ['danger', error],
    ['info', forHelp && w.forHelp],
  ] as const;
  const notices = news.flatMap(([kind, text]) => (text ? [{ kind, text }] : []));
  // The first is read out with the field that has the focus.
  const told = notices.length > 0 ? 'told' : null;
  return bareLayout(site, visit, {
    title: w.title,
    scripts: passkey?.scripts ?? [],
    body: html`
      ${notices.map(({ kind, text }, index) => notice(kind, text, index === 0 ? told : null))}
      ${form({
        action: '/sign-in',
        body: html`
          ${field({ name: 'email', label: w.email, type: 'email', value: email, autocomplete: passkey ? 'username webauthn' : 'username', required: true, autofocus: email === '', toldBy: email === '' ? told : null, error: fields['email'] ?? null, maxlength: 254 })}
          ${field({ name: 'password', label: w.password, type: 'password', autocomplete: 'current-password', required: true, autofocus: email !== '', toldBy: email === '' ? null : told, error: fields['password'] ?? null })}
          ${back}
          ${button(w.button, { kind: 'primary', wide: true })}`,
      })}
      ${passkey && withScript(passkey.form(back, withReturnTo('/sign-in', returnTo)))}
      <p class="links"><a href="/forgot-password">${w.forgot}</a>${
        site.signUpOpen ? html`<a href="/sign-up">${w.signUp}</a>` : null
      }</p>`,
  });
}
