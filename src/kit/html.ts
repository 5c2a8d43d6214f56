/**
 * Markup that is safe to send. Only `html`, and `attributes` beside it, make it of strings, so that none can
 * reach a page unescaped (R75, R77): strings are escaped, nested results pass as they are.
 */
export class Html {
  /**
   * UTF-8, each byte as one character. V8 keeps a text with a single “’” in two bytes a character, and takes four times
   * as long to send it; so what stands in a template is encoded once, and a page is joined of bytes.
   */
  readonly octets: string;
  constructor(octets: string) {
    this.octets = octets;
  }
  get text(): string {
    return isAscii(this.octets) ? this.octets : this.bytes().toString();
  }
  bytes(): Buffer {
    return Buffer.from(this.octets, 'latin1');
  }
  toString(): string {
    return this.text;
  }
}

export type Content = Html | string | number | null | undefined | false | readonly Content[];

const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return /[&<>"']/.test(text) ? text.replace(/[&<>"']/g, (character) => ESCAPES[character] as string) : text;
}

function isAscii(text: string): boolean {
  return !/[^\0-\x7f]/.test(text);
}

function inOctets(text: string): string {
  return isAscii(text) ? text : Buffer.from(text).toString('latin1');
}

const rendered = new Map<string, string>();
const MOST_RENDERED = 2_000;
const LONGEST_RENDERED = 500;

/** A text, escaped. The same words come again and again, and in most languages are not plain ASCII. */
export function octetsOfText(text: string): string {
  if (!/[&<>"'\x80-\uffff]/.test(text)) return text;
  const known = rendered.get(text);
  if (known !== undefined) return known;
  const made = inOctets(escapeHtml(text));
  if (rendered.size >= MOST_RENDERED) rendered.clear();
  if (text.length <= LONGEST_RENDERED) rendered.set(text, made);
  return made;
}

function render(content: Content): string {
  if (content instanceof Html) return content.octets;
  if (typeof content === 'string') return octetsOfText(content);
  if (typeof content === 'number') return String(content);
  if (Array.isArray(content)) return content.map(render).join('');
  return '';
}

/** A template's own parts: the same array at each of its uses. */
const templates = new WeakMap<TemplateStringsArray, readonly string[]>();

function octetsOf(parts: TemplateStringsArray): readonly string[] {
  let known = templates.get(parts);
  if (!known) {
    known = parts.map(inOctets);
    templates.set(parts, known);
  }
  return known;
}

/** Attribute values must stand in double quotes: `<a href="${url}">`. */
export function html(parts: TemplateStringsArray, ...values: Content[]): Html {
  const own = octetsOf(parts);
  let octets = own[0] as string;
  for (let index = 0; index < values.length; index++) {
    octets += render(values[index]) + (own[index + 1] as string);
  }
  return new Html(octets);
}

/** For markup of our own that no person has typed into: icons, drawn QR codes. */
export function trusted(markup: string): Html {
  return new Html(inOctets(markup));
}
