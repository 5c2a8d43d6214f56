import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { systemRandom } from '../../src/kit/random.ts';

// A security key made of software: what a browser and the thing in its port do together (WebAuthn L3, sections 5 and 6),
// with every part of the answer open to be falsified.

export const ORIGIN = 'http://localhost:3000';
const FLAGS = { up: 0x01, uv: 0x04, be: 0x08, bs: 0x10, at: 0x40 };

export interface Options {
  readonly challenge: string;
  readonly attestation?: string;
  readonly rp?: { readonly id: string };
  readonly rpId?: string;
  readonly user?: { readonly id: string };
  readonly allowCredentials?: readonly { readonly id: string }[];
}

/** What to falsify; everything else is as it should be. */
export interface Twist {
  readonly type?: string;
  readonly challenge?: string;
  readonly origin?: string;
  readonly rpId?: string;
  readonly crossOrigin?: boolean;
  readonly topOrigin?: string;
  readonly up?: boolean;
  readonly uv?: boolean;
  readonly be?: boolean;
  readonly bs?: boolean;
  readonly counter?: number;
  readonly id?: string;
  readonly rawId?: string;
  readonly credentialType?: string;
  readonly userHandle?: string | null;
  /** Signs with another key. */
  readonly bogusSignature?: boolean;
  /** Cuts so many bytes off the authenticator data or the attestation object. */
  readonly cut?: number;
  /** Puts a COSE algorithm of its own into the public key. */
  readonly alg?: number;
  readonly format?: string;
  /** Signs with its own key instead of its maker's, or shows nothing at all though it was asked. */
  readonly attest?: 'self' | 'nothing';
  readonly credProps?: boolean;
}

export interface Traits {
  /** Verifies its person. */
  readonly uv?: boolean;
  readonly backupEligible?: boolean;
  readonly backedUp?: boolean;
  /** Counts its signatures; without it the counter stays 0. */
  readonly counts?: boolean;
  readonly aaguid?: string;
  /** Its maker's certificates, its own first, and the key behind it; used where the page asks who made it. */
  readonly attestation?: { readonly key: KeyObject; readonly x5c: readonly Buffer[] };
  /** Bytes of the credential's id. */
  readonly idLength?: number;
}

export class Authenticator {
  readonly id: string;
  readonly traits: Traits;
  counter = 0;
  userHandle = '';
  readonly #key: KeyObject;
  readonly #cose: (alg: number) => Buffer;

  constructor(traits: Traits = {}) {
    this.traits = { uv: true, counts: true, ...traits };
    this.id = systemRandom.bytes(traits.idLength ?? 32).toString('base64url');
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.#key = privateKey;
    const { x, y } = publicKey.export({ format: 'jwk' }) as { x: string; y: string };
    this.#cose = (alg) =>
      cbor(
        new Map<number, unknown>([
          [1, 2],
          [3, alg],
          [-1, 1],
          [-2, Buffer.from(x, 'base64url')],
          [-3, Buffer.from(y, 'base64url')],
        ]),
      );
  }

  /** `navigator.credentials.create` -> the JSON of its answer. */
  create(options: Options, twist: Twist = {}): string {
    this.userHandle = options.user?.id ?? '';
    const id = Buffer.from(this.id, 'base64url');
    const length = Buffer.alloc(2);
    length.writeUInt16BE(id.length);
    const aaguid = Buffer.from((this.traits.aaguid ?? '0'.repeat(32)).replaceAll('-', ''), 'hex');
    const attested = Buffer.concat([aaguid, length, id, this.#cose(twist.alg ?? -7)]);
    const authData = this.#authData(options.rp?.id ?? 'localhost', FLAGS.at, attested, twist);
    const clientData = this.#clientData('webauthn.create', options, twist);
    const statement = this.#statement(authData, clientData, options, twist);
    const attestation = cbor(
      new Map<string, unknown>([
        ['fmt', twist.format ?? (statement ? 'packed' : 'none')],
        ['attStmt', statement ?? new Map()],
        ['authData', authData],
      ]),
    );
    return this.#answer(twist, {
      clientDataJSON: clientData.toString('base64url'),
      attestationObject: cut(attestation, twist).toString('base64url'),
      transports: ['usb', 'nfc'],
    });
  }

