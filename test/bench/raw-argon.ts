import { verify } from '@node-rs/argon2';
import { cores, hashPassword } from './argon.ts';
import { password } from './people.ts';

// How many argon2id hashes a second all cores make when nobody does anything else: node raw-argon.ts SECONDS

const seconds = Number(process.argv[2] ?? 5);
const stored = await hashPassword(password);
const start = performance.now();
const end = start + seconds * 1000;
let hashes = 0;
let last = start;

async function lane(): Promise<void> {
  while (performance.now() < end) {
    await verify(stored, password);
    hashes++;
    last = performance.now();
  }
}

await Promise.all(Array.from({ length: cores }, lane));
console.log(JSON.stringify({ perSecond: (hashes * 1000) / (last - start) }));
