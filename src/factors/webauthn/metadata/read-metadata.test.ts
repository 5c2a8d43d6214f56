import { describe, expect, test } from 'vitest';
import { type Certified, certify } from '../../../../test/kit/certificates.ts';
import { type Issue, issue, testRoot } from '../../../../test/kit/key-models.ts';
import { certificates, MetadataRefused, readMetadata } from './read-metadata.ts';

const now = Date.UTC(2026, 4, 3);
const read = (file: string) => readMetadata(file, [testRoot.certificate], now);
const NOT_FIDO = 'it is not what FIDO publishes: a signed file of three parts';
const UNREADABLE = 'one of its certificates cannot be read';
const WRONG_SIGNATURE = 'its signature is wrong: the file was changed, or is not whole';

const good = issue({ no: 5, nextUpdate: '2026-06-01' });
const [head = '', body = '', signature = ''] = good.split('.');

/** Whatever is said of a file is said as the file's fault: an operator can do something about it. */
function expectRefused(file: string, why: string): void {
  expect(() => read(file)).toThrow(new MetadataRefused(why));
}

test('the number of the issue, and the day of the next', () => {
  expect(read(good)).toEqual({ no: 5, nextUpdateAt: Date.UTC(2026, 5, 1), models: new Map() });
});

test('whatever an editor or a download leaves around it', () => {
  expect(read(`\uFEFF\r\n ${good}\r\n`).no).toBe(5);
});

test('R23: three parts, no more and no less, and none empty', () => {
  for (const file of ['', '.', '..', '...', head, `${head}.${body}`, `${good}.`, `${good}.${signature}`])
    expectRefused(file, NOT_FIDO);
  expectRefused(`.${body}.${signature}`, NOT_FIDO);
  expectRefused(`${head}..${signature}`, WRONG_SIGNATURE);
  expectRefused(`${head}.${body}.`, WRONG_SIGNATURE);
});

describe('R23: the certificates in its head', () => {
  const withChain = (x5c: unknown, alg: unknown = 'ES256') =>
    `${Buffer.from(JSON.stringify({ alg, x5c })).toString('base64url')}.${body}.${signature}`;
  const { x5c } = JSON.parse(Buffer.from(head, 'base64url').toString());

  test('can be read, each of them', () => {
    expectRefused(withChain(['AAAA']), UNREADABLE);
    expectRefused(withChain(['']), UNREADABLE);
    expectRefused(withChain([...x5c, 'AAAA']), UNREADABLE);
  });

  test('are there, and are six at most', () => {
    for (const chain of [undefined, 'AAAA', [], [1], Array.from({ length: 7 }, () => x5c[0])])
      expectRefused(withChain(chain), NOT_FIDO);
    expectRefused(withChain(x5c, null), NOT_FIDO);
    // Readable, and led to by the first: what is wrong with it is the signature alone.
    expectRefused(withChain(Array.from({ length: 6 }, () => x5c[0])), WRONG_SIGNATURE);
  });

  test('elsewhere as well: one that cannot be read voids the others', () => {
    expect(certificates(x5c).map(({ subject }) => subject)).toEqual(['CN=mds.fidoalliance.org']);
    expect(() => certificates([...x5c, 'AAAA'])).toThrow(new MetadataRefused(UNREADABLE));
  });
});

describe('R23: its signature', () => {
  const fido = { subject: { CN: 'FIDO' }, hosts: ['mds.fidoalliance.org'], issuer: testRoot } as const;
  const rsa: Certified = certify({ ...fido, keyType: 'rsa' });

  test('is of RSA, as FIDO’s own, or of an elliptic curve; either under its own name', () => {
    expect(read(issue({ by: rsa, alg: 'RS256' })).no).toBe(1);
    expect(read(issue({ by: certify(fido), alg: 'ES256' })).no).toBe(1);
    expectRefused(issue({ by: rsa, alg: 'ES256' }), WRONG_SIGNATURE);
    expectRefused(issue({ by: certify(fido), alg: 'RS256' }), WRONG_SIGNATURE);
    for (const alg of ['none', 'HS256', 'RS384', 'toString', ''])
      expectRefused(issue({ alg }), WRONG_SIGNATURE);
  });

  test('spans head and body', () => {
    const other = issue({ no: 6 }).split('.');
    expectRefused(`${head}.${other[1]}.${signature}`, WRONG_SIGNATURE);
    const { typ: _typ, ...rest } = JSON.parse(Buffer.from(head, 'base64url').toString());
    const shorter = Buffer.from(JSON.stringify(rest)).toString('base64url');
    expectRefused(`${shorter}.${body}.${signature}`, WRONG_SIGNATURE);
  });
});

describe('R23: what FIDO says in it', () => {
  const entry = {
    aaguid: 'CCCCCCCC-0000-4000-8000-00000000000A',
    statusReports: [{ status: 'FIDO_CERTIFIED_L1' }, { status: 'REVOKED', effectiveDate: '2024-01-01' }],
    metadataStatement: { attestationTypes: ['basic_full', 'attca'], attestationRootCertificates: ['AAAA'] },
  };

  test('of a model: how it attests itself, by whom, and all that became of it', () => {
    expect([...read(issue({ entries: [entry] })).models]).toEqual([
      [
        entry.aaguid.toLowerCase(),
        {
          attestationTypes: ['basic_full', 'attca'],
          roots: ['AAAA'],
          statuses: ['FIDO_CERTIFIED_L1', 'REVOKED'],
        },
      ],
    ]);
  });

  test('one entry that can’t be read makes its model unknown, and no other', () => {
    const { statusReports: _reports, ...without } = entry;
    const entries = [
      without,
      { ...entry, aaguid: 1 },
      { ...entry, metadataStatement: {} },
      [],
      { ...entry, aaguid: 'b' },
    ];
    expect([...read(issue({ entries })).models.keys()]).toEqual(['b']);
  });

  test.each<[what: string, wish: Issue]>([
    ['a number below 0', { no: -1 }],
    ['half a number', { no: 1.5 }],
    ['a day that is none', { nextUpdate: '2026-06-31' }],
    ['an hour in place of a day', { nextUpdate: '2026-06-01T00:00:00Z' }],
  ])('not %s', (_what, wish) => {
    expectRefused(issue(wish), NOT_FIDO);
  });
});
