import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
} from 'node:crypto';
import type { Random } from './random.ts';

/** What a secret is for. Each purpose has a key of its own, derived from the ring (R80). */
export type Purpose =
  | 'totp'
  | 'sms'
  | 'webauthn'
  | 'enrolment'
  | 'challenge'
  | 'outbox'
  | 'mailbox'
  | 'cookie'
  | 'link'
  | 'oidc'
  | 'signing-key'
  | 'meta';

export interface KeyRing {
  /** The id of the key that new secrets are sealed with. */
  readonly active: string;
  /** Key id -> at least 32 bytes. Older keys only open. */
  readonly keys: ReadonlyMap<string, Buffer>;
}

/** A secret that doesn't open: wrong key ring, a changed row, or a row moved to another owner. A fault, never an answer. */
export class SealBroken extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'SealBroken';
  }
}

export interface Seal {
  /** AES-256-GCM over `text`, bound to purpose and owner as associated data (R12). -> `keyId.base64url` */
  seal(purpose: Purpose, owner: string, text: string): string;
  /** @throws {SealBroken} */
  open(purpose: Purpose, owner: string, sealed: string): string;
  /** A keyed fingerprint, for values that must be found again but not read from a dump. base64url */
  mac(purpose: 'audit' | 'throttle' | 'outbox' | 'sms', text: string, keyId?: string): string;
  readonly activeKey: string;
}

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

export function createSeal(ring: KeyRing, random: Random): Seal {
  const derived = new Map<string, KeyObject>();

  function keyFor(keyId: string, purpose: string): KeyObject {
    const name = `${keyId}/${purpose}`;
    const known = derived.get(name);
    if (known) return known;
    const root = ring.keys.get(keyId);
    if (!root) throw new SealBroken(`the key ring has no key "${keyId}"`);
    const key = createSecretKey(Buffer.from(hkdfSync('sha256', root, 'countersign', purpose, 32)));
    derived.set(name, key);
    return key;
  }

  return {
    activeKey: ring.active,
    seal(purpose, owner, text) {
      const nonce = random.bytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', keyFor(ring.active, purpose), nonce);
      cipher.setAAD(Buffer.from(`${purpose}\n${owner}`));
      const body = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return `${ring.active}.${body.toString('base64url')}`;
    },
    open(purpose, owner, sealed) {
      const dot = sealed.indexOf('.');
      const body = Buffer.from(sealed.slice(dot + 1), 'base64url');
      if (dot < 1 || body.length < NONCE_BYTES + TAG_BYTES) throw new SealBroken('not a sealed text');
      const key = keyFor(sealed.slice(0, dot), purpose);
      const decipher = createDecipheriv('aes-256-gcm', key, body.subarray(0, NONCE_BYTES), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAAD(Buffer.from(`${purpose}\n${owner}`));
      decipher.setAuthTag(body.subarray(-TAG_BYTES));
      try {
        const text = decipher.update(body.subarray(NONCE_BYTES, -TAG_BYTES));
        return Buffer.concat([text, decipher.final()]).toString('utf8');
      } catch {
        throw new SealBroken(`a ${purpose} secret does not open with key "${sealed.slice(0, dot)}"`);
      }
    },
    mac(purpose, text, keyId = ring.active) {
      return createHmac('sha256', keyFor(keyId, `mac/${purpose}`))
        .update(text)
        .digest('base64url');
    },
  };
}
