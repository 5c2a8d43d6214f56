import { type Content, type Html, html } from '../../kit/html.ts';
import { form, hidden } from '../../web/fields.ts';
import { button } from '../../web/parts.ts';
import type { Locale } from '../../words/locale.ts';
import { en } from './words.en.ts';
import { es } from './words.es.ts';

export const webauthnWords = { en, es };

/** The browser script that every ceremony needs. */
export const CEREMONY_SCRIPTS: readonly string[] = ['webauthn.js'];

export interface Ceremony {
  readonly kind: 'get' | 'create';
  /** The …OptionsJSON. */
  readonly options: object;
  /** Where newer options are found when these have grown old. */
  readonly page: string;
}

/** Attributes of the form that takes the answer: what the script asks for, and what it says meanwhile. */
export function ceremonyData({ kind, options, page }: Ceremony, locale: Locale): Record<string, string> {
  const said = Object.entries(webauthnWords[locale].ceremony).map(([name, text]) => [`data-${name}`, text]);
  return {
    'data-webauthn': kind,
    'data-options': JSON.stringify(options),
    'data-page': page,
    ...Object.fromEntries(said),
  };
}

/** The field that the script fills in, and the line in which it speaks. */
export function ceremonyFields(): Html {
  return html`${hidden('credential', '')}<p class="said" role="status"></p>`;
}

/** A whole form: the button that starts it stands in the form that holds the answer (contract). */
export function passkeyForm(f: {
  locale: Locale;
  ceremony: Ceremony;
  fields: Content;
  data: Readonly<Record<string, string>>;
}): Html {
  return form({
    action: '/sign-in/passkey',
    data: { ...ceremonyData(f.ceremony, f.locale), ...f.data },
    body: html`${ceremonyFields()}${f.fields}${button(webauthnWords[f.locale].passkey, { kind: 'secondary', wide: true, icon: 'key' })}`,
  });
}
