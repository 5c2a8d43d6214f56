import { verify, X509Certificate } from 'node:crypto';
import { z } from 'zod';
import { leadsTo } from './certificate-path.ts';
import type { Model } from './model-rules.ts';

/** FIDO's list of authenticator models, as far as we look at it. */
export interface Metadata {
  /** Rises with each issue. */
  readonly no: number;
  /** Midnight of UTC that begins the day on which the next issue is due. */
  readonly nextUpdateAt: number;
  /** By AAGUID. */
  readonly models: ReadonlyMap<string, Model>;
}

/** The file is not FIDO's, or not whole. The message is for the operator. */
export class MetadataRefused extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'MetadataRefused';
  }
}

const NOT_FIDO = 'it is not what FIDO publishes: a signed file of three parts';

/** Its roots also sign the certificates of half the web, so the chain alone proves nothing: the name does. */
const SIGNER = 'mds.fidoalliance.org';

/** Never `none`, and no algorithm that the key was not made for. */
const ALGORITHMS: Readonly<Record<string, { readonly hash: string; readonly keyType: string }>> = {
  RS256: { hash: 'sha256', keyType: 'rsa' },
  ES256: { hash: 'sha256', keyType: 'ec' },
};

const header = z.object({ alg: z.string(), x5c: z.array(z.string()).min(1).max(6) });
const payload = z.object({
  no: z.int().nonnegative(),
  nextUpdate: z.iso.date(),
  entries: z.array(z.unknown()),
});
const entry = z.object({
  aaguid: z.string().toLowerCase(),
  statusReports: z.array(z.object({ status: z.string() })),
  metadataStatement: z.object({
    attestationTypes: z.array(z.string()),
    attestationRootCertificates: z.array(z.string()),
  }),
});

/**
 * The metadata file (a JWS, MDS 3.0, section 3.2), once its signature leads to one of the anchors. One entry that can't be
 * read doesn't void the others: its model is then unknown. @throws {MetadataRefused}
 */
export function readMetadata(file: string, anchors: readonly X509Certificate[], now: number): Metadata {
  const parts = file.trim().split('.');
  if (parts.length !== 3) throw new MetadataRefused(NOT_FIDO);
  const [head, body, signature] = parts as [string, string, string];
  const { alg, x5c } = parse(header, head);
  const path = certificates(x5c);
  if (!leadsTo(anchors, path, now))
    throw new MetadataRefused('its certificates do not lead to the root that FIDO names, or have run out');
  if (path[0]?.checkHost(SIGNER) === undefined)
    throw new MetadataRefused(`its signer is not ${SIGNER}, whoever vouches for it`);
  if (!isSignedBy(path[0], alg, `${head}.${body}`, signature))
    throw new MetadataRefused('its signature is wrong: the file was changed, or is not whole');
  const { no, nextUpdate, entries } = parse(payload, body);
  return { no, nextUpdateAt: Date.parse(nextUpdate), models: new Map(entries.flatMap(modelOf)) };
}

/** What stands in an issue that is not trusted yet. */
function parse<T>(schema: z.ZodType<T>, part: string): T {
  try {
    return schema.parse(JSON.parse(Buffer.from(part, 'base64url').toString()));
  } catch {
    throw new MetadataRefused(NOT_FIDO);
  }
}

export function certificates(base64: readonly string[]): X509Certificate[] {
  try {
    return base64.map((text) => new X509Certificate(Buffer.from(text, 'base64')));
  } catch {
    throw new MetadataRefused('one of its certificates cannot be read');
  }
}

function isSignedBy({ publicKey }: X509Certificate, alg: string, signed: string, signature: string): boolean {
  const algorithm = ALGORITHMS[alg];
  if (!algorithm || algorithm.keyType !== publicKey.asymmetricKeyType) return false;
  const key = { key: publicKey, dsaEncoding: 'ieee-p1363' as const };
  return verify(algorithm.hash, Buffer.from(signed), key, Buffer.from(signature, 'base64url'));
}

/** Authenticators of the older protocols have no AAGUID; nothing here asks for them. */
function modelOf(raw: unknown): [string, Model][] {
  const { data } = entry.safeParse(raw);
  if (!data) return [];
  const { attestationTypes, attestationRootCertificates: roots } = data.metadataStatement;
  const statuses = data.statusReports.map(({ status }) => status);
  return [[data.aaguid, { attestationTypes, roots, statuses }]];
}
