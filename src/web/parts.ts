import { type Content, type Html, html } from '../kit/html.ts';
import { attributes } from './attributes.ts';
import { type IconName, icon } from './icons.ts';

// The parts that pages are made of. Every word comes in as an argument; every state is told in words and not by colour alone.

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
  /** `button`: read out as one, where it begins something rather than leads somewhere. */
  readonly role?: 'button';
}

export function linkButton(
  href: string,
  text: string,
  { kind = 'secondary', wide, icon: drawing, label, dialog, role }: LinkOptions = {},
): Html {
  const look = attributes({
    class: classOf(kind, wide),
    href,
    role,
    'aria-label': label,
    'data-dialog': dialog,
  });
  return html`<a${look}>${drawing && icon(drawing)}${text}</a>`;
}

/** Buttons in a row; the first is the one that most people want. */
export function actions(...buttons: Content[]): Html {
  return html`<div class="actions">${buttons}</div>`;
}

/** `news`: of what was just done or went wrong, so the script reads it out first; the others are part of their page. */
const NOTICES = {
  success: { drawing: 'check', role: 'status', news: true },
  info: { drawing: 'info', role: 'status', news: false },
  warning: { drawing: 'warning', role: 'note', news: false },
  danger: { drawing: 'danger', role: 'alert', news: true },
} as const;

/** `id`: where a field says that it is told by this one. */
export function notice(kind: keyof typeof NOTICES, body: Content, id: string | null = null): Html {
  const { drawing, role, news } = NOTICES[kind];
  return html`<div class="notice ${kind}" role="${role}"${attributes({ id, tabindex: news ? '-1' : null })}>${icon(drawing)}<div>${body}</div></div>`;
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
  /** Told after `text` to who can't see what stands beside it, where a page has several of them. */
  readonly what?: string | undefined;
}

export function copyButton({ from, text, done, what }: CopyButton): Html {
  const label = what === undefined ? null : `${text}: ${what}`;
  const wiring = attributes({ 'data-copy': from, 'data-done': done, 'aria-label': label });
  return html`<button type="button" class="button secondary scripted"${wiring}>${icon('copy')}<span>${text}</span></button>`;
}

/** Can be selected as a whole; the button is there only where a script is. `shown` may group what `text` holds. */
export function copyable(c: {
  id: string;
  text: string;
  copyText: string;
  copiedText: string;
  shown?: Content;
  what?: string;
}): Html {
  return html`<div class="copyable"><code id="${c.id}" data-text="${c.text}">${c.shown ?? c.text}</code>${copyButton(
    {
      from: c.id,
      text: c.copyText,
      done: c.copiedText,
      what: c.what,
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

/** Copy, download and print the codes that `codeGrid` shows. Without a script the file comes with the page itself. */
export function codeActions(c: {
  codes: readonly string[];
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
  )}${c.download}</button><button type="button" class="button secondary" data-print>${icon('print')}${c.print}</button></div><div class="scriptless"><div class="actions"><a class="button secondary" href="data:text/plain;charset=utf-8,${encodeURIComponent(
    `${c.codes.join('\n')}\n`,
  )}" download="${c.fileName}">${icon('download')}${c.download}</a></div></div>`;
}
