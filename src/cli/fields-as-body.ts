import type { Takes } from '../web/route.ts';

export interface Body {
  /** The content type. */
  readonly type: string;
  readonly text: string;
}

/** The same fields in the kind of body that a route takes: any other would be refused unread, and nothing would be tried. */
export function fieldsAsBody(takes: Takes = 'form', fields: Readonly<Record<string, string>> = {}): Body {
  if (takes === 'json') return { type: 'application/json', text: JSON.stringify(fields) };
  if (takes !== 'upload')
    return { type: 'application/x-www-form-urlencoded', text: new URLSearchParams(fields).toString() };
  const parts = Object.entries(fields).map(
    ([name, value]) => `--sample\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  return { type: 'multipart/form-data; boundary=sample', text: `${parts.join('')}--sample--\r\n` };
}
