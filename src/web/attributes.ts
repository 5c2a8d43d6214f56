import { escapeHtml, type Html, trusted } from '../kit/html.ts';

export type Attributes = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** ` name="value"` for each; true stands alone; false, null and undefined are left out. */
export function attributes(values: Attributes): Html {
  let text = '';
  for (const [name, value] of Object.entries(values)) {
    if (value === true) text += ` ${name}`;
    else if (value !== false && value !== null && value !== undefined)
      text += ` ${name}="${escapeHtml(String(value))}"`;
  }
  return trusted(text);
}
