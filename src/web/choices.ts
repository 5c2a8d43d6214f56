import { type Html, html } from '../kit/html.ts';
import { attributes } from './attributes.ts';
import { checkbox } from './fields.ts';
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
  const boxes = c.options.map(({ value, text, hint }, index) =>
    checkbox({
      id: `${id}-${index + 1}`,
      name: c.name,
      value,
      label: text,
      checked: c.chosen.includes(value),
      // A complaint takes the focus here, too.
      autofocus: Boolean(c.error) && index === 0,
      ...(hint ? { hint } : {}),
    }),
  );
  return html`<fieldset${wiring}><legend>${c.legend}</legend>${c.hint && html`<p class="hint" id="${id}-hint">${c.hint}</p>`}<div class="boxes">${boxes}</div>${
    c.error && html`<p class="error" id="${id}-error">${icon('danger')}<span>${c.error}</span></p>`
  }</fieldset>`;
}
