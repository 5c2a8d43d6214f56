/**
 * Markup that is safe to send. Only `html` makes it, so that a plain string can never reach a page unescaped
 * (R75, R77): strings are escaped, nested results pass as they are.
 */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
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

export function escapeHtml(text: string): string {
  return /[&<>"']/.test(text) ? text.replace(/[&<>"']/g, (character) => ESCAPES[character] as string) : text;
}

function render(content: Content): string {
  if (content instanceof Html) return content.text;
  if (typeof content === 'string') return escapeHtml(content);
  if (typeof content === 'number') return String(content);
  if (Array.isArray(content)) return content.map(render).join('');
  return '';
}

/** Attribute values must stand in double quotes: `<a href="${url}">`. */
export function html(parts: TemplateStringsArray, ...values: Content[]): Html {
  let text = parts[0] as string;
  for (let index = 0; index < values.length; index++) {
    text += render(values[index]) + (parts[index + 1] as string);
  }
  return new Html(text);
}

/** For markup of our own that no person has typed into: icons, drawn QR codes. */
export function trusted(markup: string): Html {
  return new Html(markup);
}
