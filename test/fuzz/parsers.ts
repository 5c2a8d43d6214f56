import { Buffer } from 'node:buffer';
import { readAddress } from '../../src/accounts/address.ts';
import { otpauthUri } from '../../src/factors/totp/rules.ts';
import { normalizeCode } from '../../src/factors/typed-code.ts';
import { readAssertion, readAttestation } from '../../src/factors/webauthn/read-credential.ts';
import { verifyAttestation } from '../../src/factors/webauthn/verify.ts';
import { readAppSecret } from '../../src/import/app-secret.ts';
import { signJwt, verifyJwt } from '../../src/kit/jwt.ts';
import { newSigningKey } from '../../src/kit/key-pair.ts';
import { COOKIES } from '../../src/web/cookie-names.ts';
import { readCookies } from '../../src/web/cookies.ts';
import { safeReturnTo } from '../../src/web/return-to.ts';
import { Authenticator, ORIGIN } from '../kit/authenticator.ts';
import type { Target } from './guided.ts';

/** A property that does not hold. */
function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

const text = (input: Buffer) => input.toString('utf8');
const TOKEN = 'a'.repeat(43);

const cookies: Target = {
  name: 'cookies',
  scripts: /web\/cookies/,
  seeds: [
    `session=${TOKEN}; pending=${TOKEN}`,
    `__Host-session=${TOKEN};browser=x~y.z-_`,
    'session=a; session=b',
    ' session = a ; =; ;;; trusted="quoted"',
  ],
  run(input) {
    for (const secure of [true, false]) {
      const found = readCookies(text(input), secure);
      for (const [name, value] of Object.entries(found)) {
        must((COOKIES as readonly string[]).includes(name), `a cookie that is not ours: ${name}`);
        must(value === undefined || /^[\w.~-]{1,2000}$/.test(value), 'a value that no cookie of ours has');
        const sent = text(input)
          .split(';')
          .filter(
            (part) => part.includes('=') && part.split('=')[0]?.trim() === (secure ? `__Host-${name}` : name),
          );
        must(value === undefined || sent.length === 1, 'a cookie that was sent twice was believed');
      }
    }
  },
};

