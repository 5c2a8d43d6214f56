import { type Content, type Html, html } from '../kit/html.ts';
import { type Attributes, attributes } from './attributes.ts';
import { icon } from './icons.ts';

// What people fill in. Every word comes in as an argument; every complaint stands in words under its field.

interface Labelled {
  readonly name: string;
  readonly label: string;
  /** `f-NAME` unless the page holds two of that name. */
  readonly id?: string;
  readonly hint?: Html | string;
  readonly error?: string | null;
  /** The id of what the page says above the form, to be read out with this field. */
  readonly toldBy?: string | null;
}

/** Label, hint, control, complaint: the order in which they are read. */
function labelled(f: Labelled, control: (wiring: Attributes) => Html): Html {
  const id = f.id ?? `f-${f.name}`;
  const described = [f.toldBy, f.hint && `${id}-hint`, f.error && `${id}-error`].filter(Boolean).join(' ');
  const wiring = {
    id,
    name: f.name,
    'aria-describedby': described || null,
    'aria-invalid': f.error ? 'true' : null,
  };
  return html`<div class="field"><label for="${id}">${f.label}</label>${
    f.hint && html`<p class="hint" id="${id}-hint">${f.hint}</p>`
  }${control(wiring)}${f.error && html`<p class="error" id="${id}-error">${icon('danger')}<span>${f.error}</span></p>`}</div>`;
}

export interface Field extends Labelled {
  readonly type?: 'text' | 'email' | 'password' | 'search' | 'date' | 'number';
  /** Of a day or a number. */
  readonly min?: string | number;
  readonly max?: string | number;
  readonly value?: string;
  readonly autocomplete?: string;
  readonly inputmode?: string;
  readonly required?: boolean;
  readonly autofocus?: boolean;
  readonly maxlength?: number;
  readonly minlength?: number;
  readonly spellcheck?: boolean;
  readonly readonly?: boolean;
}

/** A field with a complaint takes the focus. The script adds "Show" to a password. */
export function field(f: Field): Html {
  const { type = 'text', autocomplete, inputmode, required, maxlength, minlength, readonly } = f;
  return labelled(f, (wiring) => {
    const input = html`<input${attributes({
      ...wiring,
      type,
      value: f.value ?? null,
      autocomplete,
      inputmode,
      required,
      maxlength,
      minlength,
      min: f.min,
      max: f.max,
      readonly,
      spellcheck: f.spellcheck === undefined ? null : String(f.spellcheck),
      autofocus: f.autofocus || Boolean(f.error),
    })}>`;
    return type === 'password' ? html`<div class="secret">${input}</div>` : input;
  });
}

export interface TextArea extends Labelled {
  readonly value?: string;
  readonly required?: boolean;
  readonly rows?: number;
  /** Characters; a line break counts as one. */
  readonly maxlength: number;
}

/** For a few sentences in a person's own words. */
export function textArea(f: TextArea): Html {
  const { value = '', required, rows = 3, maxlength } = f;
  return labelled(f, (wiring) => {
    const own = attributes({ ...wiring, rows, required, maxlength, autofocus: Boolean(f.error) });
    // A browser drops the first line break of a text area.
    return html`<textarea${own}>\n${value}</textarea>`;
  });
}

export interface CodeField extends Labelled {
  readonly autofocus?: boolean;
  readonly kind: 'digits' | 'recovery';
}

/** One input for the whole code: it can be pasted, filled in by the phone, and read at arm's length. */
export function codeField(f: CodeField): Html {
  const digits = f.kind === 'digits';
  return labelled(
    f,
    (wiring) =>
      html`<input${attributes({
        ...wiring,
        class: digits ? 'code digits' : 'code',
        type: 'text',
        inputmode: digits ? 'numeric' : null,
        autocomplete: digits ? 'one-time-code' : 'off',
        autocapitalize: digits ? 'none' : 'characters',
        autocorrect: 'off',
        spellcheck: 'false',
        // Spaces and dashes are allowed; the server drops them.
        maxlength: digits ? 20 : 40,
        required: true,
        autofocus: f.autofocus || Boolean(f.error),
      })}>`,
  );
}

export interface Option {
  readonly value: string;
  readonly text: string;
}

export interface Select extends Labelled {
  /** Those under a `group` stand together, in their order. */
  readonly options: readonly (Option | { readonly group: string; readonly options: readonly Option[] })[];
  readonly value: string;
}

export function select(f: Select): Html {
  const option = ({ value, text }: Option) =>
    html`<option${attributes({ value, selected: value === f.value })}>${text}</option>`;
  const options = f.options.map((one) =>
    'group' in one ? html`<optgroup label="${one.group}">${one.options.map(option)}</optgroup>` : option(one),
  );
  return labelled(
    f,
    (wiring) => html`<div class="select"><select${attributes(wiring)}>${options}</select></div>`,
  );
}

export function checkbox(f: {
  name: string;
  label: string;
  id?: string;
  /** `on` where nothing is said; of several boxes with one name each has its own. */
  value?: string;
  checked?: boolean;
  autofocus?: boolean;
  hint?: Html | string;
}): Html {
  const id = f.id ?? `f-${f.name}`;
  const input = attributes({
    id,
    name: f.name,
    value: f.value ?? 'on',
    checked: f.checked,
    autofocus: f.autofocus,
    'aria-describedby': f.hint ? `${id}-hint` : null,
  });
  return html`<div class="check"><input type="checkbox"${input}><div><label for="${id}">${f.label}</label>${
    f.hint && html`<p class="hint" id="${id}-hint">${f.hint}</p>`
  }</div></div>`;
}

/** `data`: attributes such as `data-options`, for a browser script. */
export function form(f: {
  action: string;
  body: Content;
  id?: string;
  data?: Readonly<Record<string, string>>;
}): Html {
  return html`<form${attributes({ method: 'post', action: f.action, id: f.id, ...f.data })}>${f.body}</form>`;
}

export function hidden(name: string, value: string): Html {
  return html`<input type="hidden" name="${name}" value="${value}">`;
}

/** For password managers alone: which account the password belongs to. Without a name, so that nothing of it is sent. */
export function userName(email: string): Html {
  return html`<input type="hidden" value="${email}" autocomplete="username" disabled>`;
}
