import { tokenHash } from '../../kit/encoding.ts';

/** ES256, RS256, EdDSA (COSE): what every authenticator in use signs with. Also the only ones accepted (R18). */
export const ALGORITHMS: readonly number[] = [-7, -257, -8];

/** WebAuthn L3, section 5.8.3: what the server keeps of a credential besides its id and its counter. */
export interface KeyData {
  /** COSE key, base64url. */
  readonly publicKey: string;
  readonly alg: number;
  readonly transports: readonly string[];
  readonly aaguid: string;
  /** The name that the browser bound the key to; it works under no other. */
  readonly rpId: string;
  /** It verified its person (PIN, finger, face) when it was added. */
  readonly verifies: boolean;
  /** May live in more than one device (BE), and does so now (BS). */
  readonly backupEligible: boolean;
  readonly backedUp: boolean;
  /** Can sign in without being named first; null where the browser didn't tell. */
  readonly discoverable: boolean | null;
}

/** The relying party's id is our host name; null where keys can't work, since browsers take no IP address for one. */
export function rpIdOf(baseUrl: string): string | null {
  const host = new URL(baseUrl).hostname;
  // A URL writes every address in one of these two ways.
  return host.startsWith('[') || /^\d+(\.\d+){3}$/.test(host) ? null : host;
}

/** By which authenticators know the person: opaque, and never the id that stands in links and records (L3, 14.6.1). */
export function userHandleOf(accountId: string): string {
  return tokenHash(`webauthn user handle ${accountId}`);
}

/**
 * What a counter tells (R20, L3 6.1.1). `steady`: the key counts nothing, as synced passkeys do. `fallen`: it did not
 * rise, so somebody may hold a copy.
 */
export function judgeCounter(stored: number, sent: number): 'steady' | 'risen' | 'fallen' {
  if (stored === 0 && sent === 0) return 'steady';
  return sent > stored ? 'risen' : 'fallen';
}

/** RFC 8176: a key that never leaves its device is `hwk`, one that is synced `swk`; `user`: somebody touched it. */
export function amrOf({ backupEligible }: Pick<KeyData, 'backupEligible'>): readonly string[] {
  return [backupEligible ? 'swk' : 'hwk', 'user'];
}

/** "YubiKey 5 Series", and "YubiKey 5 Series 2" for the second one. */
export function distinctLabel(name: string, taken: readonly string[]): string {
  let label = name;
  for (let number = 2; taken.includes(label); number++) label = `${name} ${number}`;
  return label;
}

/** A factor of another kind, working and accepted, beside which a key may stand (screen 5). */
export function standsBeside(
  factors: readonly { readonly kind: string; readonly suspended_at: number | null }[],
  forbidden: ReadonlySet<string>,
): boolean {
  return factors.some(
    ({ kind, suspended_at }) => kind !== 'webauthn' && suspended_at === null && !forbidden.has(kind),
  );
}
