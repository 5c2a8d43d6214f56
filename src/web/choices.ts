import { type Html, html } from '../kit/html.ts';
import { attributes } from './attributes.ts';
import { icon } from './icons.ts';

export interface Choices {
  readonly name: string;
  readonly legend: string;
  readonly hint?: string;
  readonly error?: string | null;
  readonly options: readonly { readonly value: string; readonly text: string; readonly hint?: string }[];
  readonly chosen: readonly string[];
}

/** Several of one name, of which any may be ticked; read by `rawChoices`. */
export function choices(c: Choices): Html {
  const id = `f-${c.name}`;
  const described = [c.hint && `${id}-hint`, c.error && `${id}-error`].filter(Boolean).join(' ');
  const wiring = attributes({ class: 'choices', id, 'aria-describedby': described || null });
  const boxes = c.options.map(({ value, text, hint }, index) => {
    const own = `${id}-${index + 1}`;
    const box = attributes({
      type: 'checkbox',
      id: own,
      name: c.name,
      value,
      checked: c.chosen.includes(value),
      'aria-describedby': hint ? `${own}-hint` : null,
    });
    return html`<div class="check"><input${box}><div><label for="${own}">${text}</label>${
      hint && html`<p class="hint" id="${own}-hint">${hint}</p>`
    }</div></div>`;
  });
  return html`<fieldset${wiring}><legend>${c.legend}</legend>${c.hint && html`<p class="hint" id="${id}-hint">${c.hint}</p>`}<div class="boxes">${boxes}</div>${
    c.error && html`<p class="error" id="${id}-error">${icon('danger')}<span>${c.error}</span></p>`
  }</fieldset>`;
}
