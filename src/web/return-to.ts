/**
 * Where to go after signing in: a path on this origin, anything else counts as `/` (no open redirect).
 * A browser reads `\` as `/` and drops control characters, so both are refused before the URL is parsed.
 */
export function safeReturnTo(text: unknown): string {
  if (typeof text !== 'string' || text.length > 2000) return '/';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  if (!text.startsWith('/') || text.startsWith('//') || /[\u0000-\u0020\u007f\\]/.test(text)) return '/';
  const url = URL.canParse(text, 'http://origin.invalid') ? new URL(text, 'http://origin.invalid') : null;
  if (url?.host !== 'origin.invalid') return '/';
  // `/./` + `/evil` normalises to `//evil`.
  return url.pathname.startsWith('//') ? '/' : url.pathname + url.search + url.hash;
}

/** `/sign-in` + `return_to=/account`; nothing is added for `/`. */
export function withReturnTo(path: string, returnTo: string): string {
  return returnTo === '/' ? path : `${path}?return_to=${encodeURIComponent(returnTo)}`;
}
