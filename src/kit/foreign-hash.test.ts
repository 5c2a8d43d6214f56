import { pbkdf2Sync, scryptSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  asStored,
  foreignText,
  kindOf,
  likenessOf,
  pbkdf2Text,
  readForeignHash,
  scryptText,
} from './foreign-hash.ts';
import { verifyForeignHash } from './verify-foreign-hash.ts';

/** From other implementations: crypt_blowfish, the reference argon2, RFC 7914, RFC 6070, passlib. */
const VECTORS: readonly (readonly [text: string, password: string])[] = [
  ['$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW', 'U*U'],
  ['$2y$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW', 'U*U'],
  ['$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc', 'password'],
  [
    '$scrypt$ln=10,r=8,p=16$TmFDbA$/bq+HJ00cgB4VucZDQHp/nxq18vII3gw53N2Y0s3MWIurzDZLiKjiG/xCSedmDDaxyevuUqD7m2DYMvfoswGQA',
    'password',
  ],
  [
    '$pbkdf2-sha1$i=4096,l=25$c2FsdFNBTFRzYWx0U0FMVHNhbHRTQUxUc2FsdFNBTFRzYWx0$PS7sT+QchJuAyNg2YsDkSospGpZM8vBwOA',
    'passwordPASSWORDpassword',
  ],
  [
    '$pbkdf2-sha256$i=1,l=64$c2FsdA$VawEblbjCJ/sFpHCJUS2BflBhSFt3gRl5oudV8INrLxJypzM8Xm2RZkWZLOdd+8xfHG4RbHjC9UJESBB06GXgw',
    'passwd',
  ],
  ['$pbkdf2-sha256$6400$.6UI/S.nXIk8jcbdHx3Fhg$98jZicV16ODfEsEZeYPGHU3kbrUrvUEXOPimVSQDD44', 'password'],
];

describe('hashes that other systems made', () => {
  test.each(VECTORS)('%s', async (text, password) => {
    expect(readForeignHash(text)).toMatchObject({ kind: expect.any(String) });
    expect(await verifyForeignHash(text, password)).toBe(true);
    expect(await verifyForeignHash(text, `${password}x`)).toBe(false);
  });

  test('base64 with its padding is the same hash', async () => {
    const salt = Buffer.from('a salt of 22 bytes ...');
    const key = scryptSync('right', salt, 32, { N: 1024, r: 8, p: 1 });
    const digest = pbkdf2Sync('right', salt, 1000, 32, 'sha256');
    for (const text of [
      `$scrypt$ln=10,r=8,p=1$${salt.toString('base64')}$${key.toString('base64')}`,
      `$pbkdf2-sha256$i=1000$${salt.toString('base64')}$${digest.toString('base64')}`,
      '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ=$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc=',
    ]) {
      expect(text).toContain('=$');
      const stored = asStored(text);
      expect(
        await verifyForeignHash(
          foreignText(stored) as string,
          text.includes('argon2') ? 'password' : 'right',
        ),
      ).toBe(true);
      expect(await verifyForeignHash(foreignText(likenessOf(stored)) as string, 'right')).toBe(false);
      expect(kindOf(likenessOf(stored))).toBe(kindOf(stored));
    }
  });

  test('what others keep in pieces becomes PHC text', async () => {
    const salt = Buffer.from('a salt of some length');
    const digest = pbkdf2Sync('right', salt, 27_500, 64, 'sha512');
    expect(await verifyForeignHash(pbkdf2Text('sha512', 27_500, salt, digest), 'right')).toBe(true);
    const key = scryptSync('right', salt, 64, { N: 16_384, r: 16, p: 1, maxmem: 64 * 1024 * 1024 });
    expect(await verifyForeignHash(scryptText({ N: 16_384, r: 16, p: 1 }, salt, key), 'right')).toBe(true);
  });

  test('R4: hashed as typed or in the NFKC form, both are found', async () => {
    const salt = Buffer.from('saltsalt');
    const [typed, normal] = ['cafe\u0301 ﬁn', 'caf\u00e9 fin'];
    for (const hashed of [typed, normal]) {
      const text = pbkdf2Text('sha256', 10, salt, pbkdf2Sync(hashed, salt, 10, 32, 'sha256'));
      expect(await verifyForeignHash(text, typed)).toBe(true);
    }
  });

  test.each([
    ['bcrypt', `$2b$15$${'a'.repeat(53)}`],
    ['argon2, memory', `$argon2id$v=19$m=131073,t=1,p=1$${'a'.repeat(22)}$${'a'.repeat(43)}`],
    ['argon2, time', `$argon2id$v=19$m=131072,t=9,p=1$${'a'.repeat(22)}$${'a'.repeat(43)}`],
    ['scrypt, N=2^30', `$scrypt$ln=30,r=8,p=1$${'a'.repeat(22)}$${'a'.repeat(43)}`],
    ['scrypt, p', `$scrypt$ln=4,r=8,p=17$${'a'.repeat(22)}$${'a'.repeat(43)}`],
    ['pbkdf2', `$pbkdf2-sha512$i=2000001$${'a'.repeat(22)}$${'a'.repeat(86)}`],
    ['pbkdf2, blocks', `$pbkdf2-sha1$i=600000$${'a'.repeat(22)}$${'a'.repeat(86)}`],
  ])('R3: too dear to check: %s', async (_what, text) => {
    expect(readForeignHash(text)).toBe('too_dear');
    expect(await verifyForeignHash(text, 'x')).toBe(false);
  });

  test.each([
    ['md5', '5f4dcc3b5aa765d61d8327deb882cf99'],
    ['nothing', ''],
    ['a digest that other passwords would meet', '$pbkdf2-sha256$i=1000$c2FsdHNhbHQ$YWFhYQ'],
    ['no salt', `$pbkdf2-sha256$i=1000$YQ$${'a'.repeat(43)}`],
    ['a wrong length', `$pbkdf2-sha256$i=1000,l=16$c2FsdHNhbHQ$${'a'.repeat(43)}`],
    ['a line break behind it', `$2b$10$${'a'.repeat(53)}\n`],
    ['sha512crypt', '$6$rounds=5000$saltsalt$abc'],
  ])('not read: %s', (_what, text) => {
    expect(readForeignHash(text)).toBe('unknown');
  });

  test('R55: its likeness costs the same and is nobody’s', async () => {
    for (const [text, password] of VECTORS) {
      const stored = asStored(text);
      const likeness = likenessOf(stored);
      expect(kindOf(likeness)).toBe(kindOf(stored));
      expect(likeness).not.toBe(stored);
      expect(likeness).toHaveLength(stored.length);
      expect(readForeignHash(foreignText(likeness) as string)).toMatchObject({ kind: expect.any(String) });
      expect(await verifyForeignHash(foreignText(likeness) as string, password)).toBe(false);
    }
  });
});
