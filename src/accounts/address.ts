import { domainToASCII } from 'node:url';

/** An e-mail address, once normalised and checked. `key` finds the account; `address` is written to and shown. */
export interface Address {
  readonly address: string;
  readonly key: string;
}

/**
 * Normalises BEFORE it validates (R49): NFKC first, so that a full-width `＠` or a homoglyph cannot slip past a check
 * and turn into another address later. One plain mailbox: no list, no name, no line break, no quotes (R45).
 * Null when it is not one.
 */
export function readAddress(text: string): Address | null {
  const normal = text.trim().normalize('NFKC');
  // What normalisation changes in kind, beyond composing letters, was meant to deceive.
  if (/[@＠﹫]/.test(text.replaceAll('@', '')) || normal.length > 254) return null;
  const parts = normal.split('@');
  if (parts.length !== 2) return null;
  const [local, domain] = parts as [string, string];
  if (!/^[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~.-]{1,64}$/u.test(local) || /^\.|\.$|\.\./.test(local))
    return null;
  // `domainToASCII` is a URL parser: it would decode %6d, and cut at / ? and #.
  if (/[\s\p{Cc}\p{Cf}%#/?\\:[\]]/u.test(domain)) return null;
  const host = domainToASCII(domain.replace(/\.$/, '').toLowerCase());
  if (!/^(?=.{1,253}$)(?:(?:^|\.)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)+$/.test(host)) return null;
  return { address: `${local}@${host}`, key: `${local.toLowerCase()}@${host}` };
}
