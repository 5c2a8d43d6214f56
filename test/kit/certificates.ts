import { generateKeyPairSync, type KeyObject, sign, X509Certificate } from 'node:crypto';

// X.509 certificates (RFC 5280) for tests: a root, what it signs, and attestations of security keys.

export interface Certified {
  readonly certificate: X509Certificate;
  readonly der: Buffer;
  readonly pem: string;
  readonly key: KeyObject;
  /** Its name, as what it signs repeats it. */
  readonly subject: Buffer;
}

export interface Wish {
  readonly subject: Readonly<Partial<Record<'C' | 'O' | 'OU' | 'CN', string>>>;
  /** Who signs; nobody: a root of its own. */
  readonly issuer?: Certified;
  readonly ca?: boolean;
  /** Names in the subject's alternative name. */
  readonly hosts?: readonly string[];
  /** id-fido-gen-ce-aaguid. */
  readonly aaguid?: string;
  /** Years, of which both ends are in. */
  readonly from?: number;
  readonly until?: number;
  /** Else `ec`, which is made faster; whoever signs others must be that. */
  readonly keyType?: 'rsa';
}

const OID = { C: '550406', O: '55040a', OU: '55040b', CN: '550403' };

export function certify(wish: Wish): Certified {
  const { privateKey, publicKey } =
    wish.keyType === 'rsa'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const subject = sequence(
    ...Object.entries(wish.subject).map(([name, value]) =>
      der(0x31, sequence(oid(OID[name as keyof typeof OID]), der(0x0c, Buffer.from(value ?? '')))),
    ),
  );
  const ecdsaSha256 = sequence(oid('2a8648ce3d040302'));
  const toBeSigned = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1 + Math.floor(performance.now() % 100)])),
    ecdsaSha256,
    wish.issuer?.subject ?? subject,
    sequence(time(wish.from ?? 2020, '0101000000Z'), time(wish.until ?? 2099, '1231235959Z')),
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...extensions(wish))),
  );
  const signature = sign('sha256', toBeSigned, wish.issuer?.key ?? privateKey);
  const bytes = sequence(toBeSigned, ecdsaSha256, der(0x03, Buffer.concat([Buffer.from([0]), signature])));
  const certificate = new X509Certificate(bytes);
  return { certificate, der: bytes, pem: certificate.toString(), key: privateKey, subject };
}

function extensions({ ca = false, hosts, aaguid }: Wish): Buffer[] {
  const made = [extension('551d13', sequence(...(ca ? [der(0x01, Buffer.from([0xff]))] : [])))];
  if (hosts) made.push(extension('551d11', sequence(...hosts.map((host) => der(0x82, Buffer.from(host))))));
  if (aaguid) {
    const bytes = Buffer.from(aaguid.replaceAll('-', ''), 'hex');
    made.push(extension('2b0601040182e51c010104', der(0x04, bytes)));
  }
  return made;
}

function extension(id: string, value: Buffer): Buffer {
  return sequence(oid(id), der(0x04, value));
}

function oid(hex: string): Buffer {
  return der(0x06, Buffer.from(hex, 'hex'));
}

function time(year: number, rest: string): Buffer {
  return der(0x18, Buffer.from(`${year}${rest}`));
}

function sequence(...parts: Buffer[]): Buffer {
  return der(0x30, Buffer.concat(parts));
}

function der(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const head = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...head]), content]);
}
