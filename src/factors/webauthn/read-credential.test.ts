import { describe, expect, test } from 'vitest';
import { readAssertion, readAttestation } from './read-credential.ts';

const ANSWER = { id: 'a_-9', rawId: 'a_-9', type: 'public-key' };
const assertion = { clientDataJSON: 'YQ', authenticatorData: 'YQ', signature: 'YQ' };
const attestation = { clientDataJSON: 'YQ', attestationObject: 'YQ' };

const asserted = (change: object = {}, response: object = {}) =>
  readAssertion(JSON.stringify({ ...ANSWER, response: { ...assertion, ...response }, ...change }));
const attested = (change: object = {}, response: object = {}) =>
  readAttestation(JSON.stringify({ ...ANSWER, response: { ...attestation, ...response }, ...change }));

describe('what a browser sends of a key', () => {
  test('what is no answer at all is none', () => {
    for (const text of ['', 'x', 'null', '[]', '{}', '1', '"a"', '{"id":']) {
      expect(readAssertion(text), text).toBeNull();
      expect(readAttestation(text), text).toBeNull();
    }
    expect(asserted()).toMatchObject({ id: 'a_-9', response: assertion });
    expect(attested()).toMatchObject({ id: 'a_-9', response: attestation });
  });

  test('R21: an id has at most 1,023 bytes, in base64url', () => {
    for (const name of ['id', 'rawId'])
      for (const read of [asserted, attested]) {
        expect(read({ [name]: 'a'.repeat(1364) })).not.toBeNull();
        for (const id of ['a'.repeat(1365), '', 'a+b', 'a b', 'a=', '%27', ' a', 'a\n', 7, null])
          expect(read({ [name]: id }), `${name} ${id}`).toBeNull();
      }
  });

  test('every part of it is there, and base64url', () => {
    for (const part of Object.keys(assertion))
      for (const value of [undefined, '', 'a+b', 'a=', 7, null, ['YQ']])
        expect(asserted({}, { [part]: value }), `${part} ${value}`).toBeNull();
    for (const part of Object.keys(attestation))
      for (const value of [undefined, '', 'a+b', 'a=', 7, null, ['YQ']])
        expect(attested({}, { [part]: value }), `${part} ${value}`).toBeNull();
    for (const type of [undefined, '', 'password']) {
      expect(asserted({ type })).toBeNull();
      expect(attested({ type })).toBeNull();
    }
  });

  test('whose it is may be missing, as older keys do, but is nothing else than base64url', () => {
    for (const userHandle of [undefined, null, 'YQ']) expect(asserted({}, { userHandle })).not.toBeNull();
    for (const userHandle of ['', 'a+b', 7]) expect(asserted({}, { userHandle })).toBeNull();
  });

  test('what we do not know beside it does no harm', () => {
    expect(asserted({ authenticatorAttachment: 'platform' }, { more: {} })).not.toBeNull();
    expect(attested({ more: 1 }, { publicKeyAlgorithm: -7 })).not.toBeNull();
  });

  test('how a key is reached is a hint: words of ours, or nothing', () => {
    const transports = (value: unknown) => attested({}, { transports: value })?.response.transports;
    expect(transports(['usb', 'smart-card', 'x'.repeat(20)])).toEqual(['usb', 'smart-card', 'x'.repeat(20)]);
    expect(transports(Array(10).fill('nfc'))).toHaveLength(10);
    for (const odd of [
      undefined,
      null,
      'usb',
      [1],
      [''],
      ['USB'],
      ['a b'],
      ['<b>'],
      ['x'.repeat(21)],
      Array(11).fill('nfc'),
    ])
      expect(transports(odd), `${odd}`).toEqual([]);
  });

  test('whether it can be found without a name is told, or not known', () => {
    const rk = (results: unknown) =>
      attested({ clientExtensionResults: results })?.clientExtensionResults.credProps?.rk;
    expect([rk({ credProps: { rk: true } }), rk({ credProps: { rk: false } })]).toEqual([true, false]);
    for (const odd of [undefined, null, 1, {}, { credProps: {} }, { credProps: { rk: 'yes' } }])
      expect(rk(odd), JSON.stringify(odd)).toBeUndefined();
  });
});
