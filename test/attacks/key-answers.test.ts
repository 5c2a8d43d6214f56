import { afterAll, beforeAll, expect, test } from 'vitest';
import { countOf, halfSignedIn, sessionOf, somebodyProtected } from '../kit/attack-kit.ts';
import { Authenticator, type Twist } from '../kit/authenticator.ts';
import { type House, openHouse } from '../kit/house.ts';
import {
  addKey,
  answerKey,
  askedAtFactor,
  expectRefused,
  KEY_REFUSED,
  keyRow,
  optionsOf,
  PASSKEY_REFUSED,
  triesOf,
  usePasskey,
  withKey,
} from '../kit/keys.ts';

const KEYS = '/account/security/keys';

/** One field of the answer each (R18); what a browser never sends, or only for another page, person or key. */
const MUTATIONS: readonly (readonly [string, Twist])[] = [
  ['the type of a registration', { type: 'webauthn.create' }],
  ['a challenge of its own', { challenge: Buffer.alloc(32, 7).toString('base64url') }],
  ['an empty challenge', { challenge: '' }],
  ['another origin', { origin: 'https://evil.example' }],
  ['our origin on another port', { origin: 'http://localhost:3001' }],
  ['our origin with a path', { origin: 'http://localhost:3000/' }],
  ['a frame in another page', { crossOrigin: true }],
  ['a frame in a page that is named', { crossOrigin: true, topOrigin: 'https://evil.example' }],
  ['a top origin alone', { topOrigin: 'http://localhost:3000' }],
  ['another relying party', { rpId: 'evil.example' }],
  ['nobody present', { up: false }],
  ['backed up but not eligible', { bs: true }],
  ['suddenly eligible for backup', { be: true }],
  ['the signature of another key', { bogusSignature: true }],
  ['authenticator data cut short', { cut: 1 }],
  ['authenticator data cut to nothing', { cut: 37 }],
  ['another credential id', { id: Buffer.alloc(32, 9).toString('base64url') }],
  ['an id of 1,024 bytes', { id: Buffer.alloc(1024, 9).toString('base64url') }],
  ['a raw id that differs', { rawId: Buffer.alloc(32, 9).toString('base64url') }],
  ['another credential type', { credentialType: 'password' }],
  ['another user handle', { userHandle: Buffer.alloc(32, 9).toString('base64url') }],
];

/** What isn't even the shape of an answer. */
const GARBAGE = [
  '',
  ' ',
  'null',
  '[]',
  '{}',
  'true',
  '"x"',
  '{',
  '{"id":"a","rawId":"a","type":"public-key","response":null}',
  '{"id":"a","rawId":"a","type":"public-key","response":{"clientDataJSON":"AA","authenticatorData":"AA","signature":"AA"}}',
  `{"x":"${'y'.repeat(17_000)}"}`,
];

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

test.each(MUTATIONS)(
  'A32, R18: %s is refused at the second step, with one sentence and for one try',
  async (_name, twist) => {
    const { person, key } = await withKey(house);
    const browser = await halfSignedIn(house, person);
    expectRefused(await answerKey(browser, key, twist), KEY_REFUSED);
    expect(await triesOf(house, browser)).toBe(1);
    expect(await sessionOf(house, browser)).toBeNull();
    expect((await keyRow(house, key))?.suspended_at).toBeNull();
    // The challenge of the wrong answer is gone; the page that says so brought a new one.
    expect((await answerKey(browser, key)).location).toBe('/');
  },
);

test.each([
  ...MUTATIONS,
  ['no user verification', { uv: false }],
  ['no user handle', { userHandle: null }],
] as const)('A32, R18, R19: %s is refused as a passkey', async (_name, twist) => {
  const { key } = await withKey(house);
  const browser = house.browser();
  const answer = await usePasskey(browser, key, twist);
  expectRefused(answer, PASSKEY_REFUSED);
  expect(browser.cookies.has('session')).toBe(false);
  const options = optionsOf(answer, '/sign-in/passkey');
  expect((await browser.post('/sign-in/passkey', { credential: key.get(options) })).location).toBe('/');
});

test.each([
  ...MUTATIONS.filter(
    ([, { type, id, bogusSignature, be, userHandle }]) =>
      !type && !id && !bogusSignature && !be && !userHandle,
  ),
  ['the type of a sign-in', { type: 'webauthn.get' }],
  ['an algorithm that we did not ask for', { alg: -47 }],
  ['an attestation with certificates', { format: 'fido-u2f' }],
  ['an attestation of no known format', { format: 'x' }],
] as const)('A32, R18: %s is refused at registration', async (_name, twist) => {
  const { person, browser } = await somebodyProtected(house);
  const answer = await addKey(browser, new Authenticator(), {}, twist);
  expectRefused(answer, 'The key was not added');
  expect(await countOf(house, 'factor', person)).toBe(1);
});

test('A12, A32: what is no answer at all costs a try each, checks nothing and breaks nothing', async () => {
  const { person, browser: own, key } = await withKey(house);
  let browser = await halfSignedIn(house, person);
  for (const [nth, credential] of GARBAGE.entries()) {
    if (nth % 5 === 0) browser = await halfSignedIn(house, person);
    expectRefused(await browser.post('/sign-in/factor/webauthn', { credential }), KEY_REFUSED);
    expect(await triesOf(house, browser)).toBe((nth % 5) + 1);
    expect((await house.browser().post('/sign-in/passkey', { credential })).status).toBe(422);
    expect((await own.post(KEYS, { credential })).status).toBe(422);
  }
  const fresh = await halfSignedIn(house, person);
  const right = encodeURIComponent(key.get(await askedAtFactor(fresh)));
  expectRefused(
    await fresh.post('/sign-in/factor/webauthn', `credential=${right}&credential=${right}`),
    KEY_REFUSED,
  );
  expectRefused(await fresh.post('/sign-in/factor/webauthn', ''), KEY_REFUSED);
  expect(await triesOf(house, fresh)).toBe(2);
});
