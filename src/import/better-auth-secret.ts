import { hash } from 'node:crypto';

/** Opens what the other system keeps encrypted; null for what none of the secrets opens. */
export type Opener = (sealed: string) => string | null;

const NONCE_BYTES = 24;

/**
 * `secrets`: BETTER_AUTH_SECRET, or BETTER_AUTH_SECRETS with its versions (`2:…,1:…`). A value is XChaCha20-Poly1305 under
 * the SHA-256 of a secret, nonce first, in hexadecimal; since there are versions, `$ba$2$` may stand before it.
 */
export async function createOpener(secrets: string): Promise<Opener> {
  // Nothing else needs it.
  const { xchacha20poly1305 } = await import('@noble/ciphers/chacha.js');
  const keys = secretsIn(secrets).map(([version, secret]) => ({
    version,
    key: new Uint8Array(hash('sha256', secret, 'buffer')),
  }));

  function open(key: Uint8Array, hex: string): string | null {
    const bytes = new Uint8Array(Buffer.from(hex, 'hex'));
    if (bytes.length <= NONCE_BYTES) return null;
    try {
      const cipher = xchacha20poly1305(key, bytes.subarray(0, NONCE_BYTES));
      return new TextDecoder().decode(cipher.decrypt(bytes.subarray(NONCE_BYTES)));
    } catch {
      return null;
    }
  }

  return (sealed) => {
    const [, version, hex = sealed] = /^\$ba\$(\d+)\$(.*)$/.exec(sealed) ?? [];
    for (const one of keys) {
      const opened = version === undefined || version === one.version ? open(one.key, hex) : null;
      if (opened !== null) return opened;
    }
    return null;
  };
}

function secretsIn(text: string): (readonly [version: string, secret: string])[] {
  const entries = text.trim().split(',');
  const versions = entries.map((entry) => /^\s*(\d+):(.+?)\s*$/.exec(entry));
  if (versions.every((found) => found !== null))
    return versions.map((found) => [found?.[1] ?? '', found?.[2] ?? '']);
  // Before there were versions, and `$ba$0$` if it was given one since.
  return [['0', text.trim()]];
}
