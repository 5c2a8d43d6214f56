/** First words of addresses below `/store` and `/store/manage` that are no app. */
const RESERVED = new Set(['manage', 'install', 'new']);

/** `field-notes`: an app's place in the address, 1 to 40 characters. */
export function isSlug(text: string): boolean {
  return /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/.test(text) && !RESERVED.has(text);
}

/** `2.4.1`, `2026-11-24`, `1.0.0-beta.2+arm64`: 1 to 40 characters without spaces. */
export function isVersion(text: string): boolean {
  return /^[0-9A-Za-z](?:[0-9A-Za-z.+_-]{0,39})$/.test(text) && !text.includes('..');
}

/** Characters. */
export const LONGEST_DESCRIPTION = 2000;
export const LONGEST_NOTES = 4000;
const LONGEST_FILE_NAME = 150;

/**
 * What a file is called at the person who downloads it. Nothing is mended: a name with a path in it, with control
 * characters, marks that turn its direction (`exe.gnp`) or bytes that are no UTF-8 is null, and refused. On our disk no
 * file has such a name.
 */
export function readFileName(text: string): string | null {
  const name = text.normalize('NFC').trim();
  if (name === '' || [...name].length > LONGEST_FILE_NAME || name.startsWith('.')) return null;
  return /[/\\:*?"<>|\ufffd\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cn}\p{Cs}]/u.test(name) ? null : name;
}

/**
 * RFC 6266 with RFC 8187: plain ASCII for old programs, the whole name in UTF-8 for all others. Always an attachment:
 * nothing that somebody uploaded is ever shown as a page of ours (R79).
 */
export function attachment(fileName: string): string {
  const plain = fileName.replace(/[^\x20-\x7e]/g, '_').replace(/["\\%]/g, '_');
  const whole = encodeURIComponent(fileName).replace(
    /['()*!]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${whole}`;
}
