import { sign } from 'node:crypto';
import { SettingsService } from '@simplewebauthn/server';
import type { Traits } from './authenticator.ts';
import { type Certified, certify, type Wish } from './certificates.ts';
import type { House } from './house.ts';

// A list of models as FIDO publishes it (MDS 3.0), signed under a root of our own, and makers of keys who stand in it.

const root = certify({ subject: { CN: 'Test Root' }, ca: true });
const signer = certify({
  subject: { CN: 'mds.fidoalliance.org' },
  hosts: ['mds.fidoalliance.org'],
  issuer: root,
});

/** From here on, our root is FIDO's, for all houses of this process. */
export function trustTestRoot(): void {
  SettingsService.setRootCertificates({ identifier: 'mds', certificates: [root.pem] });
}

/** A maker's own root, and the certificate of one model's keys. */
export interface Maker {
  readonly aaguid: string;
  readonly root: Certified;
  readonly attestation: Certified;
}

let makers = 0;

/** Of which root, if not of one that lasts. */
export function maker(wish: Pick<Wish, 'until'> = {}): Maker {
  makers++;
  const aaguid = `cccccccc-0000-4000-8000-${String(makers).padStart(12, '0')}`;
  const own = certify({ subject: { CN: `Maker ${makers}` }, ca: true, ...wish });
  const subject = { C: 'SE', O: 'Maker', OU: 'Authenticator Attestation', CN: 'Key' };
  return { aaguid, root: own, attestation: certify({ subject, issuer: own, aaguid }) };
}

/** A key that its maker vouches for. */
export function modelOf(made: Maker): Traits {
  return { aaguid: made.aaguid, attestation: { key: made.attestation.key, x5c: [made.attestation.der] } };
}

export function entryOf({ aaguid, root: own }: Maker, ...statuses: string[]) {
  return {
    aaguid,
    statusReports: statuses.map((status) => ({ status, effectiveDate: '2024-01-01' })),
    timeOfLastStatusChange: '2024-01-01',
    metadataStatement: {
      aaguid,
      description: 'Key',
      attestationTypes: ['basic_full'],
      attestationRootCertificates: [own.der.toString('base64')],
    },
  };
}

export interface Issue {
  readonly no?: number;
  readonly nextUpdate?: string;
  readonly entries?: readonly object[];
  readonly by?: Certified;
  readonly chain?: readonly Certified[];
  readonly alg?: string;
}

/** The test clock begins on 3 May 2026. */
export function issue({
  no = 1,
  nextUpdate = '2026-06-01',
  entries = [],
  by = signer,
  chain = [by],
  alg = 'ES256',
}: Issue = {}): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const x5c = chain.map(({ der }) => der.toString('base64'));
  const signed = `${part({ alg, typ: 'JWT', x5c })}.${part({ legalHeader: '', no, nextUpdate, entries })}`;
  const key = { key: by.key, dsaEncoding: 'ieee-p1363' as const };
  return `${signed}.${sign('sha256', Buffer.from(signed), key).toString('base64url')}`;
}

export const testRoot = root;

export async function demandModels(house: House, value: string): Promise<void> {
  const { db } = house.app.database;
  await db
    .insertInto('policy_value')
    .values({ key: 'key_models', value })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
    .execute();
}