  /** `navigator.credentials.get` -> the JSON of its answer. */
  get(options: Options, twist: Twist = {}): string {
    if (this.traits.counts) this.counter++;
    const authData = cut(this.#authData(options.rpId ?? 'localhost', 0, Buffer.alloc(0), twist), twist);
    const clientData = this.#clientData('webauthn.get', options, twist);
    const key = twist.bogusSignature
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
      : this.#key;
    const hash = createHash('sha256').update(clientData).digest();
    const userHandle = twist.userHandle === undefined ? this.userHandle : twist.userHandle;
    return this.#answer(twist, {
      clientDataJSON: clientData.toString('base64url'),
      authenticatorData: authData.toString('base64url'),
      signature: sign('sha256', Buffer.concat([authData, hash]), key).toString('base64url'),
      ...(userHandle === null ? {} : { userHandle }),
    });
  }

  /** Packed (L3, section 8.2); null where nobody asked, or nobody answers. */
  #statement(
    authData: Buffer,
    clientData: Buffer,
    { attestation }: Options,
    { attest, bogusSignature }: Twist,
  ) {
    const { attestation: made } = this.traits;
    if (attestation !== 'direct' || attest === 'nothing' || (!made && attest !== 'self')) return null;
    const signed = Buffer.concat([authData, createHash('sha256').update(clientData).digest()]);
    const key = made && attest !== 'self' && !bogusSignature ? made.key : this.#key;
    return new Map<string, unknown>([
      ['alg', -7],
      ['sig', sign('sha256', signed, key)],
      ...(made && attest !== 'self' ? [['x5c', made.x5c] as const] : []),
    ]);
  }

  #authData(rpId: string, more: number, tail: Buffer, twist: Twist): Buffer {
    const { uv, backupEligible, backedUp } = this.traits;
    const flags =
      ((twist.up ?? true) ? FLAGS.up : 0) |
      ((twist.uv ?? uv) ? FLAGS.uv : 0) |
      ((twist.be ?? backupEligible) ? FLAGS.be : 0) |
      ((twist.bs ?? backedUp) ? FLAGS.bs : 0) |
      more;
    const head = Buffer.alloc(5);
    head.writeUInt8(flags, 0);
    head.writeUInt32BE(twist.counter ?? this.counter, 1);
    const rpIdHash = createHash('sha256')
      .update(twist.rpId ?? rpId)
      .digest();
    return Buffer.concat([rpIdHash, head, tail]);
  }

  #clientData(type: string, { challenge }: Options, twist: Twist): Buffer {
    const data = {
      type: twist.type ?? type,
      challenge: twist.challenge ?? challenge,
      origin: twist.origin ?? ORIGIN,
      crossOrigin: twist.crossOrigin ?? false,
      ...(twist.topOrigin === undefined ? {} : { topOrigin: twist.topOrigin }),
    };
    return Buffer.from(JSON.stringify(data));
  }

  #answer(twist: Twist, response: Record<string, unknown>): string {
    const id = twist.id ?? this.id;
    return JSON.stringify({
      id,
      rawId: twist.rawId ?? id,
      type: twist.credentialType ?? 'public-key',
      response,
      clientExtensionResults: { credProps: { rk: twist.credProps ?? true } },
      authenticatorAttachment: 'cross-platform',
    });
  }
}

function cut(bytes: Buffer, { cut = 0 }: Twist): Buffer {
  return bytes.subarray(0, bytes.length - cut);
}

/** RFC 8949, as far as authenticators write it. */
function cbor(value: unknown): Buffer {
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value);
  if (typeof value === 'string')
    return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (value instanceof Uint8Array) return Buffer.concat([head(2, value.length), value]);
  if (Array.isArray(value)) return Buffer.concat([head(4, value.length), ...value.map(cbor)]);
  const entries = [...(value as Map<unknown, unknown>)].flat();
  return Buffer.concat([head(5, entries.length / 2), ...entries.map(cbor)]);
}

function head(major: number, length: number): Buffer {
  const first = major << 5;
  if (length < 24) return Buffer.from([first | length]);
  if (length < 256) return Buffer.from([first | 24, length]);
  return Buffer.from([first | 25, length >> 8, length & 255]);
}
