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
  | 'meta'
  | 'backup';

export interface KeyRing {
  /** The id of the key that new secrets are sealed with. */
  readonly active: string;
  /** Key id -> at least 32 bytes. Older keys only open. */
  readonly keys: ReadonlyMap<string, Buffer>;
}

/** Before the dot of what is sealed. */
export function keyIdOf(sealed: string): string {
  return sealed.slice(0, Math.max(0, sealed.indexOf('.')));
}

/** A secret that doesn't open: wrong key ring, a changed row, or a row moved to another owner. A fault, never an answer. */
export class SealBroken extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'SealBroken';
  }
}

/** To whom a sealed row of an account belongs: moved to another account or another row, nobody can read it (R12). */
export function rowOwner(accountId: string, id: string): string {
  return `${accountId}/${id}`;
}

export interface Seal {
  /** AES-256-GCM over `text`, bound to purpose and owner as associated data (R12). -> `keyId.base64url` */
  seal(purpose: Purpose, owner: string, text: string): string;
  /** @throws {SealBroken} */
  open(purpose: Purpose, owner: string, sealed: string): string;
  /**
   * A keyed fingerprint, for values that must be found again but not read from a dump. base64url. Without `keyId` under the
   * first key of the ring: a rotation adds keys behind it, so counters and codes under way outlive that.
   */
  mac(purpose: 'audit' | 'throttle' | 'outbox' | 'sms', text: string, keyId?: string): string;
  /** What new secrets are sealed with now; changes while the process runs. */
  readonly activeKey: string;
  /** Of every key that opens, oldest first. */
  readonly keyIds: readonly string[];
  /** The key itself, for one purpose: to encrypt what is too large for `seal`. @throws {SealBroken} */
  keyFor(purpose: 'backup', keyId: string): KeyObject;
  /** More keys to open with; what new secrets are sealed with stays. @throws {ForeignRing} nothing was taken over */
  learn(ring: KeyRing): void;
  /** From now on new secrets are sealed with this one. It must have been learned. */
  activate(keyId: string): void;
  /** A key that nothing is sealed with any more. */
  forget(keyId: string): void;
}

/** A ring that lacks our active key, or holds another one under a name that we know: that of another database. */
export class ForeignRing extends Error {
  constructor() {
    super('the key ring that is there now is not a newer form of ours');
    this.name = 'ForeignRing';
  }
}

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** `lookAgain`: the ring as it is now, where it has changed since the last look; asked when a row names a key that we lack. */
export function createSeal(
  ring: KeyRing,
  random: Random,
  lookAgain: () => KeyRing | null = () => null,
): Seal {
  const keys = new Map(ring.keys);
  let active = ring.active;
  const derived = new Map<string, KeyObject>();

  function keyFor(keyId: string, purpose: string): KeyObject {
    const name = `${keyId}/${purpose}`;
    const known = derived.get(name);
    if (known) return known;
    const root = keys.get(keyId) ?? rootAfterLook(keyId);
    const key = createSecretKey(Buffer.from(hkdfSync('sha256', root, 'countersign', purpose, 32)));
    derived.set(name, key);
    return key;
  }

  /** Another process has rotated the ring, and this is the first that we hear of it (R80). */
  function rootAfterLook(keyId: string): Buffer {
    try {
      const found = lookAgain();
      if (found) learn(found);
    } catch {
      // A ring that can't be read, or isn't ours, helps nobody; whoever looks at it by the clock tells of it.
    }
    const root = keys.get(keyId);
    if (!root) throw new SealBroken(`the key ring has no key "${keyId}"`);
    return root;
  }

  function learn(found: KeyRing): void {
    const differs = [...found.keys].some(([id, key]) => keys.get(id)?.equals(key) === false);
    if (differs || !found.keys.has(active)) throw new ForeignRing();
    for (const [id, key] of found.keys) keys.set(id, key);
  }

  return {
    get activeKey() {
      return active;
    },
    get keyIds() {
      return [...keys.keys()];
    },
    keyFor: (purpose, keyId) => keyFor(keyId, purpose),
    learn,
    activate(keyId) {
      if (!keys.has(keyId)) throw new SealBroken(`the key ring has no key "${keyId}"`);
      active = keyId;
    },
    forget(keyId) {
      if (keyId === active) return;
      keys.delete(keyId);
      for (const name of derived.keys()) if (name.startsWith(`${keyId}/`)) derived.delete(name);
    },
    seal(purpose, owner, text) {
      const nonce = random.bytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', keyFor(active, purpose), nonce);
      cipher.setAAD(Buffer.from(`${purpose}\n${owner}`));
      const body = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return `${active}.${body.toString('base64url')}`;
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
    mac(purpose, text, keyId) {
      const [oldest = active] = keys.keys();
      return createHmac('sha256', keyFor(keyId ?? oldest, `mac/${purpose}`))
        .update(text)
        .digest('base64url');
    },
  };
}
