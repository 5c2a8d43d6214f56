import { describe, expect, test } from 'vitest';
import { type Certified, certify } from '../../../../test/kit/certificates.ts';
import { leadsTo } from './certificate-path.ts';

const now = Date.UTC(2026, 4, 3);
const leads = (anchors: readonly Certified[], path: readonly Certified[], at = now) =>
  leadsTo(
    anchors.map(({ certificate }) => certificate),
    path.map(({ certificate }) => certificate),
    at,
  );
const authority = (CN: string, issuer?: Certified, wish = {}) =>
  certify({ subject: { CN }, ca: true, ...(issuer && { issuer }), ...wish });

const root = authority('Root');
const foreign = authority('Foreign');
const key = certify({ subject: { CN: 'Key' }, issuer: root });

test('to the anchor that signed it, or that it is itself', () => {
  expect(leads([root], [key])).toBe(true);
  expect(leads([key], [key])).toBe(true);
  expect(leads([foreign], [key])).toBe(false);
  expect(leads([root], [])).toBe(false);
  expect(leads([], [key])).toBe(false);
});

test('one anchor of several is enough, wherever it stands', () => {
  expect(leads([root, foreign], [key])).toBe(true);
  expect(leads([foreign, root], [key])).toBe(true);
});

describe('R23: by name and by signature', () => {
  // Everybody may call a certificate of their own like the root, and name the root’s key under another name.
  const impostor = authority('Root');
  const renamed = { ...root, subject: foreign.subject };

  test('the anchor', () => {
    expect(leads([root], [certify({ subject: { CN: 'Key' }, issuer: impostor })])).toBe(false);
    expect(leads([root], [certify({ subject: { CN: 'Key' }, issuer: renamed })])).toBe(false);
  });

  test('whoever stands between', () => {
    const between = authority('Between', root);
    const same = certify({ subject: { CN: 'Key' }, issuer: authority('Between') });
    const other = certify({ subject: { CN: 'Key' }, issuer: { ...between, subject: foreign.subject } });
    const right = certify({ subject: { CN: 'Key' }, issuer: between });
    expect(leads([root], [right, between])).toBe(true);
    expect(leads([root], [same, between])).toBe(false);
    expect(leads([root], [other, between])).toBe(false);
  });
});

test('R23: whoever stands between is an authority', () => {
  const leaf = certify({ subject: { CN: 'Leaf' }, issuer: root });
  expect(leads([root], [certify({ subject: { CN: 'Key' }, issuer: leaf }), leaf])).toBe(false);
});

describe('R23: from the first second of its time to the last', () => {
  const first = Date.UTC(2025, 0, 1);
  const last = Date.UTC(2027, 11, 31, 23, 59, 59);
  const brief = { from: 2025, until: 2027 };
  const between = authority('Between', root, brief);
  const anchor = authority('Anchor', undefined, brief);
  const paths: [what: string, anchors: Certified[], path: Certified[]][] = [
    ['the certificate', [root], [certify({ subject: { CN: 'Key' }, issuer: root, ...brief })]],
    ['one between', [root], [certify({ subject: { CN: 'Key' }, issuer: between }), between]],
    ['the anchor', [anchor], [certify({ subject: { CN: 'Key' }, issuer: anchor })]],
  ];
  test.each(paths)('%s', (_what, anchors, path) => {
    expect(leads(anchors, path, first - 1)).toBe(false);
    expect(leads(anchors, path, first)).toBe(true);
    expect(leads(anchors, path, last)).toBe(true);
    expect(leads(anchors, path, last + 1)).toBe(false);
  });
});

test('R23: six certificates at most, whoever signed the seventh', () => {
  const chain = [authority('1', root)];
  for (const CN of ['2', '3', '4', '5', '6', '7']) chain.unshift(authority(CN, chain[0]));
  expect(leads([root], chain.slice(1))).toBe(true);
  expect(leads([root], chain)).toBe(false);
});
