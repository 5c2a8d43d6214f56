import { DAY, HOUR, MINUTE } from '../kit/clock.ts';
import { type Content, escapeHtml, type Html, html, trusted } from '../kit/html.ts';
import { formatInstant } from '../words/dates.ts';
import type { Locale } from '../words/locale.ts';
import { type IconName, icon } from './icons.ts';

// The parts that pages are made of. Every word comes in as an argument; every state is told in words and not by colour alone.

type Attributes = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** ` name="value"` for each; true stands alone; false, null and undefined are left out. */
function attributes(values: Attributes): Html {
  let text = '';
  for (const [name, value] of Object.entries(values)) {
    if (value === true) text += ` ${name}`;
    else if (value !== false && value !== null && value !== undefined)
      text += ` ${name}="${escapeHtml(String(value))}"`;
  }
  return trusted(text);
}

interface Labelled {
  readonly name: string;
  readonly label: string;
  /** `f-NAME` unless the page holds two of that name. */
  readonly id?: string;
  readonly hint?: Html | string;
  readonly error?: string | null;
}

/** Label, hint, control, complaint: the order in which they are read. */
function labelled(f: Labelled, control: (wiring: Attributes) => Html): Html {
  const id = f.id ?? `f-${f.name}`;
  const described = [f.hint && `${id}-hint`, f.error && `${id}-error`].filter(Boolean).join(' ');
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
  readonly type?: 'text' | 'email' | 'password' | 'search';
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
  checked?: boolean;
  hint?: Html | string;
}): Html {
  const id = f.id ?? `f-${f.name}`;
  const input = attributes({
    id,
    name: f.name,
    value: 'on',
    checked: f.checked,
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

/** `danger` destroys for good; `removal` leads there, or can be made good. */
export type ButtonKind = 'primary' | 'secondary' | 'danger' | 'removal' | 'quiet';

function classOf(kind: ButtonKind, wide = false): string {
  return `button ${kind}${wide ? ' wide' : ''}`;
}

interface ButtonOptions {
  readonly kind?: ButtonKind;
  readonly name?: string;
  readonly value?: string;
  readonly wide?: boolean;
  readonly icon?: IconName;
  /** For screen readers where the text alone says too little: "End Firefox on Linux". Begins with the text. */
  readonly label?: string;
}

export function button(
  text: string,
  { kind = 'primary', name, value, wide, icon: drawing, label }: ButtonOptions = {},
): Html {
  const look = attributes({
    class: classOf(kind, wide),
    type: 'submit',
    name,
    value,
    'aria-label': label,
  });
  return html`<button${look}>${drawing && icon(drawing)}${text}</button>`;
}

interface LinkOptions {
  readonly kind?: ButtonKind;
  readonly wide?: boolean;
  readonly icon?: IconName;
  /** For screen readers where the text alone says too little: "Manage Pixel". Begins with the text. */
  readonly label?: string;
  /** The dialog that opens in place of the linked page, where there is a script. */
  readonly dialog?: string;
}

export function linkButton(
  href: string,
  text: string,
  { kind = 'secondary', wide, icon: drawing, label, dialog }: LinkOptions = {},
): Html {
  const look = attributes({ class: classOf(kind, wide), href, 'aria-label': label, 'data-dialog': dialog });
  return html`<a${look}>${drawing && icon(drawing)}${text}</a>`;
}

/** Buttons in a row; the first is the one that most people want. */
export function actions(...buttons: Content[]): Html {
  return html`<div class="actions">${buttons}</div>`;
}

const NOTICES = { success: 'check', info: 'info', warning: 'warning', danger: 'danger' } as const;

export function notice(kind: keyof typeof NOTICES, body: Content): Html {
  const role = kind === 'success' || kind === 'info' ? 'status' : 'alert';
  return html`<div class="notice ${kind}" role="${role}">${icon(NOTICES[kind])}<div>${body}</div></div>`;
}

/** Said where no script runs, of something that needs one. */
export function withoutScript(body: Content): Html {
  return html`<div class="scriptless">${notice('warning', body)}</div>`;
}

/** Shown where a script runs. */
export function withScript(body: Content): Html {
  return html`<div class="scripted">${body}</div>`;
}

/** How things stand, in a sentence; a `notice` tells what has just happened, or what to do. */
export function status(kind: 'success' | 'info', drawing: IconName, body: Content): Html {
  return html`<p class="status ${kind}">${icon(drawing)}<span>${body}</span></p>`;
}

export function section(s: { title: string; lead?: Content; body: Content; id?: string }): Html {
  return html`<section${attributes({ id: s.id })}><h2>${s.title}</h2>${s.lead && html`<p class="lead">${s.lead}</p>`}${s.body}</section>`;
}

export function card(body: Content): Html {
  return html`<div class="card">${body}</div>`;
}

export function definitionList(rows: readonly { term: string; value: Content }[]): Html {
  return html`<dl>${rows.map(({ term, value }) => html`<div><dt>${term}</dt><dd>${value}</dd></div>`)}</dl>`;
}

export interface Item {
  readonly icon?: IconName;
  readonly title: Content;
  readonly meta?: Content;
  readonly actions?: Content;
}

/** `empty`: what the list says when there is nothing in it. */
export function itemList(items: readonly Item[], empty: string): Html {
  if (items.length === 0) return html`<p class="empty">${empty}</p>`;
  const rows = items.map(
    (item) =>
      html`<li${attributes({ class: item.icon ? 'drawn' : null })}>${item.icon && icon(item.icon)}<div class="what"><div class="title">${item.title}</div>${
        item.meta && html`<div class="meta">${item.meta}</div>`
      }</div>${item.actions && html`<div class="actions">${item.actions}</div>`}</li>`,
  );
  return html`<ul class="items">${rows}</ul>`;
}

export function steps(items: readonly { title: string; body: Content }[]): Html {
  return html`<ol class="steps">${items.map(({ title, body }) => html`<li><h2>${title}</h2>${body}</li>`)}</ol>`;
}

/** Opened by `linkButton(page, text, { dialog: id })`; without a script that link leads to the page instead. */
export function dialog(d: { id: string; title: string; lead?: string; body: Content }): Html {
  const wiring = attributes({
    id: d.id,
    'aria-labelledby': `${d.id}-title`,
    // Read out when it opens, since the focus goes past it.
    'aria-describedby': d.lead === undefined ? null : `${d.id}-lead`,
  });
  return html`<dialog${wiring}><h2 id="${d.id}-title">${d.title}</h2>${
    d.lead !== undefined && html`<p id="${d.id}-lead">${d.lead}</p>`
  }${d.body}</dialog>`;
}

/** Stands in a form of a dialog; sends nothing, checks nothing, closes. Has the focus, since the other button may destroy. */
export function closeButton(text: string): Html {
  return html`<button class="button quiet" formmethod="dialog" formnovalidate autofocus>${text}</button>`;
}

interface CopyButton {
  /** The element whose text, or whose `<code>` elements line by line, are copied. */
  readonly from: string;
  readonly text: string;
  readonly done: string;
}

function copyButton({ from, text, done }: CopyButton): Html {
  const wiring = attributes({ 'data-copy': from, 'data-done': done });
  return html`<button type="button" class="button secondary scripted"${wiring}>${icon('copy')}<span aria-live="polite">${text}</span></button>`;
}

/** Can be selected as a whole; the button is there only where a script is. `shown` may group what `text` holds. */
export function copyable(c: {
  id: string;
  text: string;
  copyText: string;
  copiedText: string;
  shown?: Content;
}): Html {
  return html`<div class="copyable"><code id="${c.id}" data-text="${c.text}">${c.shown ?? c.text}</code>${copyButton(
    {
      from: c.id,
      text: c.copyText,
      done: c.copiedText,
    },
  )}</div>`;
}

/** `heading` is seen on paper only: whose codes they are, and since when. */
export function codeGrid(
  codes: readonly string[],
  { id = 'codes', heading }: { id?: string; heading?: Content } = {},
): Html {
  return html`<div class="sheet">${heading && html`<div class="on-paper">${heading}</div>`}<ol class="codes" id="${id}">${codes.map(
    (code) => html`<li><code>${code}</code></li>`,
  )}</ol></div>`;
}

/** Copy, download and print what `codeGrid` shows. */
export function codeActions(c: {
  id?: string;
  copy: string;
  copied: string;
  download: string;
  fileName: string;
  print: string;
}): Html {
  const id = c.id ?? 'codes';
  return html`<div class="actions scripted">${copyButton({ from: id, text: c.copy, done: c.copied })}<button type="button" class="button secondary" data-download="${id}" data-filename="${c.fileName}">${icon(
    'download',
  )}${c.download}</button><button type="button" class="button secondary" data-print>${icon('print')}${c.print}</button></div>`;
}

/** The same as in mails: day, time and zone. */
export function exactTime(at: number, locale: Locale, timeZone: string | null): string {
  return formatInstant(at, locale, timeZone);
}

/** Unit, its length, and how many of it are told in the next one. */
const SPANS: readonly (readonly [Intl.RelativeTimeFormatUnit, number, number])[] = [
  ['minute', MINUTE, 60],
  ['hour', HOUR, 24],
  ['day', DAY, 30],
  ['month', 30.4375 * DAY, 12],
  ['year', 365.25 * DAY, Number.POSITIVE_INFINITY],
];

/** Making a format costs more than a whole page does. */
const relativeFormats = new Map<string, Intl.RelativeTimeFormat>();

function relativeFormat(locale: Locale, numeric: 'always' | 'auto'): Intl.RelativeTimeFormat {
  const key = `${locale} ${numeric}`;
  const format = relativeFormats.get(key) ?? new Intl.RelativeTimeFormat(locale, { numeric });
  relativeFormats.set(key, format);
  return format;
}

/** "now", "3 minutes ago", "in 2 days". Never "yesterday", which depends on where one is. */
export function relativeTime(at: number, now: number, locale: Locale): string {
  const distance = Math.abs(at - now);
  if (distance < MINUTE / 2) return relativeFormat(locale, 'auto').format(0, 'second');
  const [unit, length] = SPANS.find(([, size, most]) => Math.round(distance / size) < most)!;
  const count = Math.max(1, Math.round(distance / length));
  return relativeFormat(locale, 'always').format(at < now ? -count : count, unit);
}

/** Relative; the exact time with its zone on hover and for screen readers. */
export function time(at: number, now: number, locale: Locale, timeZone: string | null): Html {
  const exact = exactTime(at, locale, timeZone);
  return html`<time datetime="${new Date(at).toISOString()}" title="${exact}">${relativeTime(at, now, locale)}<span class="unseen">, ${exact}</span></time>`;
}
