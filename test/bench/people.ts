import { createHash, createHmac, type KeyObject } from 'node:crypto';

// Everything about person number n follows from n, so that the seed, the floor and the load agree without a list.

export const password = 'a lantern over nine quiet harbours';

export const emailOf = (n: number): string => `person-${n}@bench.example`;

export const derive = (what: string, n: number): Buffer =>
  createHash('sha256').update(`${what} ${n}`).digest();

/** 128 bits, as every id of the product; part of what a passkey answers follows from it. */
export const accountIdOf = (n: number): string => derive('account', n).toString('hex', 0, 16);

export const secretOf = (n: number): Buffer => derive('totp', n).subarray(0, 20);

/** What person n's browser holds: 256 bits, base64url. Only their SHA-256 is in a database. */
export const pendingTokenOf = (n: number): string => derive('pending', n).toString('base64url');
export const sessionTokenOf = (n: number): string => derive('session', n).toString('base64url');
/** For the cookie of the protected host. */
export const hostTokenOf = (n: number): string => derive('host', n).toString('base64url');
export const PROTECTED_ORIGIN = 'https://wiki.bench.example';
/** Says that this browser has signed person n in before, as most sign-ins come from one. */
export const browserTokenOf = (n: number): string => derive('browser', n).toString('base64url');

/** The app that everybody uses, and what it holds of person n. */
export const app = {
  id: 'bench',
  secret: derive('app', 0).toString('base64url'),
  verifier: derive('verifier', 0).toString('base64url'),
  redirectUri: 'https://app.example.org/callback',
};
export const codeForAppOf = (n: number): string => derive('code', n).toString('base64url');
export const accessTokenOf = (n: number): string => derive('access', n).toString('base64url');

/** Every one is a mobile number of the Spanish plan. */
export const phoneOf = (n: number): string => `+346${String(n).padStart(8, '0')}`;

/** The six digits of RFC 6238 at a time step of 30 s, with SHA-1. */
export function codeAt(secret: Uint8Array | KeyObject, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', secret).update(counter).digest();
  const number = mac.readUInt32BE(mac[19]! & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, '0');
}

export const stepAt = (now: number): number => Math.floor(now / 30_000);

export const codeOf = (n: number): string => codeAt(secretOf(n), stepAt(Date.now()));
