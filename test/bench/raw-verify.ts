import { verify } from 'node:crypto';
import { type Assertion, readAssertion } from '../../src/factors/webauthn/read-credential.ts';
import type { KeyData } from '../../src/factors/webauthn/rules.ts';
import { verifyAssertion } from '../../src/factors/webauthn/verify.ts';
import { answerOf, challengeOf, publicKeyOf, signedBy } from './keys.ts';
import { keyDataOf } from './seed-factors.ts';

// How many answers of keys one loop verifies in a second, one after the other: node raw-verify.ts SECONDS
// `perSecond` with the product's own verification, which takes `cpu` microseconds; `bare` the signature alone, with a key
// that lies ready.

const seconds = Number(process.argv[2] ?? 5);
const WARM_MS = 500;
const origin = 'http://localhost:3000';

interface Case {
  answer: Assertion;
  challenge: string;
  key: KeyData;
}

const cases = Array.from({ length: 256 }, (_, n): Case => {
  const challenge = challengeOf(n);
  return { answer: readAssertion(answerOf(n, challenge, origin))!, challenge, key: keyDataOf(n) };
});

async function check(n: number): Promise<boolean> {
  const { answer, challenge, key } = cases[n % cases.length]!;
  const expected = { challenge, origin, rpId: key.rpId };
  return (await verifyAssertion(answer, expected, key, { userVerification: true })) !== null;
}

const bareCases = cases.map(({ challenge }, n) => ({
  ...signedBy(n, challenge, origin),
  key: publicKeyOf(n),
}));

function checkBare(n: number): boolean {
  const { signed, key, signature } = bareCases[n % bareCases.length]!;
  return verify('sha256', signed, key, signature);
}

async function rate(once: (n: number) => boolean | Promise<boolean>): Promise<{ rate: number; cpu: number }> {
  const begin = performance.now() + WARM_MS;
  let done = 0;
  let start = process.cpuUsage();
  for (let n = 0, now = 0; now < begin + seconds * 1000; n++, now = performance.now()) {
    if (!(await once(n))) throw new Error(`answer ${n} was refused`);
    if (now > begin) done++;
    else start = process.cpuUsage();
  }
  const { user, system } = process.cpuUsage(start);
  return { rate: (done * 1000) / (performance.now() - begin), cpu: (user + system) / done };
}

const own = await rate(check);
const bare = await rate(checkBare);
console.log(JSON.stringify({ perSecond: own.rate, cpu: own.cpu, bare: bare.rate }));