const address: Target = {
  name: 'e-mail address',
  scripts: /accounts\/address/,
  seeds: [
    'ann@example.org',
    'Ann+x@EXAMPLE.org.',
    'é@bücher.example',
    'a@[127.0.0.1]',
    'a＠b.org',
    '"a"@b',
    'a@%6d.x',
  ],
  run(input) {
    const found = readAddress(text(input));
    if (!found) return;
    must(/^[^\s@,;<>"()[\]\\]+@[a-z0-9.-]+$/.test(found.key), `an odd key: ${found.key}`);
    must(found.address.split('@').length === 2, 'two addresses in one');
    const again = readAddress(found.address);
    must(again?.key === found.key, `normalising twice changes it: ${found.key} -> ${again?.key}`);
    must(readAddress(found.key)?.key === found.key, 'a key that is no address');
  },
};

const KEY = await newSigningKey('ES256');
const SIGNED = signJwt(KEY, 'logout+jwt', { sub: 'ann', exp: 2_000_000_000 });
const jwt: Target = {
  name: 'JWT',
  scripts: /kit\/jwt/,
  seeds: [
    SIGNED,
    `${Buffer.from('{"alg":"none"}').toString('base64url')}.${SIGNED.split('.')[1]}.`,
    `${Buffer.from(JSON.stringify({ alg: 'HS256', kid: KEY.kid })).toString('base64url')}.e30.${'A'.repeat(86)}`,
    `${SIGNED}.x`,
    '..',
    'null.null.null',
  ],
  run(input) {
    const token = text(input);
    const claims = verifyJwt([KEY], token);
    if (claims === null) return;
    // Base64url has spare bits and ignores what is none of it: only what says the same may pass.
    const [head, body] = token.split('.');
    const [ownHead, ownBody] = SIGNED.split('.');
    must(head === ownHead && body === ownBody, `a token that was not signed passes: ${token}`);
  },
};

const EXPECTED = { challenge: 'Y2hhbGxlbmdl', origin: ORIGIN, rpId: 'localhost' };
const authenticator = new Authenticator();
const CREATED = JSON.parse(
  authenticator.create({ challenge: EXPECTED.challenge, rp: { id: 'localhost' }, user: { id: 'YW5u' } }),
);
const attestation = Buffer.from(CREATED.response.attestationObject, 'base64url');

/** The mutated bytes stand in an answer that is right in everything else. */
const cbor: Target = {
  name: 'CBOR of a new key',
  scripts: /webauthn\/(verify|public-key|read)|simplewebauthn\/server|tiny-cbor/,
  seeds: [
    attestation,
    Buffer.from('a0', 'hex'),
    Buffer.from('bf616180ff', 'hex'),
    Buffer.from('9f9f9f9f', 'hex'),
  ],
  async run(input) {
    const credential = structuredClone(CREATED);
    credential.response.attestationObject = input.toString('base64url') || 'AA';
    const read = readAttestation(JSON.stringify(credential));
    if (!read) return;
    const found = await verifyAttestation(read, EXPECTED, { attested: input.length % 2 === 0 });
    must(found === null || found.id === authenticator.id, 'another id than the one that was sent');
  },
};

const credential: Target = {
  name: 'credential (JSON)',
  scripts: /webauthn\/read/,
  seeds: [
    JSON.stringify(CREATED),
    authenticator.get({ challenge: EXPECTED.challenge }),
    '{"id":"a","rawId":"a","type":"public-key","response":{"__proto__":{}}}',
  ],
  run(input) {
    for (const found of [readAssertion(text(input)), readAttestation(text(input))]) {
      if (found) must(/^[\w-]{1,1364}$/.test(found.id), 'an id that is none');
    }
    must(!('polluted' in {}), 'a prototype was changed');
  },
};

const otpauth: Target = {
  name: 'otpauth and app secrets',
  scripts: /import\/app-secret|totp\/rules|kit\/encoding/,
  seeds: [
    'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
    'jbsw y3dp====',
    'Ann Example',
    'brand:ann@example.org',
    '%3A&issuer=Evil',
  ],
  run(input) {
    const some = text(input);
    const secret = readAppSecret({
      secret: some,
      encoding: 'base32',
      digits: 6,
      period: 30,
      algorithm: 'SHA1',
      label: '',
    });
    if (Buffer.isBuffer(secret)) must(secret.length >= 10 && secret.length <= 128, 'a secret of odd length');
    if (!some.isWellFormed() || some.includes(':')) return;
    // What stands in a name or an address must not become a parameter of the link.
    const url = new URL(otpauthUri(some, `${some}@example.org`, 'JBSWY3DP'));
    must(url.searchParams.getAll('secret').join() === 'JBSWY3DP', 'a second secret');
    must(url.searchParams.getAll('issuer').join() === some, 'another issuer');
    must([...url.searchParams.keys()].length === 5, 'a parameter of somebody else');
  },
};

const typedCode: Target = {
  name: 'typed code',
  scripts: /factors\/typed-code/,
  seeds: ['123456', ' 123 456 ', '１２３４５６', '12345', '1e5000', '123-456', '٣٤٥٦٧٨'],
  run(input) {
    const code = normalizeCode(text(input));
    must(code === null || /^\d{6}$/.test(code), `no six digits: ${code}`);
  },
};

const returnTo: Target = {
  name: 'return_to',
  scripts: /web\/return-to/,
  seeds: [
    '/account?x=1#y',
    '//evil.example',
    '/\\evil',
    '/./%2f/evil',
    '/a/..//evil',
    'https://evil.example',
    '/@evil',
  ],
  run(input) {
    const found = safeReturnTo(text(input));
    const url = new URL(found, 'http://localhost:3000');
    must(url.origin === 'http://localhost:3000', `leads away: ${found}`);
    must(/^\/(?!\/)/.test(found) && !/[\\\s]/.test(found), `may lead away: ${found}`);
  },
};

export const PARSERS: readonly Target[] = [
  cookies,
  address,
  jwt,
  cbor,
  credential,
  otpauth,
  typedCode,
  returnTo,
];
