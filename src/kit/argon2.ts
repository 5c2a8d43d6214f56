import { createRequire } from 'node:module';

type Argon2 = typeof import('@node-rs/argon2');

let loaded: Argon2 | undefined;

/** Machine code, loaded with the first hash or soon after a start: the first page needs none, and would wait 8 ms. */
export function argon2(): Argon2 {
  loaded ??= createRequire(import.meta.url)('@node-rs/argon2') as Argon2;
  return loaded;
}
