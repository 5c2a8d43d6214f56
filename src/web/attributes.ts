import { Html, octetsOfText } from '../kit/html.ts';

export type Attributes = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** ` name="value"` for each; true stands alone; false, null and undefined are left out. Names are ours, in ASCII. */
export function attributes(values: Attributes): Html {
  let octets = '';
  for (const name in values) {
    const value = values[name];
    if (value === true) octets += ` ${name}`;
    else if (value !== false && value !== null && value !== undefined)
      octets += ` ${name}="${octetsOfText(String(value))}"`;
  }
  return new Html(octets);
}
