import { type Content, type Html, html } from '../kit/html.ts';
import { attributes } from './attributes.ts';
import { icon } from './icons.ts';

/** A form that sends a file: its other fields stand before it, so that they are known when the file comes. */
export function uploadForm(f: {
  action: string;
  body: Content;
  data?: Readonly<Record<string, string>>;
}): Html {
  const own = attributes({ method: 'post', action: f.action, enctype: 'multipart/form-data', ...f.data });
  return html`<form${own}>${f.body}</form>`;
}

export function fileField(f: {
  name: string;
  label: string;
  hint: string;
  /** What the browser's file dialog offers. */
  accept: string;
  required?: boolean;
  error?: string | null;
}): Html {
  const id = `f-${f.name}`;
  const input = attributes({
    id,
    name: f.name,
    type: 'file',
    accept: f.accept,
    required: f.required ?? true,
    'aria-describedby': `${id}-hint${f.error ? ` ${id}-error` : ''}`,
    'aria-invalid': f.error ? 'true' : null,
  });
  return html`<div class="field"><label for="${id}">${f.label}</label><p class="hint" id="${id}-hint">${f.hint}</p><input${input}>${
    f.error && html`<p class="error" id="${id}-error">${icon('danger')}<span>${f.error}</span></p>`
  }</div>`;
}
